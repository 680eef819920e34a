"""Attachment bytes outside SQL, named by their SHA-256: in a folder or in an object store."""

from storage.attachments.folder import FolderStore
from storage.attachments.object_store import ObjectStore
from storage.attachments.opening import open_store

__all__ = ["FolderStore", "ObjectStore", "open_store"]
