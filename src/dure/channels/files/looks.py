"""What is seen of a file before it is opened: a picture's small ones, a text's first lines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import structlog
from PIL import Image, ImageOps

log = structlog.get_logger("dure.channels.files")

# Squares, as Slack cuts them, and boxes that the whole picture fits into.
SQUARES, BOXES = (64, 80, 160), (360, 480, 720)
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
# A picture is unpacked in memory; a JPEG can be unpacked at an eighth of its size.
_PIXELS, _JPEG_PIXELS = 40_000_000, 120_000_000
_PREVIEW_LINES, _PREVIEW = 12, 1_500

# The size is looked at here, before anything is unpacked; Pillow's own limit is a warning of the process.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Small:
    size: int
    mimetype: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's size as it is to be looked at, and its small ones; none where it is too large to unpack."""

    width: int
    height: int
    small: tuple[Small, ...]


def picture_of(path: Path) -> Picture | None:
    """The picture in a file; None where there is none that can be read. Blocks: call it in a thread."""
    try:
        with Image.open(path, formats=_FORMATS) as image:
            width, height = image.size
            if width * height > (_JPEG_PIXELS if image.format == "JPEG" else _PIXELS):
                return Picture(width, height, ())
            # Not before: to find it, Pillow unpacks a PNG.
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            shown = (height, width) if turned else (width, height)
            if image.format == "JPEG":
                image.draft("RGB", (2 * BOXES[-1], 2 * BOXES[-1]))
            return Picture(*shown, tuple(_small(image, shown)))
    except Exception as error:  # whatever a hostile file makes the decoder say, it is a file without a picture
        log.info("files.no_picture", error=type(error).__name__)
        return None


def _small(image: Image.Image, shown: tuple[int, int]) -> list[Small]:
    image = ImageOps.exif_transpose(image)
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    image = image.convert("RGBA" if clear else "RGB")
    image.info.clear()  # where and with what it was taken is nobody's business
    made = [_encoded(size, ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS), clear) for size in SQUARES]
    for before, size in zip((0, *BOXES), BOXES, strict=False):
        if size == BOXES[0] or max(shown) > before:
            box = image.copy()
            box.thumbnail((size, size), Image.Resampling.LANCZOS)
            made.append(_encoded(size, box, clear))
    return made


def _encoded(size: int, image: Image.Image, clear: bool) -> Small:
    out = io.BytesIO()
    if clear:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=84, optimize=True)
    return Small(size, "image/png" if clear else "image/jpeg", *image.size, out.getvalue())


def text_of(content: bytes) -> tuple[str, int]:
    """A text's first lines, and how many it has; Korean of older programs is read too."""
    text = decoded(content)
    lines = text.count("\n") + (not text.endswith("\n")) if text else 0
    return "\n".join(text.splitlines()[:_PREVIEW_LINES])[:_PREVIEW], lines


def decoded(content: bytes) -> str:
    """Bytes as text. One may be cut in the middle of its last letter."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace").replace("\0", "")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start >= len(content) - 3
        text = content.decode("utf-8-sig" if cut else "cp949", "replace")
    return text.replace("\0", "")
