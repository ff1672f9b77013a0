"""A photograph as it is kept: looked at, cut square, made small, and written anew, so that nothing else is in it."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from dure.channels.profile.refusals import BadImage, ImageTooLarge

LARGE, SMALL = 512, 72
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_PIXELS = 50_000_000


def square(raw: bytes, crop: tuple[int, int, int] | None = None) -> tuple[bytes, bytes]:
    """PNGs of 512 and 72 pixels. `crop` is (x, y, width) in the image's own pixels; without it the middle is taken.

    Raises BadImage for what is no image, ImageTooLarge before unpacking one that says it is too large.
    """
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            if image.width * image.height > _PIXELS:
                raise ImageTooLarge(field="image")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadImage(field="image") from error
    if crop is not None:
        x, y, width = crop
        if width < 1 or x < 0 or y < 0 or x + width > upright.width or y + width > upright.height:
            raise BadImage("The crop does not lie within the image.", field="crop_w")
        upright = upright.crop((x, y, x + width, y + width))
    large, small = (ImageOps.fit(upright, (size, size)) for size in (LARGE, SMALL))
    return _png(large), _png(small)


@cache
def figure(colour: str, size: int) -> bytes:
    """A PNG of nobody in particular, for those without a photograph: Slack's clients count on there being one."""
    image = Image.new("RGB", (LARGE, LARGE), f"#{colour}")
    draw = ImageDraw.Draw(image)
    draw.ellipse((176, 104, 336, 264), fill="white")
    draw.ellipse((96, 300, 416, 620), fill="white")
    return _png(image.resize((size, size), Image.Resampling.LANCZOS))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # A palette keeps a photograph of 512 pixels below about 200 kB.
    image.quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()
