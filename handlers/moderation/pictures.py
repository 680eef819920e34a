"""The pictures of messages that staff look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chat.messages import Attachment, AttachmentPart, Message
from storage.database import Transaction


async def attachments_of(tx: Transaction, messages: Iterable[Message]) -> dict[int, Attachment]:
    """What these messages have, by id."""
    wanted = {
        part.attachment_id
        for message in messages
        for part in message.parts
        if isinstance(part, AttachmentPart)
    }
    return await tx.attachments.get_many(wanted) if wanted else {}


def pictures_of(message: Message, attachments: Mapping[int, Attachment]) -> list[Attachment]:
    """Those of a message that can be shown."""
    found = (
        attachments.get(part.attachment_id)
        for part in message.parts
        if isinstance(part, AttachmentPart)
    )
    return [each for each in found if each is not None and each.picture is not None]
