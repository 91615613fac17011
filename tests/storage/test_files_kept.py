"""Files that people send."""

import asyncio
from pathlib import Path

import fsspec
import pytest
from fsspec import AbstractFileSystem
from hypothesis import given
from hypothesis import strategies as st

from storage.files import LARGEST, MEDIA_TYPES, FileRefusedError, Files
from storage.places import Distant, Folder, open_place
from tests.photos import MAKER, photo

JPEG = photo()


@pytest.fixture(params=["", "file://{folder}/files", "memory://{folder}"], ids=["folder", "file", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path):
    """Every place keeps the same: the folder that is meant when nobody says anything, and what a URL names."""
    return Files(open_place(request.param.format(folder=tmp_path), tmp_path / "files"))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (photo("PNG"), "image/png"),
        (photo("WEBP"), "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
    ],
)
async def test_a_file_comes_back_as_what_it_is(files: Files, data: bytes, media_type: str):
    """Content and type, by content alone."""
    kept = await files.keep("owner:O-1", data)
    found = await files.read(kept.ref)
    assert found is not None
    assert found[1] == kept.media_type == media_type
    assert len(found[0]) == kept.size
    assert found[0][:3] == data[:3]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        *((b"", "empty"), (b"MZ", "type"), (b"<svg/>", "type"), (JPEG + b"0" * LARGEST, "large")),
        *((JPEG[:200], "type"), (photo("PNG", (9000, 9000), "1"), "large")),
    ],
)
async def test_what_is_not_kept_says_why(files: Files, data: bytes, why: str):
    """Nothing, something else, too much."""
    with pytest.raises(FileRefusedError, match=why):
        await files.keep("owner:O-1", data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_lies_there_without_its_place(files: Files, kind: str):
    """Nobody who reads the folder, or a backup of it, learns where and by which phone it was taken."""
    kept = await files.keep("owner:O-1", photo(kind))
    found = await files.read(kept.ref)
    assert found is not None
    assert MAKER.encode() not in found[0]


class _Elsewhere(AbstractFileSystem):  # type: ignore[misc]
    """A place that cannot be reached, whose library has errors of its own."""

    def exists(self, path, **kwargs):
        raise RuntimeError("endpoint")

    def cat_file(self, path, start=None, end=None, **kwargs):
        raise RuntimeError("endpoint")


async def test_a_place_that_cannot_be_reached_says_so_in_one_way():
    """So that what a person sent is tried again, whatever keeps the files."""
    files = Files(Distant(_Elsewhere(), "bucket"))
    kept = f"{'0' * 24}/{'0' * 40}.pdf"
    for what in (files.keep("owner:O-1", JPEG), files.read(kept), files.remove(kept), files.forget("owner:O-1")):
        with pytest.raises(OSError, match="RuntimeError"):
            await what


async def test_one_file_goes_and_no_other(files: Files):
    """And what is gone already is no error; what is no reference of ours removes nothing."""
    mine, other = await files.keep("owner:O-1", JPEG), await files.keep("owner:O-1", b"%PDF-1.7")
    for _ in range(2):
        await files.remove(mine.ref)
    await files.remove(other.ref.partition("/")[0])
    assert await files.read(mine.ref) is None
    assert await files.read(other.ref) is not None


async def test_the_same_photo_is_one_file(files: Files):
    """Sent twice it lies there once; another person's is another file."""
    first, second = await files.keep("owner:O-1", JPEG), await files.keep("owner:O-1", JPEG)
    other = await files.keep("owner:O-2", JPEG)
    assert first.ref == second.ref != other.ref


async def test_the_same_file_twice_at_once_is_no_trouble(files: Files):
    """A double press sends everything twice in the same moment."""
    document = b"%PDF-1.7" + b"0" * 1_000_000
    kept = await asyncio.gather(*(files.keep("owner:O-1", document) for _ in range(12)))
    assert len({one.ref for one in kept}) == 1
    assert await files.read(kept[0].ref) == (document, "application/pdf")


async def test_what_one_person_sent_goes_with_them(files: Files):
    """Forgetting takes all of theirs and nothing else; forgetting nobody is no error."""
    mine, other = await files.keep("owner:O-1", JPEG), await files.keep("owner:O-2", JPEG)
    await files.forget("owner:O-1")
    await files.forget("owner:O-3")
    assert await files.read(mine.ref) is None
    assert await files.read(other.ref) is not None
    assert files.belongs_to("owner:O-2", other.ref)
    assert not files.belongs_to("owner:O-1", other.ref)


@given(ref=st.text(max_size=90))
async def test_no_text_is_a_way_to_another_file(ref: str, tmp_path_factory):
    """Only what we handed out leads anywhere."""
    files = Files(Folder(tmp_path_factory.getbasetemp()))
    assert await files.read(ref) is None


@given(data=st.binary(max_size=64))
async def test_whatever_is_sent_it_is_kept_or_refused(data: bytes, tmp_path_factory):
    """Never anything else."""
    files = Files(Folder(tmp_path_factory.getbasetemp() / "any"))
    try:
        kept = await files.keep("owner:O-1", data)
    except FileRefusedError:
        return
    assert kept.media_type in MEDIA_TYPES.values()
    assert await files.read(kept.ref) == (data, kept.media_type)


async def test_half_a_file_is_written_again(tmp_path: Path):
    """The line to the place broke in the middle: what lies there is not taken for the file."""
    place = open_place(f"memory://{tmp_path}", tmp_path)
    files = Files(place)
    ref = (await files.keep("owner:O-1", JPEG)).ref
    whole = place.read(ref)
    fsspec.filesystem("memory").pipe_file(f"{tmp_path}/{ref}", JPEG[:100])
    await files.keep("owner:O-1", JPEG)
    assert place.read(ref) == whole
