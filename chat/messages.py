"""What was said: immutable messages and their parts."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Speaker(StrEnum):
    """Whose turn of phrase a message is; the values are the ones that chat templates use."""

    PERSON = "user"
    ASSISTANT = "assistant"


class TextPart(Struct, frozen=True, tag="text"):
    """Words."""

    text: str


class AttachmentPart(Struct, frozen=True, tag="attachment"):
    """A place in a message where an attachment stands, by the id of its row."""

    attachment_id: int


Part = TextPart | AttachmentPart


class StoredPicture(Struct, frozen=True):
    """A picture that was decoded, stripped, re-encoded and stored. Sizes in pixels and bytes."""

    sha256: str
    media_type: str
    width: int
    height: int
    size: int


class AttachmentState(StrEnum):
    """How far an attachment has come."""

    PENDING = "pending"  # known by the platform's own reference only
    READY = "ready"
    REFUSED = "refused"


class Attachment(Struct, frozen=True):
    """The record of an attachment. `source` is the platform's reference, `problem` a text key."""

    id: int
    conversation_id: int
    state: AttachmentState
    source: str = ""
    name: str = ""
    picture: StoredPicture | None = None
    problem: str = ""


class Message(Struct, frozen=True):
    """An immutable thing somebody said, its parts in the order they were said."""

    id: int
    conversation_id: int
    turn_id: int | None
    speaker: Speaker
    parts: tuple[Part, ...]
    created_at: float
    platform_id: str = ""

    @property
    def text(self) -> str:
        """All words of the message, one part a line."""
        return "\n".join(part.text for part in self.parts if isinstance(part, TextPart))
