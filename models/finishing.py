"""Ends of turns: those that come together are committed together, then told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog

from chat.failpoints import Failpoint, reached
from chat.turns import OutboundAdded, TurnEnded, TurnResult
from storage.allowances import Allowances, Usage
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.errors import BrokerUnavailable, DatabaseUnavailable, StorageError

log = structlog.get_logger()

TRIES = 6  # of a commit; the fencing makes later ones harmless
# What is written in the transaction of an end that is ours; the conversations to be told something.
Record = Callable[[Transaction], Awaitable[set[int]]]


class _Ending(NamedTuple):
    result: TurnResult
    used: Usage | None
    record: Record | None
    done: asyncio.Future[bool]


class Finisher:
    """Commits results in SQL first and only then tells the broker. `run` has to be running."""

    def __init__(
        self, *, database: Database, broker: Broker, allowances: Allowances, most: int = 64
    ) -> None:
        self._database = database
        self._broker = broker
        self._allowances = allowances
        self._most = most
        self._queue: asyncio.Queue[_Ending] = asyncio.Queue()

    async def finish(
        self, result: TurnResult, *, used: Usage | None = None, record: Record | None = None
    ) -> bool:
        """End a turn, and `record` what goes with it; False when another attempt has taken over,
        and then nothing was written.

        What was `used` is counted either way, before the end is told, so that the next question
        finds it counted. Raises StorageError where the end could not be committed."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Ending(result, used, record, done))
        return await done

    async def run(self) -> None:
        """Commit until cancelled."""
        while True:
            endings = [await self._queue.get()]
            while not self._queue.empty() and len(endings) < self._most:
                endings.append(self._queue.get_nowait())
            try:
                await self._allowances.spend([each.used for each in endings if each.used])
                await self._commit(endings)
            finally:
                for ending in endings:
                    ending.done.cancel()  # only those that nobody has answered

    async def _commit(self, endings: list[_Ending]) -> None:
        try:
            written, spoken = await self._write(endings)
        except StorageError as error:
            if len(endings) == 1:
                _answer(endings[0].done, error)
                return
            for ending in endings:  # one of them may be what is wrong
                await self._commit([ending])
            return
        reached(Failpoint.ENDS_COMMITTED)
        ours = [each.result for each, mine in zip(endings, written, strict=True) if mine]
        await self._tell(ours, spoken)
        reached(Failpoint.ENDS_TOLD)
        for ending, mine in zip(endings, written, strict=True):
            _answer(ending.done, mine)

    async def _write(self, endings: list[_Ending]) -> tuple[list[bool], set[int]]:
        """Which ends were ours, and the conversations in which there is something to be told."""
        for attempt in range(TRIES):
            try:
                written, spoken = [], set[int]()
                async with self._database.write() as transaction:
                    for ending in endings:
                        mine = await transaction.turns.finish(ending.result)
                        if mine and ending.record is not None:
                            spoken |= await ending.record(transaction)
                        written.append(mine)
                    reached(Failpoint.ENDS_WRITTEN)
                return written, spoken
            except DatabaseUnavailable:
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
        raise AssertionError("unreachable")

    async def _tell(self, results: list[TurnResult], spoken: set[int]) -> None:
        ended = [TurnEnded(result.turn_id) for result in results]
        try:
            await self._broker.write(*results)
            await self._broker.publish(*ended, *map(OutboundAdded, sorted(spoken)))
        except BrokerUnavailable as error:
            log.warning("ends of turns were not told", error=str(error))


def _answer(done: asyncio.Future[bool], answer: bool | StorageError) -> None:
    if done.done():
        return
    if isinstance(answer, StorageError):
        done.set_exception(answer)
    else:
        done.set_result(answer)
