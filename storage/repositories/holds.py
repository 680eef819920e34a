"""What must stay for now: holds that somebody has put, and what is being decided."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy import literal as value

from storage.repositories.base import AnyRow, Repository, clean, insert
from storage.tables import (
    appeals,
    conversations,
    decisions,
    flags,
    holds,
    messages,
    postponed,
    restrictions,
    users,
)
from storage.tables.decisions import DUE

_H, _M, _F, _C = holds.c, messages.c, flags.c, conversations.c
COLUMNS = (
    _H.id,
    _H.kind,
    _H.object_id,
    _H.reason,
    _H.until,
    _H.created_by,
    _H.created_at,
    _H.released_by,
    _H.released_at,
)
_NOW: BindParameter[float] = bindparam("now")
_MOST: BindParameter[int] = bindparam("most")
IN_FORCE = _H.released_at.is_(None) & (_H.until > _NOW)


class HoldKind(StrEnum):
    """What is held: all of a person, all of a conversation, or what a flag is about."""

    USER = "user"
    CONVERSATION = "conversation"
    FLAG = "flag"


class Hold(Struct, frozen=True):
    """See HoldRow."""

    id: int
    kind: HoldKind
    object_id: int
    reason: str
    until: float
    created_by: int | None
    created_at: float
    released_by: int | None
    released_at: float | None


class Kept(Struct, frozen=True):
    """How many messages are kept though they were to go; until when at the latest somebody has
    said so, None where they wait for a decision alone."""

    count: int
    until: float | None = None


def holds_on(kind: HoldKind, object_id: ColumnElement[int | None]) -> ColumnElement[bool]:
    """Whether a hold is in force on that; the statement needs `now`."""
    return exists(select(_H.id).where(IN_FORCE, _H.kind == kind.value, _H.object_id == object_id))


_OWNER = select(_C.user_id).where(_C.id == _M.conversation_id).correlate(messages).scalar_subquery()
_FLAGS_OF = select(_F.id).where(_F.message_id == _M.id).correlate(messages)
PUT = or_(
    holds_on(HoldKind.USER, _M.user_id),
    holds_on(HoldKind.USER, _OWNER),
    holds_on(HoldKind.CONVERSATION, _M.conversation_id),
    exists(
        select(_H.id).where(IN_FORCE, _H.kind == HoldKind.FLAG.value, _H.object_id.in_(_FLAGS_OF))
    ),
)
"""Whether somebody has put a hold on a message."""
# Few at any time, and found once for a whole statement; that is why these are no `exists`.
_WAITS = select(decisions.c.message_id).where(decisions.c.message_id.is_not(None), text(DUE))
_APPEALED = (
    select(_F.message_id)
    .join(restrictions, restrictions.c.flag_id == _F.id)
    .join(appeals, appeals.c.restriction_id == restrictions.c.id)
    .where(_F.message_id.is_not(None), appeals.c.state == literal_column("'open'"))
)
UNDECIDED = or_(
    exists(select(_F.id).where(_F.message_id == _M.id, _F.state == literal_column("'open'"))),
    _M.id.in_(_WAITS),
    _M.id.in_(_APPEALED),
)
"""Whether a message was reported or flagged, and that is not decided yet, nor its appeal."""
HELD = or_(PUT, UNDECIDED)
POSTPONED = exists(select(postponed.c.message_id).where(postponed.c.message_id == _M.id))

_ADD = insert(holds).returning(_H.id)
_GET = select(*COLUMNS).where(_H.id == bindparam("hold"))
_RELEASE = (
    update(holds)
    .where(_H.id == bindparam("hold"), _H.released_at.is_(None))
    .values(released_by=bindparam("by"), released_at=_NOW)
)
_IN_FORCE = select(*COLUMNS).where(IN_FORCE).order_by(_H.id.desc()).limit(_MOST)
_ENDED = (
    select(*COLUMNS)
    .where(or_(_H.released_at.is_not(None), _H.until <= _NOW))
    .order_by(_H.id.desc())
    .limit(_MOST)
)
_TARGETS = {
    HoldKind.USER: select(users.c.id).where(users.c.id == bindparam("object")),
    HoldKind.CONVERSATION: select(_C.id).where(_C.id == bindparam("object")),
    HoldKind.FLAG: select(_F.id).where(_F.id == bindparam("object")),
}
_WAITING = select(func.count()).select_from(postponed)
_OPEN = (
    select(func.count()).select_from(flags).where(_F.state == "open", _F.message_id.is_not(None))
)
_DUE = (
    select(postponed.c.message_id, _M.created_at)
    # From the few that are postponed, whatever SQLite makes of it.
    .select_from(postponed)
    .join(messages, _M.id == postponed.c.message_id, isouter=True)
    # A chat that goes on has another owner by then: it counts whose it was.
    .where(~HELD, ~holds_on(HoldKind.USER, postponed.c.user_id))
    .order_by(postponed.c.message_id)
    .limit(_MOST)
)
_FORGET = delete(postponed).where(postponed.c.message_id == bindparam("message"))
_OWNED = select(_C.id).where(_C.user_id == bindparam("user"))
_OF_USER = or_(_M.user_id == bindparam("user"), _M.conversation_id.in_(_OWNED))
_OF_CONVERSATION = _M.conversation_id == bindparam("conversation")
_IT = _M.id == bindparam("message")


def _untils(of: ColumnElement[bool], *others: ColumnElement[bool]) -> ColumnElement[float | None]:
    """Until when at the latest one of the holds on these messages is in force."""
    flagged = exists(
        select(_F.id)
        .join(messages, messages.c.id == _F.message_id)
        .where(_F.id == _H.object_id, of)
        .correlate(holds)
    )
    of_flags = (_H.kind == HoldKind.FLAG.value) & flagged
    return select(func.max(_H.until)).where(IN_FORCE, or_(of_flags, *others)).scalar_subquery()


def _on(kind: HoldKind, ids: object) -> ColumnElement[bool]:
    return (_H.kind == kind.value) & _H.object_id.in_(ids)  # type: ignore[arg-type]


_KEPT_OF_USER = select(
    select(func.count()).select_from(messages).where(_OF_USER, ~_M.erased, HELD).scalar_subquery(),
    _untils(
        _OF_USER,
        (_H.kind == HoldKind.USER.value) & (_H.object_id == bindparam("user")),
        _on(HoldKind.CONVERSATION, _OWNED),
    ),
)
_KEPT_OF_CONVERSATION = select(
    select(func.count())
    .select_from(messages)
    .where(_OF_CONVERSATION, ~_M.erased, HELD)
    .scalar_subquery(),
    _untils(
        _OF_CONVERSATION,
        (_H.kind == HoldKind.CONVERSATION.value) & (_H.object_id == bindparam("conversation")),
        _on(HoldKind.USER, select(_C.user_id).where(_C.id == bindparam("conversation"))),
    ),
)
_POSTPONE, _HIDE = {}, {}
for _name, _which in (("user", _OF_USER), ("conversation", _OF_CONVERSATION), ("message", _IT)):
    _POSTPONE[_name] = (
        insert(postponed)
        .from_select(
            ["message_id", "user_id", "asked_at"],
            select(_M.id, func.coalesce(_M.user_id, _OWNER), value(0.0) + _NOW).where(
                _which, ~_M.erased, HELD, ~POSTPONED
            ),
        )
        .on_conflict_do_nothing()
    )
    # Nobody reads them in their chat any more, and no prompt has them.
    _HIDE[_name] = (
        update(messages)
        .where(_which, POSTPONED)
        .values(superseded=True, platform_id="", group_id="")
    )


class Holds(Repository):
    """Holds, and what was to be deleted but is kept by one."""

    async def add(
        self, kind: HoldKind, object_id: int, *, reason: str, until: float, created_by: int | None
    ) -> Hold:
        """Keep what there is of something. Raises NotFound where there is no such thing."""
        await self._one(_TARGETS[kind], object=object_id)
        row = await self._one(
            _ADD,
            kind=kind.value,
            object_id=object_id,
            reason=clean(reason),
            until=until,
            created_by=created_by,
            created_at=self._clock(),
            released_by=None,
            released_at=None,
        )
        return await self.get(row[0])

    async def get(self, hold_id: int) -> Hold:
        """One. Raises NotFound."""
        return _to_hold(await self._one(_GET, hold=hold_id))

    async def release(self, hold_id: int, *, by: int | None) -> None:
        """End one before its time. Raises NotFound, also where it was released before."""
        await self._change_one(_RELEASE, hold=hold_id, by=by, now=self._clock())

    async def in_force(self, *, most: int = 200) -> list[Hold]:
        """Those that keep something now, the newest first."""
        rows = await self._rows(_IN_FORCE, {"now": self._clock(), "most": most})
        return [_to_hold(row) for row in rows]

    async def ended(self, *, most: int = 20) -> list[Hold]:
        """Those that have ended or were released, the newest first."""
        rows = await self._rows(_ENDED, {"now": self._clock(), "most": most})
        return [_to_hold(row) for row in rows]

    async def waiting(self) -> int:
        """How many messages were to be deleted and are still kept."""
        return int((await self._execute(_WAITING)).scalar_one())

    async def undecided(self) -> int:
        """How many messages are kept since a flag or report of them is open."""
        return int((await self._execute(_OPEN)).scalar_one())

    async def kept_of_user(self, user_id: int) -> Kept:
        """What would stay of a person who asks for everything to be deleted."""
        return await self._kept(_KEPT_OF_USER, user=user_id)

    async def kept_of_conversation(self, conversation_id: int) -> Kept:
        """What would stay of a conversation that is to be deleted."""
        return await self._kept(_KEPT_OF_CONVERSATION, conversation=conversation_id)

    async def _kept(self, query: object, **keys: int) -> Kept:
        row = await self._one(query, **keys, now=self._clock())  # type: ignore[arg-type]
        return Kept(int(row[0]), row[1] if row[0] else None)

    async def postpone_of_user(self, user_id: int) -> None:
        """Hide what is held of a person, to be deleted when nothing holds it any more."""
        await self._postpone("user", user_id)

    async def postpone_of_conversation(self, conversation_id: int) -> None:
        """Hide what is held of a conversation, to be deleted when nothing holds it any more."""
        await self._postpone("conversation", conversation_id)

    async def postpone_message(self, message_id: int) -> None:
        """Hide a message if it is held, to be deleted when nothing holds it any more."""
        await self._postpone("message", message_id)

    async def _postpone(self, which: str, id_: int) -> None:
        keys = {which: id_, "now": self._clock()}
        await self._execute(_POSTPONE[which], keys)
        await self._execute(_HIDE[which], keys)

    async def due(self, *, most: int) -> list[tuple[int, float]]:
        """Messages that nothing holds any more and that were to be deleted: ids and times."""
        rows = await self._rows(_DUE, {"now": self._clock(), "most": most})
        return [(int(row[0]), float(row[1])) for row in rows]

    async def forget(self, message_ids: Sequence[int]) -> None:
        """These are deleted now."""
        if message_ids:
            await self._execute(_FORGET, [{"message": each} for each in message_ids])


def _to_hold(row: AnyRow) -> Hold:
    id_, kind, *rest = row
    return Hold(id_, HoldKind(kind), *rest)
