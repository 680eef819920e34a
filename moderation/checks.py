"""The port that every check fills, and what a check is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from chat.moderation import Finding, Place, PlaceKind, Side

WEB = ("web",)  # channels that are pages


class Said(Struct, frozen=True):
    """A message as checks see it; `speaker` is the side that said it."""

    speaker: Side
    text: str
    message_id: int | None = None


class Shown(Struct, frozen=True):
    """A picture as it is stored: stripped, re-encoded, named by its SHA-256."""

    sha256: str
    media_type: str
    content: bytes
    message_id: int | None = None
    attachment_id: int | None = None


class Subject(Struct, frozen=True):
    """What is looked at: what one side says now, and what was said before it, oldest first.

    `new` are the words of the question's messages, or the answer as far as it has grown;
    `language` is the person's (BCP 47), which need not be the language of the words.
    """

    side: Side
    new: tuple[Said, ...]
    pictures: tuple[Shown, ...] = ()
    before: tuple[Said, ...] = ()
    place: Place = Place()
    language: str = ""
    user_id: int = 0
    conversation_id: int = 0

    @property
    def text(self) -> str:
        """All new words, a line for each message."""
        return "\n".join(said.text for said in self.new)


class Check(Protocol):
    """Looks for something. Stateless between calls but for caches; any number of calls at once."""

    @property
    def name(self) -> str:
        """How the policy and the findings call it."""
        ...

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """What it finds. Whatever it raises, or taking longer than its limit, counts as a failure
        of the check, which the policy says what to do about."""
        ...


def place_of(channel: str, region: str, *, restricted: bool) -> Place:
    """Where something on a channel is said."""
    kind = PlaceKind.WEB if channel in WEB else PlaceKind.PRIVATE
    return Place(kind, region, restricted)
