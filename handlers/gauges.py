"""What the record says now, as gauges for Prometheus: the same from every bot, not to be summed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from chat.moderation import Priority
from handlers.figures import LiveBoard, LiveFigures, Span
from storage.database import Database
from storage.errors import StorageError

FRESH = 10.0  # seconds for which they are not computed anew


class RecordGauges:
    """Computed at most every ten seconds, however many scrape; none while the database is away."""

    def __init__(
        self, *, database: Database, board: LiveBoard, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._board = board
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: Sequence[Metric] = ()
        self._computed_at = -FRESH

    async def metrics(self) -> Sequence[Metric]:
        """All of them."""
        async with self._lock:
            if not 0 <= self._clock() - self._computed_at < FRESH:
                self._known = await self._compute()
                self._computed_at = self._clock()
            return self._known

    async def _compute(self) -> Sequence[Metric]:
        try:
            day = await self._board.figures(Span.DAY)
            async with self._database.read() as tx:
                flags = await tx.flags.open_by_priority()
        except StorageError:
            return ()
        return [*_people(day), *_flags(flags, self._clock()), *_running(day)]


def _people(day: LiveFigures) -> list[Metric]:
    active = GaugeMetricFamily(
        "whimbrel_people_active",
        "People in whose conversations a turn ended, within so many days.",
        labels=["days"],
    )
    active.add_metric(["1"], day.active_day)
    active.add_metric(["30"], day.active_month)
    return [active]


def _flags(flags: dict[Priority, tuple[int, float]], now: float) -> list[Metric]:
    waiting = GaugeMetricFamily(
        "whimbrel_flags_open", "Flags that nobody has decided.", labels=["priority"]
    )
    for priority in Priority:
        waiting.add_metric([priority.name.lower()], flags.get(priority, (0, now))[0])
    oldest = min((since for _, since in flags.values()), default=now)
    age = GaugeMetricFamily(
        "whimbrel_flag_age_seconds", "How long the oldest open flag waits.", value=now - oldest
    )
    return [waiting, age]


def _running(day: LiveFigures) -> list[Metric]:
    live = GaugeMetricFamily(
        "whimbrel_workers", "Workers that have said within seconds that they live.", labels=[]
    )
    if day.workers is not None:  # where it is, the broker answers
        live.add_metric([], len(day.workers))
    cost = GaugeMetricFamily(
        "whimbrel_cost_of_a_day",
        "What the tokens of the last 24 hours cost by the prices that are set.",
        labels=["currency"],
    )
    if day.cost is not None:
        cost.add_metric([day.currency], day.cost)
    return [live, cost]
