"""Deleting everything of a person, with a proof that outlives it: how much of what, and of which
rows, without a word of what they said."""

from __future__ import annotations

import hashlib

from chat.people import User
from handlers.effects import Effects
from handlers.erasure import erase
from storage.database import Transaction
from storage.repositories import Actor, Kept

DELETED = "data.deleted"  # in the audit log


async def delete_with_proof(
    tx: Transaction,
    user: User,
    effects: Effects,
    *,
    actor: Actor,
    seconded_by: int | None = None,
    decision: int | None = None,
) -> Kept:
    """Erase a person; see erase. The entry in the audit log counts what they had, and holds the
    SHA-256 of its row numbers, each on a line as `kind:number`, sorted."""
    had = await tx.people.belongings(user.id)
    kept = await erase(tx, user, effects)
    lines = sorted(f"{kind}:{number}" for kind, numbers in had.items() for number in numbers)
    await tx.audit.add(
        DELETED,
        actor=actor,
        kind="user",
        object_id=user.id,
        details={
            **{kind: len(numbers) for kind, numbers in had.items()},
            "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
            "seconded_by": seconded_by,
            "decision": decision,
        },
    )
    return kept
