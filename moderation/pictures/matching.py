"""Finding hashes that differ in few bits among a hundred thousand: all are compared, in columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

WORDS = 4  # of 64 bits in a hash


class HashTable:
    """Hashes of 32 bytes, one behind the other. Half a hash that differs by more than the distance
    rules out all but chance, so that the other half is looked at for next to none."""

    def __init__(self, hashes: bytes = b"") -> None:
        self._rows = np.frombuffer(hashes, dtype=np.uint64).reshape(-1, WORDS)
        self._first, self._second = (np.ascontiguousarray(self._rows[:, at]) for at in (0, 1))

    def near(self, hashes: Iterable[bytes], distance: int, most: int) -> list[tuple[int, int]]:
        """Places and least distances (bits) of what is near to one of these, nearest first."""
        least: dict[int, int] = {}
        for each in hashes:
            for place, bits in self._near(np.frombuffer(each, dtype=np.uint64), distance):
                least[place] = min(bits, least.get(place, bits))
        return sorted(least.items(), key=lambda found: (found[1], found[0]))[:most]

    def _near(self, wanted: NDArray[np.uint64], distance: int) -> list[tuple[int, int]]:
        half = np.bitwise_count(self._first ^ wanted[0]) + np.bitwise_count(
            self._second ^ wanted[1]
        )
        places = np.flatnonzero(half <= distance)
        bits = np.bitwise_count(self._rows[places] ^ wanted).sum(axis=1, dtype=np.uint16)
        return [(int(at), int(n)) for at, n in zip(places, bits, strict=True) if n <= distance]
