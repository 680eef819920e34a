"""What reaches us from a messenger, in our own words."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from chat.conversations import ConversationKey
from chat.messages import StoredPicture
from chat.people import Sender


class InboundKind(StrEnum):
    """What happened in the chat."""

    MESSAGE = "message"
    EDIT = "edit"  # of the message `platform_id`
    BUTTON = "button"  # `action` was pressed
    GROUP_BUTTON = "group-button"  # the same, in a chat of several people
    UNSUPPORTED = "unsupported"  # voice, sticker, place, ...; `what` names it
    GROUP = "group"  # we were added to a group
    MOVED = "moved"  # a group has another id now, `moved_to`
    BLOCKED = "blocked"  # the person stopped us
    UNBLOCKED = "unblocked"


class InboundAttachment(Struct, frozen=True):
    """A picture (or what claims to be one) that came with a message.

    Either `source`, the platform's reference from which the bytes are fetched after the message is
    recorded, or `stored`, where the channel already had the bytes in hand and stored them.
    """

    source: str = ""
    name: str = ""
    media_type: str = ""
    size: int | None = None
    stored: StoredPicture | None = None


class InboundMessage(Struct, frozen=True):
    """One update of a messenger.

    `update_id` is unique within channel, account and `kind`. `group_id` is the same for the pieces
    of an album; `may_continue` says that the text is as long as the messenger allows, so that the
    rest of a long paste may follow. `reply_to` is the platform id of the message replied to, and
    `reply_attachments` the pictures in it. `press_id` is the platform's id of a
    button's press.
    """

    key: ConversationKey
    kind: InboundKind
    update_id: str
    sender: Sender
    sent_at: float
    platform_id: str = ""
    text: str = ""
    attachments: tuple[InboundAttachment, ...] = ()
    group_id: str = ""
    may_continue: bool = False
    reply_to: str = ""
    reply_attachments: tuple[InboundAttachment, ...] = ()
    action: str = ""
    what: str = ""
    press_id: str = ""
    moved_to: str = ""
