"""What a check found, as a line for the operator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

from msgspec import Struct

from bot.settings import Settings


class State(StrEnum):
    """How it stands with something; only WRONG makes the command fail."""

    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


class Finding(Struct, frozen=True):
    """One line: what was looked at, how it stands, and what to know or do."""

    subject: str
    state: State
    text: str

    def __str__(self) -> str:
        return f"{self.state:<6} {self.subject:<12} {self.text}"


Check = Callable[[Settings], Awaitable[list[Finding]]]


def ok(subject: str, text: str) -> list[Finding]:
    """It is as it should be."""
    return [Finding(subject, State.OK, text)]


def note(subject: str, text: str) -> list[Finding]:
    """Nothing is wrong, but this is worth knowing."""
    return [Finding(subject, State.NOTE, text)]


def wrong(subject: str, text: str) -> list[Finding]:
    """This must be put right."""
    return [Finding(subject, State.WRONG, text)]
