"""A picture that a stranger uploaded is drawn anew, or refused before it costs anything."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from homestretch.kernel.refusal import Refusal
from homestretch.providers.storage.renditions import Rendition, render

LIMITS = {"max_pixels": 100_000, "max_bytes": 200_000}


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Left half red, the rest blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, form, **options)
    return output.getvalue()


def reopened(rendition: Rendition) -> Image.Image:
    image = Image.open(io.BytesIO(rendition.data))
    image.load()
    assert image.size == (rendition.width, rendition.height)
    return image


def code_of(data: bytes, **limits: int) -> str:
    with pytest.raises(Refusal) as refused:
        render(data, **{**LIMITS, **limits})
    return refused.value.code


def test_a_photo_stays_a_photo_without_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 36.0, 0.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(picture(), "JPEG", exif=exif, comment=b"taken at home", icc_profile=profile, xmp=b"<x:xmpmeta/>")
    kept = bytes(data)
    rendition = render(data, **LIMITS)
    image = reopened(rendition)
    assert (rendition.media_type, image.format, image.size) == ("image/jpeg", "JPEG", (60, 40))
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"Maker", b"taken at home", b"xmpmeta", b"ICC_PROFILE"):
        assert trace not in rendition.data
    assert data == kept


def test_a_turned_photo_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held so that the picture must be turned right to be upright
    image = reopened(render(saved(picture(), "JPEG", exif=exif), **LIMITS))
    assert image.size == (40, 60)
    top, bottom = image.getpixel((20, 10)), image.getpixel((20, 50))
    assert (top[0] > 200, bottom[2] > 200) == (True, True)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "RGB"])
def test_a_signature_stays_sharp_and_transparent(mode: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "somebody")
    data = saved(picture(mode=mode), "PNG", pnginfo=info, **({"transparency": 0} if mode == "P" else {}))
    rendition = render(data, **LIMITS)
    image = reopened(rendition)
    assert (rendition.media_type, image.info) == ("image/png", {})
    assert image.mode == ("RGBA" if mode in ("RGBA", "LA", "P") else "RGB")
    assert b"somebody" not in rendition.data


def test_a_webp_becomes_a_photo_and_a_print_in_cmyk_too() -> None:
    assert render(saved(picture(), "WEBP"), **LIMITS).media_type == "image/jpeg"
    assert reopened(render(saved(picture(mode="CMYK"), "JPEG"), **LIMITS)).mode == "RGB"


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [picture(), picture(mode="L").convert("RGB")]
    data = saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert getattr(reopened(render(data, **LIMITS)), "n_frames", 1) == 1


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has this size, and has it when it is unpacked."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * min((width // 8 + 1) * height, 1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [320, 5_000, 10_000, 50_000, 2_000_000])
def test_a_pixel_bomb_is_refused_by_its_header(side: int) -> None:
    assert code_of(bomb(side, side)) == "proof.too_many_pixels"


def test_limits_are_inclusive() -> None:
    data = saved(picture(), "PNG")
    assert render(data, max_pixels=2_400, max_bytes=len(data)).width == 60
    assert code_of(data, max_pixels=2_399) == "proof.too_many_pixels"
    assert code_of(data, max_bytes=len(data) - 1) == "proof.too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        saved(picture(), "JPEG")[:-200],
        saved(picture(), "PNG")[:-30],
        saved(picture(), "GIF"),
        saved(picture(), "TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=["empty", "text", "png head", "jpeg head", "cut jpeg", "cut png", "gif", "tiff", "svg", "eps"],
)
def test_what_cannot_be_decoded_is_refused(data: bytes) -> None:
    assert code_of(data) == "proof.not_an_image"


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of every damage that it got over
def test_damaged_files_are_drawn_or_refused_and_nothing_else() -> None:
    chance = random.Random(7)
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = [saved(picture(), "JPEG", exif=exif), saved(picture(mode="P"), "PNG"), saved(picture(), "WEBP")]
    codes = set()
    for _ in range(1_500):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            render(bytes(data), **LIMITS)
            codes.add("drawn")
        except Refusal as refused:
            codes.add(refused.code)
    assert {"drawn", "proof.not_an_image"} <= codes <= {"drawn", "proof.not_an_image", "proof.too_many_pixels"}
