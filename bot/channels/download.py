"""A file that lies at a platform, fetched no further than it may be long."""

from contextlib import AbstractAsyncContextManager

import aiohttp


async def downloaded(request: AbstractAsyncContextManager[aiohttp.ClientResponse], limit: int) -> tuple[int, bytes]:
    """Status and bytes; of a file longer than ``limit``, more than ``limit`` of them. Raises OSError."""
    try:
        async with request as response:
            read = bytearray()
            async for chunk in response.content.iter_any():
                read += chunk
                if len(read) > limit:
                    break
            return response.status, bytes(read)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OSError(f"file: {type(error).__name__}") from None
