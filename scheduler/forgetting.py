"""What has outlived its period goes, a bounded batch a round: words, codes, ids, and the data of people who left."""

from datetime import datetime

from scheduler.post import Post
from storage.commit import commit
from storage.expiry import forget_words
from storage.households import lock_houses
from storage.letter_batches import forget_batch_files
from storage.retention import (
    SOLD,
    farewell,
    file_gone,
    handed_before,
    houses_ever,
    is_done,
    left_before,
    let_go,
    printed_before,
    uploaded_before,
)
from storage.uploads import forget_uploads

FAREWELLS = 20  # people in one round: each takes a walk through all that was said with them


async def forget(post: Post, now: datetime) -> None:
    """One batch of everything. What is done with is not looked for again on the same day."""
    await _forget_printed(post, now)
    async with post.store.write() as connection:
        await forget_words(connection, now - post.words_live)
        if await is_done(connection, now):
            return
        left = await left_before(connection, now, FAREWELLS)
        await let_go(connection, now)
    await _forget_files(post, now)
    await _forget_uploads(post, now)
    for person_id, why in left:
        await _forget_person(post, person_id, why, now)


async def _forget_files(post: Post, now: datetime) -> None:
    """Files that somebody else keeps for the owner. They go before the rows: broken off, it is all done once more.

    What an owner has just wished to keep is looked for once its house is locked.
    """
    if post.files is None:
        return
    async with post.store.write() as connection:
        over = await handed_before(connection, now)
        await lock_houses(connection, {house_id for house_id, _ in over})
        still = await handed_before(connection, now) if over else []
        gone = [each for each in over if each in still]
        for _, ref in gone:
            await post.files.remove(ref)
        await commit(connection, post.store.pins, [file_gone(*each, now) for each in gone], now)


async def _forget_uploads(post: Post, now: datetime) -> None:
    """What a submitter has uploaded to be looked at and taken in. The files go before the rows."""
    if post.files is None:
        return
    async with post.store.write() as connection:
        over = [ref for _, ref in await uploaded_before(connection, now)]
        for ref in over:
            await post.files.remove(ref)
        await forget_uploads(connection, over)


async def _forget_printed(post: Post, now: datetime) -> None:
    """In every round: whoever is erased is to stand in no printed letter either. The files go before the rows."""
    if post.files is None:
        return
    async with post.store.read() as connection:
        over = await printed_before(connection, now)
    for batch in over:
        await post.files.remove(batch.pdf)
        await post.files.remove(batch.list)
    if over:
        async with post.store.write() as connection:
            await forget_batch_files(connection, [batch.id for batch in over])


async def _forget_person(post: Post, person_id: str, why: str, now: datetime) -> None:
    """Files go before the rows: broken off in between, it is all done once more."""
    if post.files is not None and why == SOLD:  # while a house is theirs, its photos show what was done there
        await post.files.forget(person_id)
    async with post.store.write() as connection:
        houses = await houses_ever(connection, person_id)
        await lock_houses(connection, set(houses))
        if (person_id, why) in await left_before(connection, now):  # they may have come back just now
            await commit(connection, post.store.pins, farewell(person_id, why, houses), now)
