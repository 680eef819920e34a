"""Reading and writing descriptors by nothing but read and write: a confined process has no more."""

from __future__ import annotations

import os


def read(source: int, size: int) -> bytes:
    """So many bytes. Raises EOFError where the other side is gone."""
    content = bytearray()
    while len(content) < size:
        part = os.read(source, min(size - len(content), 2**20))
        if not part:
            raise EOFError
        content += part
    return bytes(content)


def write(sink: int, content: bytes) -> None:
    """All of the bytes."""
    left = memoryview(content)
    while left:
        left = left[os.write(sink, left) :]
