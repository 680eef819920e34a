"""Appeals: somebody other than who decided looks again, and the person hears of the outcome."""

from __future__ import annotations

import time
from builtins import list as List  # a method below is called list, too
from collections.abc import Callable

from msgspec import Struct

from chat.outbound import Notice
from chat.people import Role, User
from handlers.effects import Effects
from handlers.moderation.deciding import SECONDERS
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted, TooLate, may_second
from handlers.requests import Requests
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.repositories import Appeal, Restriction


class OpenAppeal(Struct, frozen=True):
    """An appeal with what it is against; `own` where the one who looks at it decided that."""

    appeal: Appeal
    restriction: Restriction
    own: bool


class Appeals:
    """What moderators do with appeals; every call is its own transaction."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        requests: Requests,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`requests` knows where somebody is best told something."""
        self._database = database
        self._broker = broker
        self._people = requests
        self._clock = clock

    async def list(self, user: User) -> List[OpenAppeal]:
        """Those that nobody has decided, the oldest first. Raises NotPermitted."""
        if not may_second(user):
            raise NotPermitted
        async with self._database.read() as tx:
            return [await self._with(tx, user, each) for each in await tx.appeals.open()]

    async def decide(self, user: User, appeal_id: int, *, overturn: bool, note: str = "") -> Appeal:
        """Lift the restriction, or let it stand.

        Raises NotPermitted for who decided it, unless they are the owner and there is nobody else:
        then the decision is marked so. Raises TooLate where somebody was quicker."""
        if not may_second(user):
            raise NotPermitted
        effects = Effects()
        async with self._database.write() as tx:
            found = await self._with(tx, user, await tx.appeals.get(appeal_id))
            if found.own and not await self._alone(tx, user):
                raise NotPermitted
            decided = await tx.appeals.decide(
                appeal_id, overturned=overturn, by=user.id, note=note, same_person=found.own
            )
            if not decided:
                raise TooLate
            await tx.audit.add(
                "appeal.overturned" if overturn else "appeal.upheld",
                actor=actor_of(user),
                kind="appeal",
                object_id=appeal_id,
                details={"restriction": found.restriction.id, "same_person": found.own},
            )
            if overturn:
                await tx.restrictions.lift(found.restriction.id, by=user.id)
            await self._tell(tx, found, overturn=overturn, effects=effects)
            appeal = await tx.appeals.get(appeal_id)
        await effects.announce(self._broker)
        return appeal

    async def _with(self, tx: Transaction, user: User, appeal: Appeal) -> OpenAppeal:
        restriction = await tx.restrictions.get(appeal.restriction_id)
        return OpenAppeal(appeal, restriction, restriction.decided_by == user.id)

    async def _alone(self, tx: Transaction, user: User) -> bool:
        """Whether nobody but this owner could decide."""
        others = await tx.users.with_roles(SECONDERS)
        return user.role is Role.OWNER and all(other.id == user.id for other in others)

    async def _tell(
        self, tx: Transaction, found: OpenAppeal, *, overturn: bool, effects: Effects
    ) -> None:
        appeal = found.appeal
        conversation_id = appeal.conversation_id
        if conversation_id is None:
            conversation_id = await self._people.where(tx, await tx.users.get(appeal.user_id))
        if conversation_id is None:
            return
        args: dict[str, str | int | float] = {"same": "yes" if found.own else "no"}
        key = "appeal-overturned" if overturn else "appeal-upheld"
        await tx.outbound.add_notice(conversation_id, Notice(key, args))
        effects.spoken.add(conversation_id)
