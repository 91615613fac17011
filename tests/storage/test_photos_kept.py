"""What is kept of a photo."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops
from PIL.ExifTags import IFD, Base

from storage.photos import MOST_PIXELS, NoPictureError, TooManyPixelsError, bare
from tests.photos import MAKER, ON_ITS_SIDE, photo


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("MPO", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")],
)
def test_nothing_tells_where_and_by_what_it_was_taken(kind: str, mode: str):
    """Place and device are gone, how to turn it stays, and it still looks the same."""
    taken = photo(kind, mode=mode)
    assert MAKER.encode() in taken
    kept = bare(taken)
    assert MAKER.encode() not in kept
    before, after = Image.open(BytesIO(taken)), Image.open(BytesIO(kept))
    assert dict(after.getexif()) == {Base.Orientation: ON_ITS_SIDE}
    assert after.getexif().get_ifd(IFD.GPSInfo) == {}
    assert (after.size, after.mode) == (before.size, before.mode)
    seen = ImageChops.difference(before.convert("L"), after.convert("L"))
    assert seen.point(lambda step: 255 if step >= 16 else 0).getbbox() is None


def test_a_word_beside_the_picture_goes_too():
    """A JPEG can carry a comment, a PNG a text."""
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", comment=MAKER.encode())
    assert MAKER.encode() not in bare(out.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_only_begins_like_a_picture_is_none(kind: str):
    """Cut off, or nothing behind its first bytes."""
    whole = photo(kind, (400, 300))
    for data in (whole[: len(whole) // 2], whole[:12], whole[:12] + b"<script>" * 50):
        with pytest.raises(NoPictureError):
            bare(data)


@pytest.mark.parametrize("times", [1.1, 2, 9])
def test_a_picture_that_would_fill_the_memory_is_refused(times: float):
    """A small file can hold a very large picture."""
    side = int((MOST_PIXELS * times) ** 0.5)
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with pytest.raises(TooManyPixelsError):
        bare(out.getvalue())
