"""How well checks and people do: what was flagged and upheld, appealed and taken back, how fast."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)

from chat.moderation import Priority
from storage.json_rows import json_elements, json_field
from storage.repositories.base import Repository
from storage.repositories.ranks import nearest_rank, place
from storage.tables import appeals, decisions, feedback, flags

_A, _D, _F, _B = appeals.c, decisions.c, flags.c, feedback.c
_SINCE: BindParameter[float] = bindparam("since")
# What counts, or has counted until an appeal took it back; what can still be undone does not yet.
_SETTLED = _D.state.in_(("in-force", "reversed"))
_UPHELD = _D.verdict.not_in(("dismiss", "release"))


def _times(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """How often it holds."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_FINDING = json_elements(_F.findings).table_valued("value", name="finding")
_FOUND = (
    select(_F.id, json_field(_FINDING.c.value, literal_column("'check'")).label("name"))
    .select_from(flags.join(_FINDING, true()))
    .where(_F.created_at >= _SINCE)
    .distinct()
    .subquery("found")
)
_CHECKS = (
    select(_FOUND.c.name, func.count(), func.count(_D.id), _times(_UPHELD))
    .select_from(_FOUND.outerjoin(decisions, and_(_D.flag_id == _FOUND.c.id, _SETTLED)))
    .group_by(_FOUND.c.name)
    .order_by(_FOUND.c.name)
)
_DECIDED = (
    select(_F.rank.label("flag_rank"), *place(_D.created_at - _F.created_at, _F.rank))
    .select_from(decisions.join(flags, _F.id == _D.flag_id))
    .where(_D.created_at >= _SINCE, _SETTLED)
    .subquery("decided")
)
_WAITS = (
    select(
        _DECIDED.c.flag_rank,
        func.count(),
        nearest_rank(_DECIDED, 50),
        nearest_rank(_DECIDED, 90),
    )
    .group_by(_DECIDED.c.flag_rank)
    .order_by(_DECIDED.c.flag_rank)
)
# Not the bare column: SQLite would go through its index, row by row, over all the years.
_BY = func.coalesce(_D.decided_by, 0)
_REVIEWERS = (
    select(_BY.label("by"), func.count(), _times(_UPHELD), _times(_D.state == "reversed"))
    .where(_D.created_at >= _SINCE, _SETTLED, _BY > 0)
    .group_by("by")
    .order_by(func.count().desc(), "by")
)
_APPEALS = select(func.count(), _times(_A.state == "overturned")).where(
    _A.state != "open", _A.decided_at >= _SINCE
)

_DAYS = cast(_B.created_at, BigInteger) // literal_column("86400", BigInteger)
_THUMBED = (_B.created_at >= _SINCE, _B.liked.is_not(None))
_THUMBS = (
    select(
        _DAYS.label("day"),
        _B.model.label("of_model"),
        func.count(),
        _times(_B.liked.is_(False)),
    )
    .where(*_THUMBED)
    .group_by("day", "of_model")
    .order_by(_DAYS.desc(), "of_model")
)
_REASONS = (
    select(_B.reason, func.count())
    .where(*_THUMBED, _B.liked.is_(False), _B.reason != "")
    .group_by(_B.reason)
    .order_by(func.count().desc(), _B.reason)
)


class CheckQuality(Struct, frozen=True):
    """Flags that rest on one check, alone or with others: how many were raised, how many of those
    are decided, and of how many of those somebody found that something had to follow."""

    check: str
    raised: int
    decided: int
    upheld: int


class Wait(Struct, frozen=True):
    """How long it took to decide so many flags of one priority: half, and nine of ten, within so
    many seconds from when they were raised."""

    priority: Priority
    decided: int
    p50: float
    p90: float


class Reviewer(Struct, frozen=True):
    """What somebody decided: so often, so often that something followed, and so often that an
    appeal took it back."""

    user_id: int
    decided: int
    upheld: int
    reversed: int


class Thumbs(Struct, frozen=True):
    """How many thumbs answers of a model got on one day (days since 1970, in UTC), and how many of
    them point down. `model` is empty where it is not known."""

    day: int
    model: str
    count: int
    down: int


class Quality(Repository):
    """Aggregates since a time (epoch seconds): of flags by when they were raised, of all else by
    when it was decided."""

    async def checks(self, since: float) -> list[CheckQuality]:
        """By check, in the order of their names."""
        rows = await self._rows(_CHECKS, {"since": since})
        return [CheckQuality(row[0], *map(int, row[1:])) for row in rows]

    async def waits(self, since: float) -> list[Wait]:
        """By priority, the most urgent first."""
        rows = await self._rows(_WAITS, {"since": since})
        return [Wait(Priority(-rank), count, p50, p90) for rank, count, p50, p90 in rows]

    async def reviewers(self, since: float) -> list[Reviewer]:
        """By who decided, with and without flags, the busiest first."""
        rows = await self._rows(_REVIEWERS, {"since": since})
        return [Reviewer(*map(int, row)) for row in rows]

    async def appeals(self, since: float) -> tuple[int, int]:
        """How many were decided, and how many of them were right."""
        [row] = await self._rows(_APPEALS, {"since": since})
        return int(row[0]), int(row[1])

    async def thumbs(self, since: float) -> list[Thumbs]:
        """By day, the latest first, and model."""
        rows = await self._rows(_THUMBS, {"since": since})
        return [Thumbs(int(day), model, int(n), int(down)) for day, model, n, down in rows]

    async def reasons(self, since: float) -> dict[str, int]:
        """How often each reason was given for a thumb down, the most frequent first."""
        return {reason: int(n) for reason, n in await self._rows(_REASONS, {"since": since})}
