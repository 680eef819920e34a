"""What moderation does stands in the audit log: who did it, under which name, to what."""

from __future__ import annotations

from collections.abc import Mapping

from chat.people import User
from storage.database import Transaction
from storage.repositories import ASSISTANT, Actor, Decision


def actor_of(user: User) -> Actor:
    """Somebody as the log calls them: by role and number, never by name."""
    return Actor(user.id, f"{user.role.value} {user.id}", user.role)


async def note_decision(
    tx: Transaction, action: str, decision: Decision, *, by: User | None
) -> None:
    """That something was done about a decision; None stands for the time that has passed."""
    await tx.audit.add(
        action,
        actor=actor_of(by) if by else ASSISTANT,
        kind="decision",
        object_id=decision.id,
        details={
            "verdict": decision.verdict.value,
            "flag": decision.flag_id,
            "user": decision.user_id,
            "category": decision.category,
            "policy": decision.policy,
            "seconds": decision.seconds,
        },
    )


async def note_user(
    tx: Transaction,
    action: str,
    user_id: int,
    *,
    by: User,
    details: Mapping[str, str | bool] | None = None,
) -> None:
    """That something was done about a person, or by them about themselves."""
    await tx.audit.add(
        action, actor=actor_of(by), kind="user", object_id=user_id, details=dict(details or {})
    )


async def note_turn(tx: Transaction, action: str, turn_id: int, *, by: User) -> None:
    """That something was done about a question of somebody else."""
    await tx.audit.add(action, actor=actor_of(by), kind="turn", object_id=turn_id)


async def note_flag(tx: Transaction, action: str, flag_id: int, *, by: User) -> None:
    """That something was done about a flag without deciding it."""
    await tx.audit.add(action, actor=actor_of(by), kind="flag", object_id=flag_id)
