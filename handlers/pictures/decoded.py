"""What a decoder process answers, and how far it is believed."""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from handlers.pictures.limits import PictureLimits

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# The JFIF header as Pillow writes it: version 1.1, no density, no thumbnail.
JPEG_HEAD = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
TABLES = (0xC4, 0xDB)  # Huffman tables, quantisation tables
BASELINE, SCAN = 0xC0, 0xDA
IN_A_SCAN = re.compile(rb"\xff[^\x00]")


class DecodedPicture(Struct, frozen=True):
    """A picture that was re-encoded without its metadata. Sizes in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def checked(reply: bytes, limits: PictureLimits) -> DecodedPicture | str:
    """A reply, or the key of a refusal, as far as it is what an honest decoder would send.

    The child may have been taken over, and what it sends is stored, shown in browsers and decoded
    by workers: only the plainest of files pass. Raises ValueError, also for broken MessagePack."""
    decoded = msgspec.msgpack.decode(reply, type=DecodedPicture | str)
    if isinstance(decoded, str):
        if not re.fullmatch(r"refused-picture-[a-z-]{1,20}", decoded):
            raise ValueError("an unknown refusal")
        return decoded
    size = decoded.width, decoded.height
    if not all(0 < side <= limits.max_side for side in size):
        raise ValueError("a size that we do not keep")
    if size != plain_size(decoded.content, decoded.media_type):
        raise ValueError("not a picture of ours")
    return decoded


def plain_size(content: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height of a file that has nothing but pixels and what they take, as we write it:
    a baseline JPEG or a PNG in RGB. None for every other file."""
    try:
        if media_type == "image/png":
            return _plain_png(content)
        return _plain_jpeg(content) if media_type == "image/jpeg" else None
    except IndexError:
        return None


def _plain_png(content: bytes) -> tuple[int, int] | None:
    """The header, data, the end, and nothing else: neither before, between nor behind."""
    if not content.startswith(PNG_HEAD + b"\0\0\0\x0dIHDR"):
        return None
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    if content[24:29] != b"\x08\x02\0\0\0":  # eight bits, RGB, not interlaced
        return None
    at = 33
    while content[at + 4 : at + 8] == b"IDAT":
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    end = content[at : at + 8] == b"\0\0\0\0IEND" and len(content) == at + 12
    return (width, height) if end and at > 33 else None


def _plain_jpeg(content: bytes) -> tuple[int, int] | None:
    """The JFIF header, tables, one baseline frame with one scan, the end, and nothing else."""
    if not content.startswith(JPEG_HEAD):
        return None
    at, size = len(JPEG_HEAD), None
    while content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == BASELINE and size is None:
            height, width = (int.from_bytes(content[at + n : at + n + 2], "big") for n in (5, 7))
            size = width, height
        elif marker == SCAN:
            return size if _ends(content, at + 2 + length) else None
        elif marker not in TABLES:
            return None
        at += 2 + length
    return None


def _ends(content: bytes, scan: int) -> bool:
    """Whether the data of a scan goes on up to the end of the file, without another marker."""
    found = IN_A_SCAN.search(content, scan)
    return found is not None and found[0] == b"\xff\xd9" and found.end() == len(content)
