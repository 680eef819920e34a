"""Backups: one file with every row and every attachment, whichever database they came from."""

from storage.backup.format import BackupError
from storage.backup.restoring import restore
from storage.backup.taking import take

__all__ = ["BackupError", "restore", "take"]
