"""The events of a person's time line, with what each of them was."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from storage.database import Transaction
from storage.repositories import (
    Appeal,
    Decision,
    Event,
    EventKind,
    Flag,
    Note,
    Report,
    Restriction,
)

What = Appeal | Decision | Flag | Note | Report | Restriction


class Entry(Struct, frozen=True):
    """An event and its row; `by` is the colleague who did it, None for a program or the person."""

    event: Event
    what: What
    by: int | None = None


async def entries(tx: Transaction, events: Iterable[Event]) -> tuple[Entry, ...]:
    """What there is to say of each event."""
    return tuple([await _entry(tx, event) for event in events])


async def _entry(tx: Transaction, event: Event) -> Entry:
    match event.kind:
        case EventKind.APPEAL:
            appeal = await tx.appeals.get(event.id)
            return Entry(event, appeal, appeal.decided_by)
        case EventKind.DECISION:
            decision = await tx.decisions.get(event.id)
            return Entry(event, decision, decision.decided_by)
        case EventKind.FLAG:
            return Entry(event, await tx.flags.get(event.id))
        case EventKind.NOTE:
            note = await tx.notes.get(event.id)
            return Entry(event, note, note.author_id)
        case EventKind.REPORT:
            return Entry(event, await tx.reports.get(event.id))
        case EventKind.RESTRICTION:
            restriction = await tx.restrictions.get(event.id)
            return Entry(event, restriction, restriction.decided_by)
