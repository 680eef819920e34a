"""A zip of a person's own messages and pictures."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec

from chat.errors import AttachmentMissing
from chat.messages import Attachment, AttachmentPart, Message, Speaker, TextPart
from chat.people import User
from chat.ports import AttachmentStore
from handlers.export_record import LEFT_OUT, Record, as_json, iso
from storage.database import Database

FORMAT = "whimbrel-export-2"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


class Exporter:
    """Makes exports: messages.json for programs, messages.txt for people, and the pictures."""

    def __init__(
        self,
        database: Database,
        store: AttachmentStore,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def build(self, user_id: int) -> bytes:
        """The bytes of a zip with everything one user said and was answered, and what followed;
        docs/export.schema.json says how."""
        async with self._database.read() as tx:
            user = await tx.users.get(user_id)
            identities = await tx.users.identities(user_id)
            messages = await tx.messages.of_user(user_id)
            found = await tx.attachments.get_many(_attachment_ids(messages))
            record = Record(
                tuple(await tx.restrictions.of_user(user_id)),
                tuple(await tx.appeals.of_user(user_id)),
                tuple(await tx.reports.of_user(user_id)),
                tuple(await tx.feedback.of_user(user_id)),
            )
        pictures = await self._pictures(found)
        about = {
            "format": FORMAT,
            "name": user.name,
            "language": user.language,
            "identities": [f"{channel}:{external_id}" for channel, external_id in identities],
            "exported_at": iso(self._clock()),
            "messages": [_as_json(message, found) for message in messages],
            **as_json(record),
            "left_out": LEFT_OUT,
        }
        document = msgspec.json.format(msgspec.json.encode(about), indent=2)
        text = "\n".join(_as_text(message, found, user) for message in messages)
        return await asyncio.to_thread(_zip, document, text, pictures)

    async def _pictures(self, found: dict[int, Attachment]) -> dict[str, bytes]:
        """Contents by file name; what is missing in the store is left out."""
        pictures: dict[str, bytes] = {}
        for attachment in found.values():
            name = _file_name(attachment)
            if attachment.picture is None or name in pictures:
                continue
            try:
                pictures[name] = await self._store.get(attachment.picture.sha256)
            except AttachmentMissing:
                continue
        return pictures


async def build_export(database: Database, store: AttachmentStore, user_id: int) -> bytes:
    """The bytes of a zip: messages.json, messages.txt and the pictures of one user."""
    return await Exporter(database, store).build(user_id)


def _attachment_ids(messages: list[Message]) -> list[int]:
    return [
        part.attachment_id
        for message in messages
        for part in message.parts
        if isinstance(part, AttachmentPart)
    ]


def _file_name(attachment: Attachment) -> str:
    if attachment.picture is None:
        return ""
    ending = ENDINGS.get(attachment.picture.media_type, "bin")
    return f"pictures/{attachment.picture.sha256}.{ending}"


def _parts(message: Message, found: dict[int, Attachment]) -> list[tuple[str, str]]:
    """What the message says, in order, as ("text" or "picture", words or file name)."""
    parts: list[tuple[str, str]] = []
    for part in message.parts:
        match part:
            case TextPart(text=text):
                parts.append(("text", text))
            case AttachmentPart(attachment_id=one) if one in found and found[one].picture:
                parts.append(("picture", _file_name(found[one])))
    return parts


def _as_json(message: Message, found: dict[int, Attachment]) -> dict[str, Any]:
    return {
        "conversation": message.conversation_id,
        "at": iso(message.created_at),
        "speaker": message.speaker.value,
        "parts": [{kind: value} for kind, value in _parts(message, found)],
    }


def _as_text(message: Message, found: dict[int, Attachment], user: User) -> str:
    speaker = "Assistant" if message.speaker is Speaker.ASSISTANT else user.name or "You"
    lines = [value if kind == "text" else f"[{value}]" for kind, value in _parts(message, found)]
    return f"{iso(message.created_at)}  {speaker}:\n" + "\n".join(lines) + "\n"


def _zip(document: bytes, text: str, pictures: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("messages.json", document)
        archive.writestr("messages.txt", text)
        for name, content in pictures.items():
            archive.writestr(name, content, compress_type=zipfile.ZIP_STORED)
    return out.getvalue()
