"""Versions of the policy."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storage.repositories.base import Repository, insert
from storage.tables import policies

_P = policies.c
COLUMNS = (_P.id, _P.text, _P.note, _P.author_id, _P.created_at, _P.live_at)
_ADD = insert(policies).returning(_P.id)
_GET = select(*COLUMNS).where(_P.id == bindparam("number"))
_LIST = select(*COLUMNS).order_by(_P.id.desc()).limit(bindparam("most"))
_LIVE = (
    select(*COLUMNS)
    .where(_P.live_at.is_not(None))
    .order_by(_P.live_at.desc(), _P.id.desc())
    .limit(1)
)
_PUBLISH = update(policies).where(_P.id == bindparam("the_number")).values(live_at=bindparam("now"))


class PolicyVersion(Struct, frozen=True):
    """A policy as it was written; `live_at` is when it last came into force."""

    number: int
    text: str
    note: str
    author_id: int | None
    created_at: float
    live_at: float | None


class Policies(Repository):
    """Drafts and published versions, numbered from 1."""

    async def add(self, text: str, *, note: str, author_id: int | None) -> PolicyVersion:
        """Keep a draft."""
        now = self._clock()
        values = {"text": text, "note": note, "author_id": author_id, "created_at": now}
        row = await self._one(_ADD, **values, live_at=None)
        return PolicyVersion(row[0], text, note, author_id, now, None)

    async def get(self, number: int) -> PolicyVersion:
        """A version. Raises NotFound."""
        return PolicyVersion(*await self._one(_GET, number=number))

    async def live(self) -> PolicyVersion | None:
        """The version in force; None stands for the policy that ships."""
        row = (await self._execute(_LIVE)).first()
        return PolicyVersion(*row) if row else None

    async def list(self, most: int = 100) -> list[PolicyVersion]:
        """The newest versions first."""
        return [PolicyVersion(*row) for row in await self._rows(_LIST, {"most": most})]

    async def publish(self, number: int) -> None:
        """Bring a version into force, also an older one again. Raises NotFound."""
        await self._change_one(_PUBLISH, the_number=number, now=self._clock())
