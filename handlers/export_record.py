"""What followed from what a person said, and what they said of it, as their export has it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from storage.repositories import Appeal, Rating, Report, Restriction

LEFT_OUT = [
    {
        "what": "notes",
        "why": "Notes that staff write about people are their own words for each other. They are"
        " deleted with the person by /delete.",
    },
    {
        "what": "flags",
        "why": "What checks found, and what others reported, would tell who reported, and how to"
        " get around a check. What was decided stands in restrictions.",
    },
    {
        "what": "deciders",
        "why": "Who decided is somebody else's datum. Whether it was a person or a program stands"
        " in restrictions.",
    },
    {
        "what": "audit",
        "why": "The audit log holds numbers and pseudonyms of all, and nobody's words.",
    },
    {
        "what": "earlier wordings",
        "why": "Of what was edited or answered anew, only the last wording is in the messages.",
    },
]
"""What an export does not have, and why; part of each export."""


class Record(Struct, frozen=True):
    """All of one person, the oldest first."""

    restrictions: tuple[Restriction, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    reports: tuple[Report, ...] = ()
    ratings: tuple[Rating, ...] = ()


def as_json(record: Record) -> dict[str, Any]:
    """The same by the names of the export; nobody else's numbers are in it."""
    return {
        "restrictions": [
            {
                "number": each.id,
                "kind": each.kind.value,
                "category": each.category,
                "policy": each.policy,
                "at": iso(each.created_at),
                "until": _iso_or_none(each.until),
                "lifted_at": _iso_or_none(each.lifted_at),
                "decided_by": "program" if each.decided_by is None else "person",
            }
            for each in record.restrictions
        ],
        "appeals": [
            {
                "restriction": each.restriction_id,
                "text": each.text,
                "state": each.state,
                "at": iso(each.created_at),
                "decided_at": _iso_or_none(each.decided_at),
            }
            for each in record.appeals
        ],
        "reports": [
            {
                "conversation": each.conversation_id,
                "reason": each.reason,
                "note": each.note,
                "at": iso(each.created_at),
                "told_at": _iso_or_none(each.told_at),
            }
            for each in record.reports
        ],
        "feedback": [
            {
                "turn": each.turn_id,
                "liked": each.liked,
                "reason": each.reason,
                "words": each.words,
                "at": iso(each.created_at),
            }
            for each in record.ratings
        ],
    }


def iso(time: float) -> str:
    """A time, epoch seconds, as RFC 3339 writes it, in UTC."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _iso_or_none(time: float | None) -> str | None:
    return None if time is None else iso(time)
