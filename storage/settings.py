"""Where what is kept is kept."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class StorageSettings(Struct, frozen=True):
    """Field names are the names of the settings in lower case; empty URLs mean the defaults.

    The defaults are a SQLite file, a private Valkey server and a folder, all in `whimbrel_home`.
    """

    whimbrel_home: Path = Path("~/.whimbrel")
    database_url: str = ""
    redis_url: str = ""
    attachments_url: str = ""

    @property
    def home(self) -> Path:
        """The data folder as an absolute path."""
        return self.whimbrel_home.expanduser().absolute()

    @property
    def sql_url(self) -> str:
        """The database's URL, by default that of a file in the data folder."""
        return self.database_url or f"sqlite:///{self.home / 'whimbrel.sqlite3'}"
