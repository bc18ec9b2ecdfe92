"""From an image that a stranger uploaded to one that may be shown: decoded, turned upright, drawn anew."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, PngImagePlugin

from homestretch.kernel.refusal import Refusal

_FORMATS = ("JPEG", "PNG", "WEBP")
_TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError, struct.error, zlib.error)


@dataclass(frozen=True)
class Rendition:
    """A JPEG (photos) or a PNG (what came as PNG or with transparency), without metadata of any kind."""

    data: bytes
    width: int
    height: int
    media_type: str


def render(data: bytes, *, max_pixels: int, max_bytes: int, max_side: int | None = None, mark: str = "") -> Rendition:
    """Draw the image anew. `data` is not changed; of an animation the first frame is taken. A side longer than
    `max_side` pixels is made so; `mark` becomes its only comment, so that no other picture has the same bytes.

    Refuses `proof.too_large` (more than `max_bytes`), `proof.too_many_pixels` (judged by the header, before anything
    is decoded) and `proof.not_an_image`.
    """
    if len(data) > max_bytes:
        raise Refusal(
            "proof.too_large",
            f"the image has {len(data)} bytes",
            remedy=f"at most {max_bytes} bytes",
            max_bytes=max_bytes,
        )
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_pixels(image.width * image.height, max_pixels)
            return _draw(image, max_side, mark)
    except _TOO_MANY as error:
        raise _too_many_pixels(max_pixels) from error
    except _BROKEN as error:
        raise Refusal(
            "proof.not_an_image", "the file cannot be read as an image", remedy="a JPEG, PNG or WebP"
        ) from error


def _check_pixels(pixels: int, max_pixels: int) -> None:
    if pixels > max_pixels:
        raise _too_many_pixels(max_pixels)


def _too_many_pixels(max_pixels: int) -> Refusal:
    return Refusal(
        "proof.too_many_pixels",
        "the image has too many pixels",
        remedy=f"at most {max_pixels} pixels",
        max_pixels=max_pixels,
    )


def _draw(image: Image.Image, max_side: int | None, mark: str) -> Rendition:
    source = image.format
    upright = ImageOps.exif_transpose(image)
    clear = upright.has_transparency_data
    drawn = upright.convert("RGBA" if clear else "RGB")
    drawn.info.clear()  # comments, profiles and the like are copied from here when an image is saved
    if max_side is not None:
        drawn.thumbnail((max_side, max_side))
    output = io.BytesIO()
    if clear or source == "PNG":
        drawn.save(output, "PNG", pnginfo=_comment(mark))
        media_type = "image/png"
    else:
        drawn.save(output, "JPEG", quality=85, comment=mark.encode())
        media_type = "image/jpeg"
    return Rendition(output.getvalue(), drawn.width, drawn.height, media_type)


def _comment(mark: str) -> PngImagePlugin.PngInfo | None:
    if not mark:
        return None
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", mark)
    return info
