"""The application on loopback, for a real browser."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI


@asynccontextmanager
async def on_loopback(app: FastAPI) -> AsyncIterator[str]:
    """Where it is reached."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, access_log=False, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    # Not serve(): that would take the signals of the whole test run.
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
