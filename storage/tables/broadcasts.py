"""What is said to everybody, and what a chat for moderators was told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowId, only_where

RUNNING = "state = 'running'"
UNSETTLED = "NOT settled"


class BroadcastRow(Base):
    """Something for everybody, from its draft on. Numbers of others' rows are kept without foreign
    keys: it outlives its author.

    `people` is how many it was for when it began, `last_user` the newest of them, and `given_to`
    the last person whose turn it was: in the order of their numbers, each once. `progress_id` is
    the outbound row that shows how far it has come.
    """

    __tablename__ = "broadcasts"
    __table_args__: Any = (
        Index("uq_broadcasts_running", "state", unique=True, **only_where(RUNNING)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    author_id: Mapped[int | None]
    conversation_id: Mapped[int | None]
    text: Mapped[str]
    state: Mapped[str]
    people: Mapped[int]
    last_user: Mapped[int]
    given_to: Mapped[int]
    progress_id: Mapped[int | None]
    created_at: Mapped[float]
    begun_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    ended_by: Mapped[int | None]


class ModeratorsChatRow(Base):
    """A chat for moderators, by the id that the operator set. `moved_to` is the id that the
    messenger gave it since, `error` why it cannot be written to, empty where it can; `digest_at` is
    until when the last daily summary reached."""

    __tablename__ = "moderators_chats"
    __table_args__: Any = {"sqlite_with_rowid": False}  # noqa: RUF012

    channel: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    chat: Mapped[str] = mapped_column(primary_key=True)
    moved_to: Mapped[str] = mapped_column(server_default="")
    since: Mapped[float]
    digest_at: Mapped[float]
    error: Mapped[str] = mapped_column(server_default="")
    error_at: Mapped[float] = mapped_column(server_default="0")


class CardRow(Base):
    """A message in a chat for moderators: about a flag, a reminder of one, or a daily summary.

    `chat` is where it stands, `said` stands for what it shows, so that it is edited when that has
    changed; a `settled` one never changes again. `since` is the beginning of what a summary covers.
    """

    __tablename__ = "cards"
    __table_args__: Any = (
        Index("uq_cards_flag", "flag_id", "kind", unique=True),
        Index("ix_cards_unsettled", "id", **only_where(UNSETTLED)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    kind: Mapped[str]
    flag_id: Mapped[int | None]
    state: Mapped[str]
    chat: Mapped[str]
    platform_id: Mapped[str]
    said: Mapped[str]
    since: Mapped[float]
    settled: Mapped[bool]
    created_at: Mapped[float]
