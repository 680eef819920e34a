"""Chooses the attachment store by its address."""

from __future__ import annotations

from pathlib import Path

from chat.ports import AttachmentStore


def open_store(url: str, home: Path) -> AttachmentStore:
    """The store at `url`: empty for a folder in `home`, a folder's path or `file://` address, or
    `s3://bucket/prefix` with credentials and endpoint in the usual AWS_* variables.

    Raises ValueError, naming ATTACHMENTS_URL, for an address of another kind.
    """
    raise NotImplementedError
