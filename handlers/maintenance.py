"""While the assistant is being worked on, questions wait, and are answered afterwards."""

from __future__ import annotations

from chat.people import User
from handlers.effects import Effects
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted
from handlers.standing import STAFF
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.repositories import Maintenance

LONGEST = 300  # characters of what people are told besides
MOST = 1000  # conversations that are hinted at once; the sweep hints the others


def may_maintain(user: User) -> bool:
    """Whether somebody may have questions wait."""
    return user.role in STAFF


async def begin(tx: Transaction, user: User, text: str) -> None:
    """Let questions wait from now on; what is being answered is answered to its end.

    A second time changes what people are told. Raises NotPermitted."""
    _check(user)
    text = " ".join(text.split())[:LONGEST]
    text += "." * text[-1:].isalnum()  # a sentence follows
    await tx.operations.begin_maintenance(text, by=user.id)
    await _note(tx, user, "maintenance.begun")


async def end(tx: Transaction, user: User, effects: Effects) -> bool:
    """Have answered what has waited; False where nothing did. Raises NotPermitted."""
    _check(user)
    if not await tx.operations.end_maintenance():
        return False
    effects.hints.update(await tx.turns.to_hint(MOST))
    await _note(tx, user, "maintenance.ended")
    return True


class Upkeep:
    """The same from the dashboard; every call is its own transaction."""

    def __init__(self, *, database: Database, broker: Broker) -> None:
        self._database = database
        self._broker = broker

    async def state(self) -> Maintenance | None:
        """Since when and why questions wait, if they do."""
        async with self._database.read() as tx:
            return await tx.operations.maintenance()

    async def begin(self, user: User, text: str) -> None:
        """See begin."""
        async with self._database.write() as tx:
            await begin(tx, user, text)

    async def end(self, user: User) -> None:
        """See end."""
        effects = Effects()
        async with self._database.write() as tx:
            await end(tx, user, effects)
        await effects.announce(self._broker)


def _check(user: User) -> None:
    if not may_maintain(user):
        raise NotPermitted


async def _note(tx: Transaction, user: User, action: str) -> None:
    await tx.audit.add(action, actor=actor_of(user), kind="operation", object_id="maintenance")
