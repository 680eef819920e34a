"""What is older than it is kept, by kind of data, but for what must stay."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from storage.repositories.base import Repository, insert
from storage.repositories.erasure import erase, not_postponed, not_shown_by_postponed
from storage.repositories.holds import HELD, HoldKind, holds_on
from storage.tables import (
    appeals,
    attachments,
    conversations,
    feedback,
    flags,
    message_attachments,
    messages,
    reports,
    restrictions,
    retention,
)

_A, _C, _F, _M, _R = attachments.c, conversations.c, flags.c, messages.c, reports.c
_B, _T = feedback.c, retention.c
_BEFORE: BindParameter[float] = bindparam("before")
_AFTER: BindParameter[int] = bindparam("after")


class DataKind(StrEnum):
    """What can be kept for a time of its own."""

    MESSAGES = "messages"
    PICTURES = "pictures"
    FLAGS = "flags"
    REPORTS = "reports"
    FEEDBACK = "feedback"


class Aged(Struct, frozen=True):
    """Something of a kind, and when it came to be."""

    id: int
    at: float


class Looked(Struct, frozen=True):
    """When a kind was last looked through, when it is next, and how much of it is gone in all."""

    ran_at: float
    next_at: float
    gone: int


class Going(Struct, frozen=True):
    """How much of a kind is too old, from when to when, and how much of it is held."""

    count: int
    oldest: float | None
    newest: float | None
    held: int


class _Kind(Struct, frozen=True):
    """`old` is what may go by its age, `held` what must stay nonetheless."""

    table: Table
    at: ColumnElement[Any]
    old: ColumnElement[bool]
    held: ColumnElement[bool]


_SHOWN_BY_HELD = exists(
    select(message_attachments.c.attachment_id)
    .join(messages, _M.id == message_attachments.c.message_id)
    .where(message_attachments.c.attachment_id == _A.id, HELD)
)
_APPEALED = exists(
    select(appeals.c.id)
    .join(restrictions, restrictions.c.id == appeals.c.restriction_id)
    .where(appeals.c.state == "open", restrictions.c.flag_id == _F.id)
)
_KINDS = {
    DataKind.MESSAGES: _Kind(messages, _M.created_at, ~_M.erased & not_postponed(), HELD),
    DataKind.PICTURES: _Kind(
        attachments,
        _A.created_at,
        (_A.state != "pending") & not_shown_by_postponed(),
        or_(
            _SHOWN_BY_HELD,
            holds_on(HoldKind.USER, _A.user_id),
            holds_on(HoldKind.CONVERSATION, _A.conversation_id),
        ),
    ),
    DataKind.FLAGS: _Kind(
        flags,
        func.coalesce(_F.decided_at, _F.created_at),
        _F.state != "open",
        or_(
            _APPEALED,
            holds_on(HoldKind.FLAG, _F.id),
            holds_on(HoldKind.USER, _F.user_id),
            holds_on(HoldKind.CONVERSATION, _F.conversation_id),
        ),
    ),
    DataKind.REPORTS: _Kind(
        reports,
        _R.created_at,
        ~exists(select(_F.id).where(_F.id == _R.flag_id, _F.state == "open")),
        or_(
            holds_on(HoldKind.USER, _R.user_id),
            holds_on(HoldKind.FLAG, _R.flag_id),
            holds_on(HoldKind.CONVERSATION, _R.conversation_id),
        ),
    ),
    DataKind.FEEDBACK: _Kind(
        feedback, _B.created_at, _B.id > 0, holds_on(HoldKind.USER, _B.user_id)
    ),
}
_PICK = {
    kind: select(each.table.c.id, each.at)
    .where(each.table.c.id > _AFTER, each.at < _BEFORE, each.old, ~each.held)
    .order_by(each.table.c.id)
    .limit(bindparam("most"))
    for kind, each in _KINDS.items()
}
_GOING = {
    kind: select(func.count(), func.min(each.at), func.max(each.at))
    .select_from(each.table)
    .where(each.at < _BEFORE, each.old, ~each.held)
    for kind, each in _KINDS.items()
}
_HELD = {
    kind: select(func.count()).select_from(each.table).where(each.at < _BEFORE, each.old, each.held)
    for kind, each in _KINDS.items()
}
_DROP = {
    kind: delete(each.table).where(each.table.c.id == bindparam("gone"))
    for kind, each in _KINDS.items()
}
# Nobody's hot memory has them any more; the time of the last change stays.
_TURN_OVER = (
    update(conversations).where(_C.id == bindparam("conversation")).values(revision=_C.revision + 1)
)
_UNTITLE = (
    update(conversations)
    .where(
        _C.updated_at < _BEFORE,
        _C.title != "",
        ~holds_on(HoldKind.USER, _C.user_id),
        ~holds_on(HoldKind.CONVERSATION, _C.id),
    )
    .values(title="")
)
_ADD = insert(retention)
_CLAIM = _ADD.on_conflict_do_update(
    index_elements=["kind"],
    set_={"ran_at": _ADD.excluded.ran_at, "next_at": _ADD.excluded.next_at},
    where=_T.next_at <= _ADD.excluded.ran_at,
).returning(_T.kind)
_NOTE = (
    update(retention)
    .where(_T.kind == bindparam("of_kind"))
    .values(gone=_T.gone + bindparam("more"), next_at=bindparam("again_at"))
)
_LOOKED = select(_T.kind, _T.ran_at, _T.next_at, _T.gone)


class Retention(Repository):
    """Finds and deletes what is too old, a few at a time."""

    async def claim(self, kind: DataKind, *, again_at: float) -> bool:
        """Whether it is time to look through this kind, and nobody else does. It is next looked
        through at `again_at`, unless this transaction fails."""
        row = {"kind": kind.value, "ran_at": self._clock(), "next_at": again_at, "gone": 0}
        return (await self._execute(_CLAIM, row)).first() is not None

    async def note(self, kind: DataKind, gone: int, *, again_at: float) -> None:
        """So much more is gone, and the rest is looked through then."""
        await self._change_one(_NOTE, of_kind=kind.value, more=gone, again_at=again_at)

    async def looked(self) -> dict[DataKind, Looked]:
        """When each kind was looked through."""
        rows = await self._rows(_LOOKED)
        return {DataKind(row[0]): Looked(*row[1:]) for row in rows if row[0] in set(DataKind)}

    async def pick(self, kind: DataKind, before: float, *, after: int, most: int) -> list[Aged]:
        """What is older and not held, by number."""
        keys = {"before": before, "after": after, "most": most, "now": self._clock()}
        return [Aged(*row) for row in await self._rows(_PICK[kind], keys)]

    async def going(self, kind: DataKind, before: float) -> Going:
        """How much of a kind would go."""
        keys = {"before": before, "now": self._clock()}
        counted = await self._one(_GOING[kind], **keys)
        held = await self._one(_HELD[kind], **keys)
        return Going(counted[0], counted[1], counted[2], held[0])

    async def drop(self, kind: DataKind, ids: Sequence[int]) -> list[str]:
        """Delete these; the SHA-256 of the pictures that nothing refers to any more."""
        if not ids:
            return []
        if kind is DataKind.MESSAGES:
            return await self._erase_messages(ids)
        if kind is DataKind.PICTURES:
            return await erase(self._connection, _M.id.in_([]), _A.id.in_(ids))
        await self._execute(_DROP[kind], [{"gone": each} for each in ids])
        return []

    async def untitle(self, before: float) -> int:
        """Take the titles of conversations that nobody wrote in since; how many had one."""
        return await self._changed(_UNTITLE, before=before, now=self._clock())

    async def _erase_messages(self, ids: Sequence[int]) -> list[str]:
        query = select(_M.conversation_id).where(_M.id.in_(ids)).distinct()
        touched = sorted(row[0] for row in await self._rows(query))
        by = message_attachments.c
        shown = select(by.attachment_id).where(by.message_id.in_(ids))
        elsewhere = exists(
            select(by.attachment_id)
            .join(messages, _M.id == by.message_id)
            .where(by.attachment_id == _A.id, _M.id.not_in(ids), ~_M.erased)
            .correlate(attachments)
        )
        files = await erase(self._connection, _M.id.in_(ids), _A.id.in_(shown) & ~elsewhere)
        for conversation_id in touched:
            await self._execute(_TURN_OVER, {"conversation": conversation_id})
        return files
