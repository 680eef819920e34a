"""Read the pictures out of a Qt resource file (.rcc), in which GCompris keeps them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_FOLDER = 2
_ZLIB = 1
_NODE_SIZES = {1: 14, 2: 22, 3: 22}


def read_resources(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file's path and content. Files packed other than by zlib are left out."""
    magic, version, tree, data, names = struct.unpack_from(">4sIIII", content)
    if magic != b"qres":
        raise ValueError("not a Qt resource file")
    size = _NODE_SIZES[version]

    def walk(number: int, parent: str) -> Iterator[tuple[str, bytes]]:
        at = tree + number * size
        name_at, flags = struct.unpack_from(">IH", content, at)
        path = f"{parent}/{_name(content, names + name_at)}" if number else ""
        if flags & _FOLDER:
            count, first = struct.unpack_from(">II", content, at + 6)
            for child in range(first, first + count):
                yield from walk(child, path)
        elif flags in {0, _ZLIB}:
            start = data + struct.unpack_from(">I", content, at + 10)[0]
            length = struct.unpack_from(">I", content, start)[0]
            packed = content[start + 4 : start + 4 + length]
            yield path, zlib.decompress(packed[4:]) if flags else packed

    yield from walk(0, "")


def _name(content: bytes, at: int) -> str:
    """A name stands as its length, a hash, and UTF-16."""
    length = struct.unpack_from(">H", content, at)[0]
    return content[at + 6 : at + 6 + 2 * length].decode("utf-16-be")
