"""The figures of the Live page: computed once for all who look, from what SQL and workers say."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from chat.errors import AssistantError
from chat.turns import TurnState, WorkerInfo
from handlers.settings import Prices
from storage.broker import Broker
from storage.database import Database
from storage.repositories import TurnBucket

MINUTE, HOUR, DAY = 60.0, 3600.0, 24 * 3600.0
WHOLE = 1e12  # seconds: a slot that holds everything since the beginning of time
# Above so many people within a month, the Llama licence asks for one of Meta's own
# (Llama 4 Community License Agreement, section 2).
LICENCE_LINE = 700_000_000


class Span(StrEnum):
    """How far back one looks."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class _Slots(NamedTuple):
    width: float  # seconds
    number: int
    fresh: float  # seconds for which figures are not computed anew


SLOTS = {
    Span.HOUR: _Slots(MINUTE, 60, 2.0),
    Span.DAY: _Slots(15 * MINUTE, 96, 10.0),
    Span.MONTH: _Slots(6 * HOUR, 120, 60.0),
}


class LiveFigures(Struct, frozen=True):
    """What happened within a span, and what is now; `at` is epoch seconds, `width` that of a slot.

    `workers` is None where the broker is silent, `cost` where no prices are set. `active_day` and
    `active_month` are people in whose conversations a turn ended.
    """

    span: Span
    at: float
    width: float
    slots: list[TurnBucket]
    whole: TurnBucket
    waiting: int
    running: int
    oldest: float
    workers: list[WorkerInfo] | None
    active_day: int
    active_month: int
    cost: float | None
    currency: str

    @property
    def seconds(self) -> float:
        """How much time the slots cover up to now."""
        return max(1.0, self.at - self.slots[0].at)

    @property
    def picture_share(self) -> float | None:
        """The part of questions that had pictures, 0 to 1; None where no turn says."""
        known = self.whole.pictures_known
        return self.whole.with_pictures / known if known else None

    @property
    def licence_share(self) -> float:
        """The part of the Llama licence's line that the people of a month are."""
        return self.active_month / LICENCE_LINE


class LiveBoard:
    """`figures` of each span are computed at most every two seconds, however many ask."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        prices: Prices,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._prices = prices
        self._clock = clock
        self._locks: defaultdict[Span, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._known: dict[Span, LiveFigures] = {}

    async def figures(self, span: Span) -> LiveFigures:
        """The figures of a span, a few seconds old at most. Raises StorageError."""
        async with self._locks[span]:
            known = self._known.get(span)
            if known is None or not 0 <= self._clock() - known.at < SLOTS[span].fresh:
                known = self._known[span] = await self._compute(span)
            return known

    async def _compute(self, span: Span) -> LiveFigures:
        width, count, _ = SLOTS[span]
        now = self._clock()
        first = (now // width - count + 1) * width
        async with self._database.read() as tx:
            buckets = await tx.turns.buckets(first, width)
            whole = await tx.turns.buckets(first, WHOLE)
            states = await tx.turns.counts(now)
            oldest = await tx.turns.oldest_waiting_age()
            active_day = await tx.turns.active_people(now - DAY)
            active_month = await tx.turns.active_people(now - 30 * DAY)
        total = whole[0] if whole else TurnBucket(0.0)
        return LiveFigures(
            span=span,
            at=now,
            width=width,
            slots=filled(buckets, first, width=width, count=count),
            whole=total,
            waiting=states[TurnState.QUEUED],
            running=states[TurnState.RUNNING],
            oldest=oldest,
            workers=await self._workers(),
            active_day=active_day,
            active_month=active_month,
            cost=self._prices.cost(total.prompt_tokens, total.generated_tokens),
            currency=self._prices.currency,
        )

    async def _workers(self) -> list[WorkerInfo] | None:
        try:
            return await self._broker.workers()
        except AssistantError:
            return None


def filled(
    buckets: list[TurnBucket], first: float, *, width: float, count: int
) -> list[TurnBucket]:
    """All slots from `first` on, those in which nothing ended among them."""
    known = {round(bucket.at / width): bucket for bucket in buckets}
    begin = round(first / width)
    return [known.get(n) or TurnBucket(n * width) for n in range(begin, begin + count)]
