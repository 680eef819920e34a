"""Holds: what an admin or owner says must not be deleted for now, and who lets it go again."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from chat.people import User
from handlers.errors import HandlerError, NotFound
from handlers.moderation.noting import actor_of
from handlers.moderation.policies import may_edit
from handlers.moderation.rights import NotPermitted, seat_in, sees
from handlers.settings import KeepSettings
from storage.chain import Entry
from storage.database import Database
from storage.repositories import DataKind, Hold, HoldKind, Looked, Sought

LONGEST_HOLD = 3660 * 24 * 3600.0  # seconds
LONGEST_REASON = 500  # characters
PROOFS = 10  # of each kind that are shown
PROOF_ACTIONS = ("retention.deleted", "hold.deleted")


class NotAHold(HandlerError):
    """A hold without a reason, or until a time that it cannot have."""

    key = "privacy-put-wrong"


class Privacy(Struct, frozen=True):
    """What is kept how long, what was deleted, and what is held. `kept` are seconds, None for
    good."""

    kept: dict[DataKind, float | None]
    looked: dict[DataKind, Looked]
    proofs: tuple[Entry, ...]
    holds: tuple[Hold, ...]
    ended: tuple[Hold, ...]
    undecided: int
    waiting: int


class HoldBook:
    """What admins and owners do with holds. Every call is its own transaction."""

    def __init__(
        self, *, database: Database, keep: KeepSettings, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._keep = keep
        self._clock = clock

    async def look(self, user: User) -> Privacy:
        """All of it. Raises NotPermitted."""
        _check(user)
        async with self._database.read() as tx:
            proofs = [
                entry
                for action in PROOF_ACTIONS
                for entry in await tx.audit.search(Sought(action=action), PROOFS)
            ]
            return Privacy(
                kept={kind: self._keep.seconds(kind) for kind in DataKind},
                looked=await tx.retention.looked(),
                proofs=tuple(sorted(proofs, key=lambda entry: -entry.number)[:PROOFS]),
                holds=tuple(await tx.holds.in_force()),
                ended=tuple(await tx.holds.ended()),
                undecided=await tx.holds.undecided(),
                waiting=await tx.holds.waiting(),
            )

    async def put(
        self, user: User, kind: HoldKind, object_id: int, *, reason: str, until: float
    ) -> Hold:
        """Keep what there is of something until then (epoch seconds).

        Raises NotPermitted, NotAHold, and NotFound for what does not exist or is not for them."""
        _check(user)
        reason, now = reason.strip()[:LONGEST_REASON], self._clock()
        if not reason or not now < until <= now + LONGEST_HOLD:
            raise NotAHold
        async with self._database.write() as tx:
            if kind is HoldKind.FLAG:
                flag = await tx.flags.get(object_id)
                if not sees(await seat_in(tx, user), flag):
                    raise NotFound
            hold = await tx.holds.add(
                kind, object_id, reason=reason, until=until, created_by=user.id
            )
            await tx.audit.add(
                "hold.put",
                actor=actor_of(user),
                kind=kind.value,
                object_id=object_id,
                details={"hold": hold.id, "until": round(until * 1000)},
            )
        return hold

    async def release(self, user: User, hold_id: int) -> None:
        """End a hold before its time. Raises NotPermitted, NotFound."""
        _check(user)
        async with self._database.write() as tx:
            hold = await tx.holds.get(hold_id)
            await tx.holds.release(hold_id, by=user.id)
            await tx.audit.add(
                "hold.released",
                actor=actor_of(user),
                kind=hold.kind.value,
                object_id=hold.object_id,
                details={"hold": hold_id},
            )


def may_hold(user: User) -> bool:
    """Whether somebody puts holds and releases them."""
    return may_edit(user)


def _check(user: User) -> None:
    if not may_hold(user):
        raise NotPermitted
