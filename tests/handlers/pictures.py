"""Pictures for tests, good and bad, made here."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw

SRGB = ImageCms.createProfile("sRGB")


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a picture in a format of Pillow's."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def drawing(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Red in the upper left corner, blue elsewhere."""
    picture = Image.new("RGB", size, "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="red")
    return picture.convert(mode)


def noise(size: tuple[int, int]) -> Image.Image:
    """A picture that compresses badly."""
    return Image.effect_noise(size, 90).convert("RGB")


def opened(content: bytes) -> Image.Image:
    """A picture as whoever looks at it sees it."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def colour(content: bytes, x: float, y: float) -> str:
    """The nearest plain colour at a place given in parts of width and height."""
    picture = opened(content).convert("RGB")
    pixel = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    plain = {"red": (255, 0, 0), "blue": (0, 0, 255), "white": (255, 255, 255), "black": (0, 0, 0)}
    assert isinstance(pixel, tuple)
    return min(
        plain, key=lambda name: sum(abs(a - b) for a, b in zip(plain[name], pixel, strict=True))
    )


def announced_png(width: int, height: int) -> bytes:
    """A PNG whose header announces a size that its data does not have."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data)
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    )


def announced_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header announces another size."""
    content = bytearray(encoded(drawing(), "JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def media(brand: bytes, *compatible: bytes) -> bytes:
    """The beginning of an ISO base media file: HEIC, AVIF, MP4 and the like."""
    box = b"ftyp" + brand + b"\0\0\0\0" + b"".join(compatible)
    return (len(box) + 4).to_bytes(4, "big") + box + b"\0\0\0\x08mdat" * 8


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + checksum
