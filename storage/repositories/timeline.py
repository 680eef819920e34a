"""All that is known of a person in one line of time: which rows, in which order."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Boolean,
    Double,
    Select,
    Text,
    bindparam,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from storage.repositories.base import Repository
from storage.repositories.review_queue import Seat
from storage.tables import appeals, decisions, flags, notes, reports, restrictions
from storage.tables.base import Id

_PERSON = bindparam("user", type_=Id)


class EventKind(StrEnum):
    """What happened; the table that tells more of it."""

    APPEAL = "appeal"
    DECISION = "decision"
    FLAG = "flag"
    NOTE = "note"
    REPORT = "report"  # made by the person
    RESTRICTION = "restriction"


class Event(Struct, frozen=True):
    """Something that happened: when (epoch seconds), and the row of its kind."""

    at: float
    kind: EventKind
    id: int


_VISIBLE = (
    flags.c.level.in_(bindparam("levels", expanding=True)),
    or_(~flags.c.locked, bindparam("unlocked", type_=Boolean())),
)


def _of(kind: EventKind, table: Any, *conditions: Any) -> Select[*tuple[Any, ...]]:
    columns = (
        table.c.created_at.label("at"),
        literal(kind.value, Text()).label("kind"),
        table.c.id.label("id"),
    )
    return select(*columns).where(table.c.user_id == _PERSON, *conditions)


def _about_a_flag(table: Any) -> Any:
    """Of what rests on a flag, only what rests on one that can be seen, or is gone."""
    flag = flags.alias(f"flag_of_{table.name}")
    hidden = select(flag.c.id).where(
        flag.c.id == table.c.flag_id,
        or_(
            flag.c.level.not_in(bindparam("levels", expanding=True)),
            flag.c.locked & ~bindparam("unlocked", type_=Boolean()),
        ),
    )
    return ~hidden.exists()


_ALL = union_all(
    _of(EventKind.FLAG, flags, *_VISIBLE),
    _of(EventKind.DECISION, decisions, _about_a_flag(decisions)),
    _of(EventKind.REPORT, reports, _about_a_flag(reports)),
    _of(EventKind.RESTRICTION, restrictions, true()),
    _of(EventKind.APPEAL, appeals, true()),
    _of(EventKind.NOTE, notes, true()),
).subquery("events")
_E = _ALL.c
_PAGE = (
    select(_E.at, _E.kind, _E.id)
    .order_by(_E.at.desc(), _E.kind.desc(), _E.id.desc())
    .limit(bindparam("most"))
)
_PAGE_AFTER = _PAGE.where(
    tuple_(_E.at, _E.kind, _E.id)
    < tuple_(
        bindparam("after_at", type_=Double()),
        bindparam("after_kind", type_=Text()),
        bindparam("after_id", type_=Id),
    )
)


class Timeline(Repository):
    """What happened to a person and what they did, newest first."""

    async def page(
        self, user_id: int, seat: Seat, *, most: int, after: Event | None = None
    ) -> list[Event]:
        """So many events, as far as somebody with this seat may see them; `after` is the last one
        seen. Each table is read by its index on the person."""
        values: dict[str, Any] = {
            "user": user_id,
            "levels": list(seat.levels),
            "unlocked": seat.unlocked,
            "most": most,
        }
        query = _PAGE
        if after is not None:
            query = _PAGE_AFTER
            values |= {"after_at": after.at, "after_kind": after.kind.value, "after_id": after.id}
        rows = await self._rows(query, values)
        return [Event(at, EventKind(kind), id_) for at, kind, id_ in rows]
