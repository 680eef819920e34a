"""People who disagree with a restriction."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, func, select, text, update

from storage.repositories.base import Repository, insert, lockable
from storage.tables import appeals
from storage.tables.decisions import UNDECIDED

LAST = 2**62  # no row has this id

_A = appeals.c
_OPEN = text(UNDECIDED)
COLUMNS = (
    _A.id,
    _A.user_id,
    _A.conversation_id,
    _A.restriction_id,
    _A.text,
    _A.state,
    _A.created_at,
    _A.decided_by,
    _A.decided_at,
    _A.note,
    _A.same_person,
)
_ADD = insert(appeals).returning(_A.id)
_GET = lockable(select(*COLUMNS).where(_A.id == bindparam("appeal")), appeals)
_LIST = select(*COLUMNS).where(_OPEN).order_by(_A.id).limit(bindparam("most"))
_DECIDED = (
    select(*COLUMNS)
    .where(_A.state != "open", _A.id < bindparam("before"))
    .order_by(_A.id.desc())
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(appeals).where(_OPEN)
_OF_RESTRICTION = (
    select(*COLUMNS).where(_A.restriction_id == bindparam("restriction")).order_by(_A.id)
)
_OF_USER = select(*COLUMNS).where(_A.user_id == bindparam("user")).order_by(_A.id)
_DECIDE = (
    update(appeals)
    .where(_A.id == bindparam("appeal"), _OPEN)
    .values(
        state=bindparam("new_state"),
        decided_by=bindparam("by"),
        decided_at=bindparam("now"),
        note=bindparam("new_note"),
        same_person=bindparam("same"),
    )
)


class Appeal(Struct, frozen=True):
    """`state` is open, upheld (the restriction stays) or overturned; see AppealRow."""

    id: int
    user_id: int
    conversation_id: int | None
    restriction_id: int
    text: str
    state: str
    created_at: float
    decided_by: int | None
    decided_at: float | None
    note: str
    same_person: bool


class Appeals(Repository):
    """Appeals, the oldest first."""

    async def add(
        self, user_id: int, restriction_id: int, *, conversation_id: int | None, words: str
    ) -> Appeal:
        """Appeal against a restriction."""
        row = await self._one(
            _ADD,
            user_id=user_id,
            conversation_id=conversation_id,
            restriction_id=restriction_id,
            text=words,
            created_at=self._clock(),
            decided_by=None,
            decided_at=None,
        )
        return await self.get(row[0])

    async def get(self, appeal_id: int) -> Appeal:
        """One. Raises NotFound."""
        return Appeal(*await self._one(_GET, appeal=appeal_id))

    async def of_user(self, user_id: int) -> list[Appeal]:
        """All that somebody made."""
        return [Appeal(*row) for row in await self._rows(_OF_USER, {"user": user_id})]

    async def of_restriction(self, restriction_id: int) -> list[Appeal]:
        """All against one restriction."""
        rows = await self._rows(_OF_RESTRICTION, {"restriction": restriction_id})
        return [Appeal(*row) for row in rows]

    async def open(self, most: int = 100) -> list[Appeal]:
        """Those that nobody has decided."""
        return [Appeal(*row) for row in await self._rows(_LIST, {"most": most})]

    async def decided(self, most: int, *, before: int | None = None) -> list[Appeal]:
        """Those that somebody has decided, the newest appeals first; `before` is the last one
        seen."""
        values = {"most": most, "before": LAST if before is None else before}
        return [Appeal(*row) for row in await self._rows(_DECIDED, values)]

    async def count_open(self) -> int:
        """How many nobody has decided."""
        return int((await self._one(_COUNT))[0])

    async def decide(
        self, appeal_id: int, *, overturned: bool, by: int, note: str, same_person: bool
    ) -> bool:
        """Decide one; False where somebody else has."""
        return (
            await self._changed(
                _DECIDE,
                appeal=appeal_id,
                new_state="overturned" if overturned else "upheld",
                by=by,
                now=self._clock(),
                new_note=note,
                same=same_person,
            )
            == 1
        )
