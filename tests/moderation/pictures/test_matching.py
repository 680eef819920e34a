"""The search among many hashes, beside comparing one by one."""

from __future__ import annotations

import random

from moderation.pictures.matching import HashTable

RANDOM = random.Random(5)


def flipped(hashed: bytes, bits: int) -> bytes:
    """The hash with so many other bits."""
    number = int.from_bytes(hashed, "big")
    for place in RANDOM.sample(range(256), bits):
        number ^= 1 << place
    return number.to_bytes(32, "big")


def test_it_finds_what_comparing_one_by_one_finds() -> None:
    table = [RANDOM.randbytes(32) for _ in range(3000)]
    found = HashTable(b"".join(table))
    for place in range(0, 3000, 100):
        for bits in (0, 1, 15, 31, 32, 40):
            wanted = flipped(table[place], bits)
            expected = [(place, bits)] if bits <= 31 else []
            assert found.near([RANDOM.randbytes(32), wanted], 31, 16) == expected


def test_the_nearest_come_first_and_not_too_many() -> None:
    own = RANDOM.randbytes(32)
    table = HashTable(b"".join(flipped(own, bits) for bits in (9, 3, 20, 7)))
    assert table.near([own], 31, 3) == [(1, 3), (3, 7), (0, 9)]


def test_the_distance_is_the_least_of_all_positions() -> None:
    own = RANDOM.randbytes(32)
    assert HashTable(own).near([flipped(own, 20), flipped(own, 4)], 31, 16) == [(0, 4)]


def test_nothing_is_near_to_an_empty_table() -> None:
    assert HashTable().near([RANDOM.randbytes(32)], 31, 16) == []
