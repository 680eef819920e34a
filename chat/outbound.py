"""What a person is to see."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from chat.conversations import ConversationKey


class Notice(Struct, frozen=True):
    """A sentence of ours by its key in the text catalogues, spoken in each person's language."""

    key: str
    args: dict[str, str | int | float] = field(default_factory=dict)


def notice_of(reason: str) -> Notice:
    """The sentence behind the reason why a turn ended: a text key, for some with a colon and what
    the sentence names after it."""
    key, _, named = reason.partition(":")
    return Notice(key, {"category": named} if named or ":" in reason else {})


class Button(Struct, frozen=True, omit_defaults=True):
    """A button under a message: its label's text key, and what pressing it sends back.

    `action` has at most 64 bytes of ASCII, since messengers allow no more. One with a `url` opens
    that address instead, where a messenger has such buttons.
    """

    label: str
    action: str = ""
    url: str = ""


class SpokenButton(Struct, frozen=True):
    """A button with its label in the words of the person who is to press it."""

    text: str
    action: str = ""
    url: str = ""


class OutboundMessage(Struct, frozen=True):
    """Something to show in a chat. `text` is Markdown as models write it, already rendered.

    `document` holds the bytes of a file to hand over under `document_name`; the text is then its
    caption. `reply_to` is a platform message id.
    """

    text: str
    buttons: tuple[SpokenButton, ...] = ()
    reply_to: str = ""
    document: bytes | None = None
    document_name: str = ""


class OutboundKind(StrEnum):
    """What an outbound row is."""

    ANSWER = "answer"  # one part of a turn's answer
    NOTICE = "notice"  # a sentence of ours
    EXPORT = "export"  # a zip of a person's own data, made when it is sent
    LEAVE = "leave"  # say the sentence, then leave the chat
    BROADCAST = "broadcast"  # said to everybody, when nothing else is to be sent


class OutboundState(StrEnum):
    """How far an outbound row has come."""

    PENDING = "pending"
    SENDING = "sending"  # a call is under way, or was when its process died
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"  # the messenger's answer was lost and repeating could show it twice
    FAILED = "failed"


class Outbound(Struct, frozen=True):
    """A row for every reply that a person is to see.

    Answer rows belong to a turn and are numbered by `part`; `platform_id` is the message that shows
    it. A notice is kept by key and spoken in the person's language when it is shown.
    """

    id: int
    conversation_id: int
    kind: OutboundKind
    state: OutboundState
    turn_id: int | None = None
    part: int = 0
    notice: Notice | None = None
    buttons: tuple[Button, ...] = ()
    text: str = ""
    platform_id: str = ""
    reply_to: str = ""
    tries: int = 0
    created_at: float = 0.0


class OutboundJob(Struct, frozen=True):
    """An outbound row together with where it goes and in which language."""

    row: Outbound
    key: ConversationKey
    language: str
    user_id: int
