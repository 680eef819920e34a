"""Bring the tables to a revision, forth and back, on SQLite and PostgreSQL."""

from __future__ import annotations


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up; nothing happens when the tables are there. Safe to run in several processes."""
    raise NotImplementedError


def downgrade(url: str, revision: str) -> None:
    """Migrate down to a revision, `base` being an empty database."""
    raise NotImplementedError


def current(url: str) -> str | None:
    """The revision the database is at, None when it has no tables of ours."""
    raise NotImplementedError


def is_current(url: str) -> bool:
    """Whether the tables are those of this version."""
    raise NotImplementedError
