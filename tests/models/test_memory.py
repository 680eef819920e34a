"""What a worker says of its memory."""

from __future__ import annotations

from models.memory import accelerator, resident

MEGABYTE = 1 << 20


def test_memory_grows_with_what_is_held() -> None:
    before = resident()
    held = bytearray(b"x" * (64 * MEGABYTE))
    assert resident() - before > 48 * MEGABYTE
    assert len(held) == 64 * MEGABYTE
    assert accelerator() == 0
