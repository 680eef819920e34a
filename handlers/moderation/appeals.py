"""Appeals: somebody other than who decided looks again, and the person hears of the outcome."""

from __future__ import annotations

from builtins import list as List  # a method below is called list, too
from collections.abc import Iterable

from msgspec import Struct

from chat.outbound import Notice
from chat.people import User
from handlers.effects import Effects
from handlers.errors import NotFound
from handlers.moderation.hearing import Matter, Standing, bench, matter_of
from handlers.moderation.lifting import lift
from handlers.moderation.noting import actor_of, note_decision
from handlers.moderation.rights import NotPermitted, TooLate, may_second
from handlers.requests import Requests
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.repositories import Appeal, DecisionState, Restriction, RestrictionKind

LONGEST_NOTE = 2000  # characters
DECIDERS = frozenset({Standing.HEARS, Standing.ALONE})


class Heard(Struct, frozen=True):
    """An appeal as somebody sees it, and what they may do about it."""

    matter: Matter
    standing: Standing

    @property
    def appeal(self) -> Appeal:
        """The appeal itself."""
        return self.matter.appeal

    @property
    def own(self) -> bool:
        """Whether the one who looks at it had decided, or is the person."""
        return self.standing in (Standing.ALONE, Standing.TOOK_PART)

    @property
    def decides(self) -> bool:
        """Whether they may decide it, while nobody has."""
        return self.appeal.state == "open" and self.standing in DECIDERS


class Appeals:
    """What moderators do with appeals; every call is its own transaction."""

    def __init__(self, *, database: Database, broker: Broker, requests: Requests) -> None:
        """`requests` knows where somebody is best told something."""
        self._database = database
        self._broker = broker
        self._people = requests

    async def list(self, user: User) -> List[Heard]:
        """Those that nobody has decided, the oldest first. Raises NotPermitted."""
        if not may_second(user):
            raise NotPermitted
        async with self._database.read() as tx:
            return await _heard(tx, user, await tx.appeals.open())

    async def decided(
        self, user: User, *, most: int, before: int | None = None
    ) -> tuple[List[Heard], int | None]:
        """Those that somebody has decided, the newest first, and the number to go on from, None at
        the end. Raises NotPermitted."""
        if not may_second(user):
            raise NotPermitted
        async with self._database.read() as tx:
            found = await tx.appeals.decided(most + 1, before=before)
            heard = await _heard(tx, user, found[:most])
        return heard, found[most - 1].id if len(found) > most else None

    async def get(self, user: User, appeal_id: int) -> Heard:
        """One. Raises NotPermitted and NotFound."""
        async with self._database.read() as tx:
            return await hear(tx, user, appeal_id)

    async def next(self, user: User, *, after: int = 0) -> Appeal | None:
        """The oldest appeal that this person may decide, after one by its number where there are
        such; None where there is none at all."""
        waiting = [each.appeal for each in await self.list(user) if each.decides]
        later = [appeal for appeal in waiting if appeal.id > after]
        return next(iter(later or [each for each in waiting if each.id != after]), None)

    async def decide(self, user: User, appeal_id: int, *, overturn: bool, note: str = "") -> Appeal:
        """Lift the restriction and what rules added to it, or let it stand.

        Raises NotFound for what they do not see, NotPermitted for who took part, unless they are
        the owner and there is nobody else: then the decision is marked so. Raises TooLate where
        somebody was quicker."""
        effects = Effects()
        async with self._database.write() as tx:
            found = await hear(tx, user, appeal_id)
            if found.standing not in DECIDERS:
                raise NotPermitted
            decided = await tx.appeals.decide(
                appeal_id,
                overturned=overturn,
                by=user.id,
                note=note.strip()[:LONGEST_NOTE],
                same_person=found.own,
            )
            if not decided:
                raise TooLate
            await _note(tx, user, found, overturn=overturn)
            if overturn:
                await _take_back(tx, user, found.matter)
            await self._tell(tx, found, overturn=overturn, effects=effects)
            appeal = await tx.appeals.get(appeal_id)
        await effects.announce(self._broker)
        return appeal

    async def _tell(
        self, tx: Transaction, found: Heard, *, overturn: bool, effects: Effects
    ) -> None:
        conversation_id = await self._where(tx, found.matter)
        if conversation_id is None:
            return
        args: dict[str, str | int | float] = {"same": "yes" if found.own else "no"}
        key = "appeal-overturned" if overturn else "appeal-upheld"
        await tx.outbound.add_notice(conversation_id, Notice(key, args))
        effects.spoken.add(conversation_id)

    async def _where(self, tx: Transaction, matter: Matter) -> int | None:
        """Where they appealed, or where they are best told something if that is gone."""
        conversation_id = matter.appeal.conversation_id
        if conversation_id is not None:
            try:
                return (await tx.conversations.get(conversation_id)).id
            except NotFound:
                pass  # they deleted it
        return await self._people.where(tx, matter.subject)


async def hear(tx: Transaction, user: User, appeal_id: int) -> Heard:
    """One appeal as somebody sees it. Raises NotPermitted, and NotFound, also for what is not for
    them to see."""
    if not may_second(user):
        raise NotPermitted
    for found in await _heard(tx, user, [await tx.appeals.get(appeal_id)]):
        return found
    raise NotFound


async def _heard(tx: Transaction, user: User, appeals: Iterable[Appeal]) -> list[Heard]:
    there, matters = await bench(tx), [await matter_of(tx, appeal) for appeal in appeals]
    return [Heard(each, there.standing(user, each)) for each in matters if there.sees(user, each)]


async def _take_back(tx: Transaction, user: User, matter: Matter) -> None:
    """Lift the restriction and what followed from it, and mark the decision as reversed."""
    for each in [matter.restriction, *await _followed(tx, matter.restriction)]:
        await lift(tx, user, each)
    decision = matter.decision
    if decision is not None and decision.state is DecisionState.IN_FORCE:
        await tx.decisions.move(decision, DecisionState.REVERSED, reversed_by=user.id)
        await note_decision(tx, "decision.reversed", decision, by=user)


async def _followed(tx: Transaction, restriction: Restriction) -> list[Restriction]:
    if restriction.kind is not RestrictionKind.STRIKE:
        return []
    return await tx.restrictions.following(restriction)


async def _note(tx: Transaction, user: User, found: Heard, *, overturn: bool) -> None:
    await tx.audit.add(
        "appeal.overturned" if overturn else "appeal.upheld",
        actor=actor_of(user),
        kind="appeal",
        object_id=found.appeal.id,
        details={"restriction": found.matter.restriction.id, "same_person": found.own},
    )
