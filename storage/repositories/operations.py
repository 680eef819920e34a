"""How the running system is set: whether it is being worked on, which model is to answer."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, select

from chat.turns import IN_MAINTENANCE
from storage.repositories.base import Repository, clean, insert
from storage.tables import operations

_O = operations.c
_GET = select(_O.value).where(_O.name == bindparam("of_name"))
_add = insert(operations)
_SET = _add.on_conflict_do_update(
    index_elements=[_O.name],
    set_={each: _add.excluded[each] for each in ("value", "changed_by", "changed_at")},
)
_CLEAR = delete(operations).where(_O.name == bindparam("of_name"))

MAINTENANCE = "maintenance"
Value = TypeVar("Value", bound=Struct)


class Maintenance(Struct, frozen=True):
    """The assistant is being worked on: questions wait. `text` is what people are told besides;
    `since` is in epoch seconds."""

    text: str
    since: float

    @property
    def reason(self) -> str:
        """Why a question waits, as turns say it."""
        return f"{IN_MAINTENANCE}:{self.told}"

    @property
    def told(self) -> str:
        """The text as it stands between two sentences."""
        return f" {self.text}" if self.text else ""


class Operations(Repository):
    """What is set; nothing is where nobody has set it."""

    async def maintenance(self) -> Maintenance | None:
        """Since when and why questions wait, if they do."""
        return await self._get(MAINTENANCE, Maintenance)

    async def begin_maintenance(self, text: str, *, by: int) -> None:
        """Let questions wait; what runs goes on. A second time changes the text only."""
        known = await self.maintenance()
        since = known.since if known else self._clock()
        await self._set(MAINTENANCE, Maintenance(clean(text), since), by)

    async def end_maintenance(self) -> bool:
        """Let questions be answered again; False where they were."""
        return await self._changed(_CLEAR, of_name=MAINTENANCE) == 1

    async def _get(self, name: str, kind: type[Value]) -> Value | None:
        row = (await self._execute(_GET, {"of_name": name})).first()
        return None if row is None else msgspec.json.decode(row[0], type=kind)

    async def _set(self, name: str, value: Struct, by: int | None) -> None:
        encoded = msgspec.json.encode(value).decode()
        row = {"name": name, "value": encoded, "changed_by": by, "changed_at": self._clock()}
        await self._execute(_SET, row)
