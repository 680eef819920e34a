"""Damage to pictures as it happens, and as somebody does it who looks for a hole."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from random import Random

Damage = Callable[[bytearray, Random], None]
# What sizes and lengths are set to: the edges of the types that hold them.
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutated(content: bytes, chance: Random) -> bytes:
    """A damaged copy; PNG's checksums are made right in half of them, so that damage is reached."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if len(damaged) > 16:
            chance.choice(DAMAGE)(damaged, chance)
    if damaged.startswith(b"\x89PNG") and chance.random() < 0.5:
        _checksums(damaged)
    return bytes(damaged)


def _bits(content: bytearray, chance: Random) -> None:
    for _ in range(chance.randint(1, 24)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _head_bits(content: bytearray, chance: Random) -> None:
    """Beyond the first bytes, which say the format, and before the pixels."""
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(12, min(len(content), 700))] = chance.randrange(256)


def _cut(content: bytearray, chance: Random) -> None:
    del content[chance.randrange(12, len(content)) :]


def _number(content: bytearray, chance: Random) -> None:
    """A length or a size at one of its edges: anywhere, but more often near the beginning."""
    width = chance.choice((1, 2, 4))
    at = chance.randrange(12, min(len(content), chance.choice((64, 1024, 1 << 30))))
    value = chance.choice(EDGES) & ((1 << 8 * width) - 1)
    content[at : at + width] = value.to_bytes(width, chance.choice(("big", "little")))


def _repeat(content: bytearray, chance: Random) -> None:
    """A chunk or any other stretch once or many times again."""
    start, end = _stretch(content, chance)
    times = chance.choice((1, 1, 2, 50))
    content[end:end] = bytes(content[start:end]) * times


def _drop(content: bytearray, chance: Random) -> None:
    start, end = _stretch(content, chance)
    del content[start:end]


def _swap(content: bytearray, chance: Random) -> None:
    """A stretch of it over another place."""
    start, end = _stretch(content, chance)
    at = chance.randrange(12, len(content))
    content[at : at + end - start] = content[start:end]


DAMAGE: tuple[Damage, ...] = (_bits, _head_bits, _cut, _number, _number, _repeat, _drop, _swap)


def _stretch(content: bytearray, chance: Random) -> tuple[int, int]:
    """A chunk of a PNG, or some bytes: from, to."""
    if content.startswith(b"\x89PNG") and (chunks := _chunks(content)):
        return chance.choice(chunks)
    start = chance.randrange(12, len(content))
    return start, min(len(content), start + chance.choice((1, 4, 64, 1024, 8192)))


def _chunks(content: bytearray) -> list[tuple[int, int]]:
    found, at = [], 8
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if end > len(content):
            break
        found.append((at, end))
        at = end
    return found


def _checksums(content: bytearray) -> None:
    for start, end in _chunks(content):
        content[end - 4 : end] = zlib.crc32(content[start + 4 : end - 4]).to_bytes(4, "big")
