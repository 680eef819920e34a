"""What was done, by whom and to what: entries that follow each other without a gap."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct, structs
from sqlalchemy import ColumnElement, Select, Text, bindparam, func, select, update

from chat.people import Role
from storage.chain import NOTHING, ChainBroken, Entry, Flaw, Head, Verifier, sealed
from storage.connection import Connection
from storage.repositories.base import Repository, clean, insert, lockable
from storage.tables import audit, audit_heads

LONGEST, MOST_BYTES = 200, 4000  # characters of a text, bytes of all details
PAGE = 1000
Detail = str | int | float | bool | None | Sequence[str] | Sequence[int]

_CHAIN = "audit"
_ACTION = re.compile(r"[a-z]+(?:[.-][a-z]+)+")
_A, _H = audit.c, audit_heads.c
_COLUMNS = tuple(_A[name] for name in Entry.__struct_fields__)
_HEAD = lockable(select(_H.number, _H.hash).where(_H.chain == _CHAIN), audit_heads)
_BEGIN = insert(audit_heads).on_conflict_do_nothing()
_MOVE = (
    update(audit_heads)
    .where(_H.chain == _CHAIN)
    .values(number=bindparam("to_number"), hash=bindparam("to_hash"))
)
_ADD = insert(audit)
_FIRST = select(*_COLUMNS).order_by(_A.number).limit(bindparam("most"))
_READ = _FIRST.where(_A.number > bindparam("after"))
_OF_OBJECT = (
    select(*_COLUMNS)
    .where(_A.object_kind == bindparam("kind"), _A.object_id == bindparam("object"))
    .order_by(_A.number.desc())
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(audit)
_FILTERS: dict[str, ColumnElement[bool]] = {
    "actor_id": _A.actor_id == bindparam("actor_id"),
    "actor": _A.actor == bindparam("actor"),
    "action": func.substr(_A.action, 1, func.length(bindparam("action", type_=Text())))
    == bindparam("action", type_=Text()),
    "kind": _A.object_kind == bindparam("kind"),
    "object_id": _A.object_id == bindparam("object_id"),
    "since": _A.time >= bindparam("since"),
    "until": _A.time < bindparam("until"),
    "before": _A.number < bindparam("before"),
}


class Actor(Struct, frozen=True):
    """Who did it: a user by number, under the name that the log is to call them by, and the role
    in which they did it."""

    user_id: int | None
    pseudonym: str
    role: Role | None = None


class Sought(Struct, frozen=True):
    """Which entries are looked for; None stands for any.

    `action` is how it begins; `since` and `until` are milliseconds since 1970, as in an entry,
    and what happened at `until` is not meant any more; `before` is the number of the last one
    seen."""

    actor_id: int | None = None
    actor: str | None = None
    action: str | None = None
    kind: str | None = None
    object_id: str | None = None
    since: int | None = None
    until: int | None = None
    before: int | None = None


ASSISTANT = Actor(None, "assistant")
"""What follows from the rules by itself."""


class Audit(Repository):
    """The audit log. What is added is written when the transaction is about to commit: the lock
    that keeps all other writers waiting is the last one taken, and the briefest."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        super().__init__(connection, clock)
        self.waiting: tuple[Entry, ...] = ()

    async def add(
        self,
        action: str,
        *,
        actor: Actor,
        kind: str,
        object_id: int | str,
        details: Mapping[str, Detail] | None = None,
    ) -> None:
        """Say that `actor` did `action` (such as "flag.decided") to the object of this kind.

        `details` are small values: numbers, names of rules, reasons that were chosen. Never what
        people say, never a secret: neither can be taken out again. Raises ValueError for an action
        that is no such word, and for details beyond MOST_BYTES.
        """
        assert self._connection.writable, "nothing is added to the audit log by who only reads"
        if not _ACTION.fullmatch(action):
            raise ValueError(f"an action is a word like flag.decided, not {action!r}")
        entry = Entry(
            number=0,
            time=round(self._clock() * 1000),
            actor_id=actor.user_id,
            actor=_short(actor.pseudonym),
            role=actor.role.value if actor.role else "",
            action=action,
            object_kind=_short(kind),
            object_id=_short(str(object_id)),
            details=_written(details or {}),
            previous="",
            hash="",
        )
        self.waiting = (*self.waiting, entry)

    async def write_down(self) -> None:
        """Chain what was added to what there is. The transaction does so before it commits."""
        if not self.waiting:
            return
        head, rows = await self._lock(), []
        for entry in self.waiting:
            entry = sealed(entry, head)
            rows.append(structs.asdict(entry))
            head = entry.head
        await self._execute(_ADD, rows)
        await self._change_one(_MOVE, to_number=head.number, to_hash=head.hash)
        self.waiting = ()

    async def head(self) -> Head:
        """How far the log goes."""
        row = (await self._execute(_HEAD)).first()
        return NOTHING if row is None else Head(*row)

    async def read(self, after: int | None, limit: int) -> list[Entry]:
        """Entries after this number, or from the very first, in their order."""
        if after is None:
            return [Entry(*row) for row in await self._rows(_FIRST, {"most": limit})]
        keys = {"after": after, "most": limit}
        return [Entry(*row) for row in await self._rows(_READ, keys)]

    async def search(self, sought: Sought, most: int) -> list[Entry]:
        """Those that are looked for, the newest first."""
        given = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in structs.asdict(sought).items()
            if value is not None
        }
        rows = await self._rows(_search(frozenset(given)), {**given, "most": most})
        return [Entry(*row) for row in rows]

    async def pages(self) -> AsyncIterator[list[Entry]]:
        """The whole log, so many entries at once: memory stays flat, and others have their turn,
        whom SQLite would let wait to the end."""
        page = await self.read(None, PAGE)
        while page:
            yield page
            await asyncio.sleep(0)
            page = await self.read(page[-1].number, PAGE)

    async def verify(self, anchors: Iterable[Head] = ()) -> Head:
        """Follow the whole log, and compare it with heads that were kept elsewhere; its head.

        Raises ChainBroken. Within a transaction that reads, others may write meanwhile.
        """
        known = await self.head()
        verifier = Verifier([known, *anchors])
        async for page in self.pages():
            verifier.follow(page)
        if verifier.end().number > known.number:
            why = "it was not added as entries are"
            raise ChainBroken(known.number + 1, Flaw.FOREIGN, why)
        return known

    async def of_object(self, kind: str, object_id: int | str, limit: int) -> list[Entry]:
        """What was done to one object, the latest first."""
        keys = {"kind": kind, "object": str(object_id), "most": limit}
        return [Entry(*row) for row in await self._rows(_OF_OBJECT, keys)]

    async def count(self) -> int:
        """How many entries there are."""
        return int((await self._execute(_COUNT)).scalar_one())

    async def _lock(self) -> Head:
        """The head, which nobody else can move before this transaction has ended."""
        row = (await self._execute(_HEAD)).first()
        if row is None:  # the first entry of all; of two who begin at once, one waits here
            begun = {"chain": _CHAIN, "number": NOTHING.number, "hash": NOTHING.hash}
            await self._execute(_BEGIN, begun)
            row = await self._one(_HEAD)
        return Head(*row)


@cache
def _search(given: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The statement for these filters, built once."""
    query = select(*_COLUMNS).where(*(_FILTERS[name] for name in sorted(given)))
    return query.order_by(_A.number.desc()).limit(bindparam("most"))


def _short(text: str) -> str:
    return clean(text)[:LONGEST]


def _written(details: Mapping[str, Detail]) -> str:
    small = {_short(name): _small(value) for name, value in details.items()}
    text = msgspec.json.encode(small, order="sorted")
    if len(text) > MOST_BYTES:
        raise ValueError(f"details are small values, and these have {len(text)} bytes")
    return text.decode()


def _small(value: Detail) -> Detail:
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, Sequence):
        return [_short(each) if isinstance(each, str) else each for each in value]  # type: ignore[return-value]
    return value
