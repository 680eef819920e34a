"""Attachments by SHA-256."""

from __future__ import annotations


class ObjectStore:
    """Keeps attachments; implements chat.ports.AttachmentStore."""

    async def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex."""
        raise NotImplementedError

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises AttachmentMissing where they are gone or not what was stored."""
        raise NotImplementedError

    async def delete(self, sha256: str) -> None:
        """Remove the bytes; nothing happens where there are none."""
        raise NotImplementedError
