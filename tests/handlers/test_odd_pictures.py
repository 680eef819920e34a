"""Odd but honest pictures are read as a browser shows them: in their colours, upright."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from PIL import Image, ImageCms

from handlers.pictures.decoder import PictureDecoder
from tests.handlers.containers import again, chunk, exif, segment
from tests.handlers.pictures import colour, drawing, encoded, noise

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def decoder() -> AsyncIterator[PictureDecoder]:
    """One for all."""
    async with PictureDecoder() as decoder:
        yield decoder


def turned(orientation: int) -> Image.Image:
    """The drawing as the sensor of a camera held like that sees it."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return drawing().transpose(back[orientation]) if orientation in back else drawing()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
@pytest.mark.parametrize("orientation", range(1, 9))
async def test_it_stands_upright(decoder: PictureDecoder, kind: str, orientation: int) -> None:
    decoded = await decoder.decode(encoded(turned(orientation), kind, exif=exif(orientation)))
    assert (decoded.width, decoded.height) == (64, 48)
    assert colour(decoded.content, 0.2, 0.2) == "red"
    for place in ((0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
        assert colour(decoded.content, *place) == "blue"


def _interlaced() -> bytes:
    """One pixel of red, in the first of Adam7's passes."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 1)
    data = zlib.compress(b"\0\xff\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def _sixteen() -> bytes:
    """Red in 16 bits a channel with transparency: what Pillow writes in no other way."""
    header = struct.pack(">IIBBBBB", 2, 2, 16, 6, 0, 0, 0)
    row = b"\0" + b"\xff\xff\0\0\0\0\xff\xff" * 2
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * 2))
        + chunk(b"IEND", b"")
    )


RED = Image.new("RGB", (40, 30), "red")
READ_AS_RED: dict[str, Callable[[], bytes]] = {
    "progressive": lambda: encoded(RED, "JPEG", progressive=True),
    "CMYK": lambda: encoded(RED.convert("CMYK"), "JPEG", quality=95),
    "restart markers": lambda: encoded(RED, "JPEG", restart_marker_rows=1),
    "4:4:4": lambda: encoded(RED, "JPEG", subsampling=0),
    "kept as RGB": lambda: encoded(RED, "JPEG", keep_rgb=True),
    "one pixel, interlaced": _interlaced,
    "16 bits and transparency": _sixteen,
    "a palette of two": lambda: encoded(RED.quantize(2), "PNG", bits=1),
    "a palette with transparency": lambda: encoded(RED.convert("P"), "PNG", transparency=255),
    "a colour that is transparent": lambda: encoded(RED, "PNG", transparency=(0, 0, 1)),
    "lossless WebP": lambda: encoded(RED, "WEBP", lossless=True),
    "WebP with transparency": lambda: encoded(RED.convert("RGBA"), "WEBP"),
    "GIF87a": lambda: b"GIF87a" + encoded(RED.convert("P"), "GIF")[6:],
    "interlaced GIF": lambda: encoded(RED.convert("P"), "GIF", interlace=1),
    "animated GIF": lambda: _animated("GIF"),
    "animated WebP": lambda: _animated("WEBP"),
    "animated PNG": lambda: _animated("PNG"),
    "a broken EXIF": lambda: jpeg_of_red(segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")),
    "an EXIF of one byte": lambda: jpeg_of_red(segment(0xE1, b"Exif\0\0I")),
    "a turn that there is not": lambda: encoded(RED, "JPEG", exif=exif(99)),
    "a broken list of parts": lambda: jpeg_of_red(segment(0xE2, b"MPF\0MM\0*\0\0\0\x08\xff\xff")),
    "a broken profile": lambda: encoded(RED, "JPEG", icc_profile=b"nonsense"),
    "a profile for another mode": lambda: encoded(RED.convert("P"), "PNG", icc_profile=_gray()),
    "a comment with a wrong checksum": lambda: _png(b"\0\0\0\x03tEXta\0b\0\0\0\0"),
    "a packed text that is broken": lambda: _png(chunk(b"zTXt", b"a\0\0no such thing")),
    "a packed profile that is broken": lambda: _png(chunk(b"iCCP", b"a\0\0no such thing")),
    "a packed text that grows a thousand times": lambda: _png(
        chunk(b"zTXt", b"a\0\0" + bomb(2**26)) * 4
    ),
    "a profile that grows a thousand times": lambda: _png(chunk(b"iCCP", b"a\0\0" + bomb(2**26))),
    "an international text that grows a thousand times": lambda: _png(
        chunk(b"iTXt", b"a\0\1\0\0\0" + bomb(2**26)) * 4
    ),
    "no end": lambda: encoded(RED, "PNG")[:-12],
    "no end of the JPEG": lambda: encoded(RED, "JPEG")[:-2],
    "no end of the GIF": lambda: encoded(RED.convert("P"), "GIF")[:-1],
    "much behind the end": lambda: encoded(RED, "JPEG") + noise((500, 500)).tobytes(),
}


def jpeg_of_red(*segments: bytes) -> bytes:
    """A red JPEG with segments after its beginning."""
    plain = encoded(RED, "JPEG", quality=95)
    return plain[:2] + b"".join(segments) + plain[2:]


def _png(*chunks: bytes) -> bytes:
    plain = encoded(RED, "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def _gray() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def _animated(kind: str, frames: int = 40) -> bytes:
    more = [Image.new("RGB", RED.size, (0, 0, shade)) for shade in range(100, 100 + frames)]
    return encoded(RED, kind, save_all=True, append_images=more, duration=20)


def bomb(size: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(2**20)) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


@pytest.mark.parametrize("name", READ_AS_RED)
async def test_it_is_read(decoder: PictureDecoder, name: str) -> None:
    decoded = await decoder.decode(READ_AS_RED[name]())
    assert colour(decoded.content, 0.5, 0.5) == "red"
    red, green, blue = _middle(decoded.content)
    assert red > 240
    assert max(green, blue) < 30


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_of_a_file_that_breaks_off_what_there_is_is_read(
    decoder: PictureDecoder, kind: str
) -> None:
    whole = encoded(noise((400, 300)), kind)
    decoded = await decoder.decode(whole[: len(whole) // 2])
    assert (decoded.width, decoded.height) == (400, 300)
    upper = again(decoded.content).convert("L").crop((0, 0, 400, 100))
    assert upper.getextrema() != (0, 0)


async def test_a_picture_of_one_colour_is_a_picture(decoder: PictureDecoder) -> None:
    for shade in ("white", "black"):
        for kind in ("JPEG", "PNG", "GIF", "WEBP"):
            decoded = await decoder.decode(encoded(Image.new("RGB", (30, 20), shade), kind))
            assert colour(decoded.content, 0.5, 0.5) == shade


async def test_colours_of_a_wide_space_become_ours(decoder: PictureDecoder) -> None:
    for mode, kind in (("RGB", "JPEG"), ("RGB", "PNG"), ("P", "PNG"), ("RGBA", "PNG")):
        sent = Image.new("RGB", (20, 20), (200, 100, 50)).convert(mode)
        decoded = await decoder.decode(encoded(sent, kind, icc_profile=swapped()))
        red, _green, blue = _middle(decoded.content)
        assert blue > red + 100, f"{mode} {kind}: the profile says that red is blue"


async def test_a_profile_keeps_transparency(decoder: PictureDecoder) -> None:
    sent = Image.new("RGB", (20, 20), (1, 2, 3))
    decoded = await decoder.decode(
        encoded(sent, "PNG", transparency=(1, 2, 3), icc_profile=swapped())
    )
    assert colour(decoded.content, 0.5, 0.5) == "white"


async def test_gamma_is_heeded(decoder: PictureDecoder) -> None:
    middle = encoded(Image.new("RGB", (20, 20), (128, 128, 128)), "PNG")
    for gamma, low, high in ((45455, 127, 129), (100_000, 180, 192), (22_727, 50, 65)):
        sent = middle[:33] + chunk(b"gAMA", struct.pack(">I", gamma)) + middle[33:]
        red, _green, _blue = _middle((await decoder.decode(sent)).content)
        assert low <= red <= high, gamma


async def test_many_frames_cost_no_more_than_one(decoder: PictureDecoder) -> None:
    gif = encoded(RED.convert("P"), "GIF")
    frame = gif[gif.index(b"\x2c\0\0\0\0\x28\0\x1e\0") : -1]
    png_frames = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 40, 30, 0, 0, 1, 100, 0, 0))
        + chunk(b"fdAT", struct.pack(">I", n + 1) + b"x")
        for n in range(50_000)
    )
    still = encoded(RED, "PNG")
    counted = chunk(b"acTL", struct.pack(">II", 50_001, 0))
    for content in (
        gif[:-1] + frame * 100_000 + gif[-1:],
        still[:33] + counted + still[33:-12] + png_frames + still[-12:],
    ):
        if len(content) <= decoder.limits.max_bytes:
            assert colour((await decoder.decode(content)).content, 0.5, 0.5) == "red"


async def test_a_long_panorama_is_read(decoder: PictureDecoder) -> None:
    sent = drawing(size=(30_000, 3_000))
    decoded = await decoder.decode(encoded(sent, "JPEG"))
    assert (decoded.width, decoded.height) == (2048, 205)
    thin = await decoder.decode(encoded(Image.new("RGB", (20_000, 1), "red"), "PNG"))
    assert (thin.width, thin.height) == (2048, 1)


def swapped() -> bytes:
    """A profile of a colour space in which the first number is blue and the third is red."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = made.index(b"rXYZ"), made.index(b"bXYZ")
    made[red : red + 4], made[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(made)


def _middle(content: bytes) -> tuple[int, int, int]:
    picture = again(content).convert("RGB")
    pixel = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])
