"""A zip of a person's own messages and pictures."""

from __future__ import annotations

from chat.ports import AttachmentStore
from storage.database import Database


async def build_export(database: Database, store: AttachmentStore, user_id: int) -> bytes:
    """The bytes of a zip: messages.json, messages.txt and the pictures of one user."""
    raise NotImplementedError
