"""How the running system is set: whether it is being worked on, which model is to answer."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import msgspec
from msgspec import Struct, structs
from sqlalchemy import bindparam, delete, select

from chat.turns import IN_MAINTENANCE
from storage.repositories.base import Repository, clean, insert, lockable
from storage.tables import operations

_O = operations.c
_GET = select(_O.value).where(_O.name == bindparam("of_name"))
_GET_TO_CHANGE = lockable(_GET, operations)
_add = insert(operations)
_SET = _add.on_conflict_do_update(
    index_elements=[_O.name],
    set_={each: _add.excluded[each] for each in ("value", "changed_by", "changed_at")},
)
_CLEAR = delete(operations).where(_O.name == bindparam("of_name"))

MAINTENANCE, MODEL = "maintenance", "model"
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


class SwitchState(StrEnum):
    """How far a switch of models has come."""

    WANTED = "wanted"
    DONE = "done"
    FAILED = "failed"


class ModelChoice(Struct, frozen=True):
    """Which model is to answer: `wanted` is its name among those that the settings allow, empty
    for the settings' own, and `before` the one to go back to where it cannot answer.

    `number` counts the switches. The outcome is told in a conversation, where there is one; after
    a failure `failed` is the model that could not answer."""

    wanted: str = ""
    before: str = ""
    number: int = 0
    state: SwitchState = SwitchState.DONE
    failed: str = ""
    conversation_id: int | None = None


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

    async def model(self) -> ModelChoice:
        """Which model is to answer."""
        return await self._get(MODEL, ModelChoice) or ModelChoice()

    async def want_model(self, name: str, *, by: int, conversation_id: int | None) -> None:
        """Have workers switch to another model, each between two turns."""
        now = await self._model_to_change()
        undone = now.state is SwitchState.WANTED
        before = now.before if undone else now.wanted
        wanted = ModelChoice(
            clean(name),
            before,
            now.number + 1,
            SwitchState.WANTED,
            conversation_id=conversation_id,
        )
        await self._set(MODEL, wanted, by)

    async def model_answers(self, number: int) -> ModelChoice | None:
        """A worker has switched; the choice where it is the first to say so."""
        now = await self._model_to_change()
        if now.number != number or now.state is not SwitchState.WANTED:
            return None
        done = structs.replace(now, state=SwitchState.DONE, failed="")
        await self._set(MODEL, done, None)
        return done

    async def model_failed(self, number: int, name: str) -> ModelChoice | None:
        """A worker could not switch: all go back to the model before, or to the settings' own. The
        choice where it is the first to say so."""
        now = await self._model_to_change()
        if now.number != number or now.wanted != name:
            return None
        back = ModelChoice(
            wanted=now.before if now.before != name else "",
            number=now.number + 1,
            state=SwitchState.FAILED,
            failed=name,
            conversation_id=now.conversation_id,
        )
        await self._set(MODEL, back, None)
        return back

    async def _model_to_change(self) -> ModelChoice:
        row = (await self._execute(_GET_TO_CHANGE, {"of_name": MODEL})).first()
        return ModelChoice() if row is None else msgspec.json.decode(row[0], type=ModelChoice)

    async def _get(self, name: str, kind: type[Value]) -> Value | None:
        row = (await self._execute(_GET, {"of_name": name})).first()
        return None if row is None else msgspec.json.decode(row[0], type=kind)

    async def _set(self, name: str, value: Struct, by: int | None) -> None:
        encoded = msgspec.json.encode(value).decode()
        row = {"name": name, "value": encoded, "changed_by": by, "changed_at": self._clock()}
        await self._execute(_SET, row)
