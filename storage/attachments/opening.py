"""Chooses the attachment store by its address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from chat.ports import AttachmentStore
from storage.attachments.folder import FolderStore
from storage.attachments.object_store import ObjectStore


def open_store(url: str, home: Path) -> AttachmentStore:
    """The store at `url`: empty for a folder in `home`, `file:///folder`, or `s3://bucket/prefix`
    with credentials and endpoint in the usual AWS_* variables.

    Raises ValueError, naming ATTACHMENTS_URL, for an address of another kind.
    """
    if not url:
        return FolderStore(home / "attachments")
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return ObjectStore.from_url(url)
    raise ValueError("ATTACHMENTS_URL wants s3://BUCKET/PREFIX or file:///FOLDER")
