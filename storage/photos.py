"""A photo as a picture alone: where, when and by which device it was taken, which phones write into it, is not kept.

It is written anew by Pillow, which also makes sure that it is a picture at all; how it is to be turned stays with it.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile, get_sampling
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MOST_PIXELS = 64_000_000  # three bytes of memory each
PICTURES = [kind.format for kind in (JpegImageFile, PngImageFile, WebPImageFile) if kind.format]


class NoPictureError(ValueError):
    """It begins like a picture, and is none."""


class TooManyPixelsError(ValueError):
    """A picture that would take more memory than one picture may."""


def bare(data: bytes) -> bytes:
    """The same picture in the same format, without anything beside it. Raises NoPictureError or TooManyPixelsError."""
    try:
        with Image.open(BytesIO(data), formats=PICTURES) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise TooManyPixelsError
            return _written(photo)
    except (TooManyPixelsError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError from error
    except Exception as error:  # whatever a broken picture makes of its reader
        raise NoPictureError from error


def _written(photo: ImageFile.ImageFile) -> bytes:
    turned = photo.getexif().get(Base.Orientation)
    kept = Image.Exif()
    if turned:
        kept[Base.Orientation] = turned
    name, how = HOW[photo.format or ""]
    out = BytesIO()
    colours = photo.info.get("icc_profile")
    photo.save(out, name, exif=kept.tobytes() if turned else b"", icc_profile=colours, **how(photo))
    return out.getvalue()


def _as_fine(photo: ImageFile.ImageFile) -> Mapping[str, Any]:
    """As fine as the camera wrote it, so that next to nothing is lost."""
    assert isinstance(photo, JpegImageFile)
    sampling = get_sampling(photo)
    return {"comment": b"", "qtables": photo.quantization} | ({"subsampling": sampling} if sampling >= 0 else {})


HOW: Mapping[str, tuple[str, Callable[[ImageFile.ImageFile], Mapping[str, Any]]]] = {
    "JPEG": ("JPEG", _as_fine),
    "MPO": ("JPEG", _as_fine),  # further pictures behind the first, as many phones write it: only that one is kept
    "PNG": ("PNG", lambda photo: {}),
    "WEBP": ("WEBP", lambda photo: {"quality": 90}),
}
