"""How many turns ended in each slot of time, what they took, and who asked."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Float, bindparam, case, cast, func, select

from chat.turns import TurnState
from storage.repositories.base import Repository
from storage.repositories.ranks import nearest_rank, place
from storage.repositories.turn_rows import T, condition
from storage.tables import conversations, turns

_WIDTH = bindparam("width", type_=Float())
_ENDED = (condition("ended_at IS NOT NULL"), T.ended_at >= bindparam("since"))


def _floor(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The next lower whole number: a cast cuts on SQLite and rounds on PostgreSQL."""
    whole = cast(value, BigInteger())
    return whole - case((cast(whole, Float()) > value, 1), else_=0)


def _in_state(state: TurnState) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((T.state == state.value, 1), else_=0)), 0)


_SLOT = _floor(T.ended_at / _WIDTH)
_KNOWN = T.pictures.is_not(None)
_COUNTS = (
    select(
        _SLOT.label("slot"),
        _in_state(TurnState.ANSWERED),
        _in_state(TurnState.FAILED),
        _in_state(TurnState.REFUSED),
        _in_state(TurnState.CANCELLED),
        func.sum(T.prompt_tokens),
        func.sum(T.cached_tokens),
        func.sum(T.generated_tokens),
        func.coalesce(func.sum(case((T.pictures > 0, 1), else_=0)), 0),
        func.coalesce(func.sum(case((_KNOWN, 1), else_=0)), 0),
    )
    .where(*_ENDED)
    .group_by("slot")
    .order_by("slot")
)
_RANKED = (
    select(_SLOT.label("slot"), *place(T.first_text_seconds, _SLOT))
    .where(*_ENDED, T.first_text_seconds.is_not(None))
    .subquery()
)
_PERCENTILES = select(
    _RANKED.c.slot, nearest_rank(_RANKED, 50), nearest_rank(_RANKED, 95)
).group_by(_RANKED.c.slot)
_ACTIVE = (
    select(func.count(conversations.c.user_id.distinct()))
    .select_from(turns)
    .join(conversations, conversations.c.id == T.conversation_id)
    .where(*_ENDED)
)


class TurnBucket(Struct, frozen=True):
    """Turns that ended within one slot of time, which begins at `at` (epoch seconds).

    `with_pictures` of the `pictures_known` turns had pictures; the first text came after `p50` and
    `p95` seconds, None where no turn says.
    """

    at: float
    answered: int = 0
    failed: int = 0
    refused: int = 0
    cancelled: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    with_pictures: int = 0
    pictures_known: int = 0
    p50: float | None = None
    p95: float | None = None

    @property
    def turns(self) -> int:
        """All that ended."""
        return self.answered + self.failed + self.refused + self.cancelled


class TurnFigures(Repository):
    """Turns by the time of their end: exact for any number of bots and workers."""

    async def buckets(self, since: float, width: float) -> list[TurnBucket]:
        """What ended at or after `since`, in slots of `width` seconds; empty ones are left out."""
        within = {"since": since, "width": width}
        waits = {row[0]: row[1:] for row in await self._rows(_PERCENTILES, within)}
        rows = await self._rows(_COUNTS, within)
        return [
            TurnBucket(slot * width, *map(int, counts), *waits.get(slot, (None, None)))
            for slot, *counts in rows
        ]

    async def active_people(self, since: float) -> int:
        """In how many people's conversations a turn ended at or after `since`."""
        [row] = await self._rows(_ACTIVE, {"since": since})
        return int(row[0])
