"""A process that is told to end does end, whatever its libraries make of it."""

import asyncio

import pytest

from storage.ending import end


async def stubborn(breaks: int, heard: asyncio.Queue[int]) -> None:
    """Goes on for ever, and keeps so many breaks to itself."""
    for number in range(breaks + 1):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await heard.put(number)
            if number == breaks:
                raise


@pytest.mark.parametrize("breaks", [0, 1, 3])
async def test_what_keeps_a_break_to_itself_is_broken_off_again(breaks: int):
    """A worker was told to end while its library answered Redis: it went on for ever, and so did who waited for it."""
    heard: asyncio.Queue[int] = asyncio.Queue()
    tasks = [asyncio.create_task(stubborn(each, heard)) for each in (breaks, 0)]
    await asyncio.sleep(0)  # both are under way
    await end(*tasks, again=0)
    assert all(task.cancelled() for task in tasks)
    assert heard.qsize() == breaks + 2


async def test_what_is_over_is_left_as_it_ended():
    async def broken() -> None:
        raise OSError

    task = asyncio.create_task(broken())
    await asyncio.wait({task})
    await end(task)
    assert isinstance(task.exception(), OSError)
