"""What lets people in: codes, passwords, second factors, signed-in browsers.

Of secrets only a hash is kept, but for those that codes of six digits are computed from.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, RowId, UserId


class CodeRow(Base):
    """A code with the uses that are left. `role` is what an invitation makes of its bearer, empty
    for a member; `made_by`, without a foreign key, is who invited."""

    __tablename__ = "codes"
    __table_args__: Any = (
        UniqueConstraint("hash"),
        Index(None, "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    kind: Mapped[str]
    hash: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"))
    uses: Mapped[int]
    wrong_tries: Mapped[int]
    expires_at: Mapped[float | None]
    created_at: Mapped[float]
    role: Mapped[str] = mapped_column(server_default="")
    made_by: Mapped[int | None]


class WebSessionRow(Base):
    """A signed-in browser; it ends `lifetime` seconds after it was last seen."""

    __tablename__ = "web_sessions"
    __table_args__: Any = (
        UniqueConstraint("hash"),
        Index(None, "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    hash: Mapped[str]
    lifetime: Mapped[float]
    seen_at: Mapped[float]
    created_at: Mapped[float]
    agent: Mapped[str] = mapped_column(server_default="")
    # Begun before cookies were named by __Host-: its cookie may still have the old name.
    old_name: Mapped[bool] = mapped_column(server_default=false())


class PasswordRow(Base):
    """A name to sign in with, folded, and an argon2 hash with its parameters."""

    __tablename__ = "passwords"
    __table_args__: Any = (UniqueConstraint("name"),)

    user_id: Mapped[int] = mapped_column(
        Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str]
    hash: Mapped[str]
    changed_at: Mapped[float]


class SecondFactorRow(Base):
    """What a person's authenticator computes its codes from (RFC 6238).

    `last_step` is the last time step whose code was taken; it is asked for once `confirmed`.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(
        Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str]
    last_step: Mapped[int]
    confirmed: Mapped[bool]
    created_at: Mapped[float]


class RecoveryCodeRow(Base):
    """A code for once, for whoever has lost the authenticator."""

    __tablename__ = "recovery_codes"
    __table_args__: Any = (UniqueConstraint("user_id", "hash"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    hash: Mapped[str]


class FirstStepRow(Base):
    """Somebody who has given the right password and still owes the code."""

    __tablename__ = "first_steps"
    __table_args__: Any = (UniqueConstraint("hash"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    hash: Mapped[str]
    expires_at: Mapped[float]
