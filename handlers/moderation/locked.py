"""What is locked away stays so wherever a conversation is shown."""

from __future__ import annotations

from collections.abc import Iterable

from storage.repositories import Flag, Seat


def locked_in(flags: Iterable[Flag], seat: Seat) -> frozenset[int]:
    """The messages of these flags that somebody with this seat may not see."""
    if seat.unlocked:
        return frozenset()
    return frozenset(flag.message_id for flag in flags if flag.locked and flag.message_id)
