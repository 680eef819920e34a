"""Pictures that are known already, by their PDQ hash only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

HEX = re.compile("[0-9a-f]{64}")


class BankEntry(Struct, frozen=True):
    """A known picture: the PDQ hash as 64 hexadecimal digits, the category of what it is found to
    be, and the few words that reviewers see (a case, a list: never what would identify anybody)."""

    id: str
    pdq: str
    category: str
    label: str


class Bank:
    """Entries as they are kept and compared: the hashes as bytes, one behind the other.

    Raises ValueError for a hash that is none, with the entry's id."""

    def __init__(self, entries: Iterable[BankEntry] = ()) -> None:
        hashes = bytearray()
        kept = []
        # A hundred thousand entries share few categories and labels, and so their memory.
        shared: dict[str, str] = {}
        for entry in entries:
            if not HEX.fullmatch(entry.pdq.lower()):
                raise ValueError(f"the entry {entry.id!r} has no PDQ hash of 64 digits")
            hashes += bytes.fromhex(entry.pdq)
            words = (shared.setdefault(word, word) for word in (entry.category, entry.label))
            kept.append((entry.id, *words))
        self.hashes = bytes(hashes)
        self._kept: list[tuple[str, ...]] = kept

    def __len__(self) -> int:
        return len(self._kept)

    def entry(self, place: int) -> BankEntry:
        """The entry at that place. Raises IndexError."""
        name, category, label = self._kept[place]
        return BankEntry(name, self.hashes[32 * place : 32 * place + 32].hex(), category, label)
