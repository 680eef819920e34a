"""Questions that failed: an operator looks at them, and has them answered once more."""

from __future__ import annotations

import time
from builtins import list as List  # a method below is called list, too
from collections.abc import Callable

import structlog
from msgspec import Struct

from chat.people import User
from chat.turns import TurnState
from handlers.effects import Effects
from handlers.errors import NotFound
from handlers.moderation.noting import note_turn
from handlers.standing import STAFF
from handlers.turns import answer_again
from storage.broker import Broker
from storage.database import Database
from storage.repositories import FailedTurn

log = structlog.get_logger()

SHOWN_FOR = 30 * 24 * 3600.0  # seconds after its end
MOST = 50
LONGEST = 300  # characters of a question


class Failure(Struct, frozen=True):
    """A failed turn for the operator's eyes; `question` is empty for who may not read it."""

    turn: FailedTurn
    question: str


class Failures:
    """The failed turns of the last 30 days; every call is its own transaction.

    Owners and admins read the questions and retry; other staff see that there are some.
    """

    def __init__(
        self, *, database: Database, broker: Broker, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock

    async def list(self, user: User) -> List[Failure]:
        """The latest first, at most fifty."""
        async with self._database.read() as tx:
            found = await tx.turns.failed(self._clock() - SHOWN_FOR, MOST)
        reads = user.role in STAFF
        return [Failure(turn, turn.question[:LONGEST] if reads else "") for turn in found]

    async def retry(self, user: User, turn_id: int) -> bool:
        """Answer a failed turn once more, in the place where its failure was told.

        One that was set aside runs alone, and falls again with the first worker that dies over it.
        False where it has not failed, or not any more. Raises NotFound for who may not do this."""
        effects = Effects()
        async with self._database.write() as tx:
            acting = await tx.users.get(user.id)  # the role may have been taken since
            if acting.role not in STAFF:
                raise NotFound("only owners and admins retry", key="not-found")
            turn = await tx.turns.get(turn_id)
            failed = turn.state is TurnState.FAILED
            again = failed and await answer_again(tx, turn, effects, in_place=True)
            if again:
                await note_turn(tx, "turn.retried", turn_id, by=acting)
        if again:
            log.info("a failed turn is answered once more", turn=turn_id, by=user.id)
            await effects.announce(self._broker)
        return again
