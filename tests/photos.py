"""Photos as phones take them: with the place, the device and the way the phone was held written into them."""

from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

MAKER = "ACME Phone"
ON_ITS_SIDE = 6


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """A picture in this format, with all that gives its taker away."""
    said = Image.Exif()
    said[Base.Orientation], said[Base.Make] = ON_ITS_SIDE, MAKER
    said.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (35.0, 41.0, 22.0)})
    out = BytesIO()
    picture = Image.linear_gradient("L").resize(size).convert(mode)
    behind = {"save_all": True, "append_images": [picture]} if kind == "MPO" else {}
    picture.save(out, kind, exif=said.tobytes(), **behind)
    return out.getvalue()
