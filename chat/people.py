"""Who speaks with the assistant, and what they may do."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """What a person may do, from the most to the least."""

    OWNER = "owner"
    ADMIN = "admin"
    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    MEMBER = "member"


class Access(StrEnum):
    """Whether a person may talk to the assistant."""

    ALLOWED = "allowed"
    WAITING = "waiting"  # a stranger whose request the owner has not answered
    STRANGER = "stranger"
    BLOCKED = "blocked"


class Sender(Struct, frozen=True):
    """A person as a messenger names them; `external_id` is unique within the channel."""

    external_id: str
    name: str = ""
    language: str = ""  # BCP 47, as the messenger or browser tells it


class User(Struct, frozen=True):
    """A person as SQL records them; several senders may be one user.

    `budget` is their own, as chat.budgets reads it; empty where the usual one is theirs."""

    id: int
    name: str
    language: str
    role: Role
    access: Access
    created_at: float
    budget: str = ""
