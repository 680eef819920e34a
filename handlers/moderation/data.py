"""Others' data: taken along or deleted, never at one person's word."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from chat.people import User
from chat.ports import AttachmentStore
from handlers.deletion import DELETED
from handlers.errors import NotFound
from handlers.export import Exporter
from handlers.moderation.conversations import LONGEST_REASON, ReasonWanted
from handlers.moderation.deciding import Choice, decide_about
from handlers.moderation.noting import note_user
from handlers.moderation.rights import (
    OTHERS_DATA,
    NotPermitted,
    check_verdict,
    outranks,
    sees_person,
    sees_staff,
)
from moderation.policy.live import LivePolicy
from storage.chain_lines import lines_of
from storage.database import Database
from storage.repositories import Decision, DecisionState, ReviewVerdict

TAKEN_WITHIN = 24 * 3600.0  # seconds after two have agreed
ASKED = frozenset({ReviewVerdict.EXPORT, ReviewVerdict.DELETE})


class DataState(Struct, frozen=True):
    """What is asked for of a person's data. `granted`: one may take it along now."""

    may_ask: bool
    waiting: tuple[Decision, ...] = ()
    granted: bool = False


class DataRequests:
    """What admins may ask for, and what follows for who asked."""

    def __init__(
        self,
        *,
        database: Database,
        store: AttachmentStore,
        policy: LivePolicy,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._policy = policy
        self._exporter = Exporter(database, store, clock=clock)
        self._clock = clock

    async def state(self, user: User, person_id: int) -> DataState:
        """What one may ask for, and what waits. Raises NotFound."""
        async with self._database.read() as tx:
            person = await tx.users.get(person_id)
            if not sees_staff(user) or person.id == user.id or not outranks(user, person):
                return DataState(may_ask=False)
            decisions = await tx.decisions.of_user(person_id)
        waiting = tuple(
            each
            for each in decisions
            if each.verdict in OTHERS_DATA and each.state is DecisionState.WAITING
        )
        granted = any(self._grants(user, each) for each in decisions)
        return DataState(may_ask=True, waiting=waiting, granted=granted)

    async def ask(
        self, user: User, person_id: int, verdict: ReviewVerdict, reason: str
    ) -> Decision:
        """Ask a second person to agree. Raises NotFound, NotPermitted and ReasonWanted."""
        if verdict not in ASKED:
            raise NotPermitted
        check_verdict(user, verdict, None)
        reason = reason.strip()[:LONGEST_REASON]
        if not reason:
            raise ReasonWanted
        policy = await self._policy.get()
        async with self._database.write() as tx:
            person = await tx.users.get(person_id)
            if not sees_person(user, person):
                raise NotFound
            return await decide_about(
                tx,
                user,
                person_id,
                Choice(verdict, note=reason),
                policy=policy.number,
                now=self._clock(),
            )

    async def take(self, user: User, person_id: int) -> bytes:
        """The zip of /export, for a day after somebody has agreed. Raises NotFound, and
        NotPermitted."""
        if not (await self.state(user, person_id)).granted:
            raise NotPermitted
        async with self._database.write() as tx:
            await note_user(tx, "data.exported", person_id, by=user)
        return await self._exporter.build(person_id)

    async def proof(self, user: User, person_id: int) -> bytes:
        """The line of the audit log that says what was deleted, as it is exported.

        Raises NotFound and NotPermitted."""
        if not sees_staff(user):
            raise NotPermitted
        async with self._database.read() as tx:
            found = await tx.audit.of_object("user", person_id, 1000)
        for entry in found:
            if entry.action == DELETED:
                return lines_of([entry])
        raise NotFound

    def _grants(self, user: User, decision: Decision) -> bool:
        since = decision.ended_at or 0.0
        return (
            decision.verdict is ReviewVerdict.EXPORT
            and decision.state is DecisionState.IN_FORCE
            and decision.decided_by == user.id
            and self._clock() - since < TAKEN_WITHIN
        )
