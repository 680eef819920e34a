"""People as staff look for them, among a million, and what staff are called by their colleagues."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)

from chat.people import Access, Role, User
from storage.folding import LAST, folded
from storage.repositories.base import Repository, clean
from storage.repositories.users import COLUMNS, to_user
from storage.tables import attachments, conversations, identities, messages, restrictions, users

_U, _R = users.c, restrictions.c
_HAS_IDENTITY = select(identities.c.id).where(identities.c.user_id == _U.id).exists()
_RESTRICTED = select(_R.user_id).where(
    _R.kind.in_(("mute", "ban")),
    _R.lifted_at.is_(None),
    or_(_R.until.is_(None), _R.until > bindparam("now")),
)
_ROLE: BindParameter[str] = bindparam("wanted_role")
_ACCESS: BindParameter[str] = bindparam("wanted_access")


def _by_the_way(column: ColumnElement[str]) -> ColumnElement[str]:
    """A column whose index is not to lead: SQLite, which counts nothing, would take that of what
    nearly everybody is before that of a name."""
    return func.coalesce(column, "")


_FILTERS: dict[str, ColumnElement[bool]] = {
    "name": _U.folded.between(bindparam("first", type_=Text()), bindparam("last", type_=Text())),
    "staff": _U.role == _ROLE,
    "member": _by_the_way(_U.role) == _ROLE,
    "access": _U.access == _ACCESS,
    "access-too": _by_the_way(_U.access) == _ACCESS,
    "restricted": _U.id.in_(_RESTRICTED),
}
_OTHER = users.alias("other")
_NAME_OF_AFTER = select(_OTHER.c.folded).where(_OTHER.c.id == bindparam("after")).scalar_subquery()
_PERSON = select(*COLUMNS, _U.region, _U.pseudonym).where(_U.id == bindparam("user"))
_LAST_ACTIVE = select(func.max(conversations.c.updated_at)).where(
    conversations.c.user_id == bindparam("user")
)
_THEIRS = select(conversations.c.id).where(conversations.c.user_id == bindparam("user"))
_BELONGINGS = {
    "conversations": _THEIRS.where(~conversations.c.deleted),
    "messages": select(messages.c.id).where(
        or_(messages.c.user_id == bindparam("user"), messages.c.conversation_id.in_(_THEIRS)),
        ~messages.c.erased,
    ),
    "pictures": select(attachments.c.id).where(
        or_(attachments.c.user_id == bindparam("user"), attachments.c.conversation_id.in_(_THEIRS))
    ),
}
_COLLEAGUES = select(_U.id, _U.name, _U.pseudonym).where(
    _U.id.in_(bindparam("users", expanding=True))
)


class Wanted(Struct, frozen=True):
    """Who is looked for: whose name begins so, and who is of this standing; None for any."""

    name: str = ""
    role: Role | None = None
    access: Access | None = None
    restricted: bool = False  # muted or banned now


class Person(Struct, frozen=True):
    """A user with what else is known: country (ISO 3166, may be empty), when a conversation of
    theirs last changed (epoch seconds), and what colleagues call them where they are staff."""

    user: User
    region: str
    last_active: float | None
    pseudonym: str


class Colleague(Struct, frozen=True):
    """Somebody who works on the dashboard; `code` stands for their name before most others."""

    id: int
    name: str
    code: str


class People(Repository):
    """Finds people, and says more of them than Users does."""

    async def search(self, wanted: Wanted, *, most: int, after: int | None = None) -> list[User]:
        """Those who are wanted and still have an identity: by name where a name is given, else the
        newest first. `after` is the id of the last one seen."""
        name = clean(folded(wanted.name))
        query = _search(_filters(wanted, name), after is not None)
        values: dict[str, Any] = {
            "first": name,
            "last": name + LAST,
            "wanted_role": wanted.role,
            "wanted_access": wanted.access,
            "now": self._clock(),
            "most": most,
            "after": after,
        }
        return [to_user(row) for row in await self._rows(query, values)]

    async def get(self, user_id: int) -> Person:
        """Raises NotFound."""
        row = await self._one(_PERSON, user=user_id)
        last_active = (await self._one(_LAST_ACTIVE, user=user_id))[0]
        return Person(to_user(row), row[-2], last_active, row[-1])

    async def belongings(self, user_id: int) -> dict[str, list[int]]:
        """The numbers of what is theirs: conversations, and the messages and pictures in them and
        of theirs elsewhere, without what was erased before."""
        found = {}
        for kind, query in _BELONGINGS.items():
            rows = await self._rows(query, {"user": user_id})
            found[kind] = [int(row[0]) for row in rows]
        return found

    async def colleagues(self, user_ids: Collection[int]) -> dict[int, Colleague]:
        """Those of these who are or were staff, by id."""
        rows = await self._rows(_COLLEAGUES, {"users": sorted(user_ids)}) if user_ids else []
        return {row[0]: Colleague(*row) for row in rows}


def _filters(wanted: Wanted, name: str) -> frozenset[str]:
    """Which filters hold, so that one index leads: of the few staff, else of the name, else of the
    access."""
    staff = wanted.role not in (None, Role.MEMBER)
    given = {
        "staff": staff,
        "member": wanted.role is Role.MEMBER,
        "name": name,
        "access": wanted.access and not (staff or name),
        "access-too": wanted.access and (staff or name),
        "restricted": wanted.restricted,
    }
    return frozenset(key for key, value in given.items() if value)


@cache
def _search(filters: frozenset[str], going_on: bool) -> Select[*tuple[Any, ...]]:
    """The statement for these filters, built once."""
    query = select(*COLUMNS).where(*(_FILTERS[each] for each in sorted(filters)), _HAS_IDENTITY)
    query = query.limit(bindparam("most"))
    if "name" not in filters:
        query = query.order_by(_U.id.desc())
        return query.where(_U.id < bindparam("after")) if going_on else query
    query = query.order_by(_U.folded, _U.id)
    if going_on:
        query = query.where(tuple_(_U.folded, _U.id) > tuple_(_NAME_OF_AFTER, bindparam("after")))
    return query
