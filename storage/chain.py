"""The chain of the audit log: how an entry is written, what its hash covers, and what breaks it.

Pure, and in this house, not in moderation/: the repository hashes what it adds, and houses above
storage are not there for it. Nothing here reads a database, so that an exported log is verified
anywhere.

The hash of an entry is the SHA-256 of a JSON array in UTF-8: FORMAT, and all other fields in the
order of Entry. It is canonical by RFC 8785: no spaces, escapes only where JSON wants them, and no
numbers but integers. `details` stand in it as the text that is stored, so that no two writers of
JSON have to agree on how a number looks.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct, structs

from storage.errors import StorageError

FORMAT = "whimbrel-audit-1"
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Head(Struct, frozen=True):
    """How far a chain goes: the number of its last entry, 0 for none, and that one's hash."""

    number: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Head:
        """What `str` gives. Raises ValueError."""
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise ValueError("a head is NUMBER:HASH, as `whimbrel audit head` prints it")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


NOTHING = Head(0, "0" * 64)
"""Before the first entry."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """Who did what to which thing. Of people it holds numbers and pseudonyms, so that erasing
    somebody leaves it as it is.

    `time` is in milliseconds since 1970 (UTC), `actor_id` the number of a user, or None for the
    assistant itself; `details` a JSON object; `previous` the hash of the entry before.
    """

    number: int
    time: int
    actor_id: int | None
    actor: str
    role: str
    action: str
    object_kind: str
    object_id: str
    details: str
    previous: str
    hash: str

    @property
    def head(self) -> Head:
        """The head of the chain that ends here."""
        return Head(self.number, self.hash)


class Flaw(StrEnum):
    """What is wrong with an entry; a word for those who say it in other languages."""

    CHANGED = "changed"  # its own hash does not fit what it says
    DETACHED = "detached"  # it does not follow the entry before it
    FOREIGN = "foreign"  # it was not added as entries are
    MISSING = "missing"  # a head that was kept says that there were more
    MISPLACED = "misplaced"  # another one stands where it should
    MISWRITTEN = "miswritten"  # its line is not as it was exported
    REWRITTEN = "rewritten"  # a head that was kept does not fit


class ChainBroken(StorageError):
    """An entry, by its number, is not what was written."""

    def __init__(self, number: int, flaw: Flaw, why: str) -> None:
        super().__init__(f"the audit log is broken at entry {number}: {why}")
        self.number = number
        self.flaw = flaw


def digest(entry: Entry) -> str:
    """The hash that an entry should have, in hex.

    Raises TypeError and ValueError where its fields hold what no entry can.
    """
    fields = structs.astuple(entry)[:-1]
    return hashlib.sha256(_canonical((FORMAT, *fields)).encode()).hexdigest()


def sealed(entry: Entry, after: Head) -> Entry:
    """The entry as it follows `after`, whatever its number and hashes were."""
    placed = structs.replace(entry, number=after.number + 1, previous=after.hash)
    return structs.replace(placed, hash=digest(placed))


class Verifier:
    """Follows a chain from its beginning, and compares it with heads that were kept elsewhere."""

    def __init__(self, anchors: Iterable[Head] = ()) -> None:
        self.head = NOTHING
        self._anchors = sorted(anchors, key=lambda anchor: anchor.number, reverse=True)
        self._compare()

    def follow(self, entries: Iterable[Entry]) -> None:
        """The next entries. Raises ChainBroken at the first that is wrong."""
        head = self.head
        for entry in entries:
            _check(entry, head)
            self.head = head = entry.head
            if self._anchors:
                self._compare()

    def end(self) -> Head:
        """Say that there are no more; the head. Raises ChainBroken where an anchor is beyond."""
        if self._anchors:
            wanted = max(anchor.number for anchor in self._anchors)
            why = f"it is missing; the log went on to {wanted} once"
            raise ChainBroken(self.head.number + 1, Flaw.MISSING, why)
        return self.head

    def _compare(self) -> None:
        while self._anchors and self._anchors[-1].number == self.head.number:
            if self._anchors.pop() != self.head:
                why = "it, or what is before it, was written anew"
                raise ChainBroken(self.head.number, Flaw.REWRITTEN, why)


def _check(entry: Entry, before: Head) -> None:
    if entry.number != before.number + 1:
        why = f"entry {entry.number!r} stands in its place"
        raise ChainBroken(before.number + 1, Flaw.MISPLACED, why)
    if entry.previous != before.hash:
        raise ChainBroken(entry.number, Flaw.DETACHED, "it does not follow the entry before it")
    try:
        own = digest(entry)
    except (TypeError, ValueError):
        own = ""
    if entry.hash != own:
        raise ChainBroken(entry.number, Flaw.CHANGED, "what it says has been changed")
