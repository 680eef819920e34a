"""Answers that people say are not all right."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storage.repositories.base import Repository, insert
from storage.tables import reports

_R = reports.c
COLUMNS = (
    _R.id,
    _R.user_id,
    _R.conversation_id,
    _R.message_id,
    _R.flag_id,
    _R.reason,
    _R.note,
    _R.created_at,
    _R.told_at,
)
_ADD = (
    insert(reports)
    .on_conflict_do_nothing(index_elements=[_R.message_id, _R.user_id])
    .returning(_R.id)
)
_GET = select(*COLUMNS).where(_R.id == bindparam("report"))
_MADE = select(_R.id).where(_R.message_id == bindparam("message"), _R.user_id == bindparam("user"))
_OF_FLAG = select(*COLUMNS).where(_R.flag_id == bindparam("flag")).order_by(_R.id)
_OF_USER = select(*COLUMNS).where(_R.user_id == bindparam("user")).order_by(_R.id)
_TOLD = (
    update(reports)
    .where(_R.id == bindparam("report"), _R.told_at.is_(None))
    .values(told_at=bindparam("now"))
)


class Report(Struct, frozen=True):
    """Somebody says that a message is not all right; see ReportRow."""

    id: int
    user_id: int
    conversation_id: int
    message_id: int
    flag_id: int
    reason: str
    note: str
    created_at: float
    told_at: float | None


class Reports(Repository):
    """Reports of answers."""

    async def add(
        self,
        user_id: int,
        *,
        conversation_id: int,
        message_id: int,
        flag_id: int,
        reason: str,
        note: str = "",
    ) -> bool:
        """Report a message; False where the same person has before."""
        values = {
            "user_id": user_id,
            "conversation_id": conversation_id,
            "message_id": message_id,
            "flag_id": flag_id,
            "reason": reason,
            "note": note,
            "created_at": self._clock(),
            "told_at": None,
        }
        return (await self._execute(_ADD, values)).first() is not None

    async def made(self, user_id: int, message_id: int) -> bool:
        """Whether this person has reported that message before."""
        keys = {"user": user_id, "message": message_id}
        return (await self._execute(_MADE, keys)).first() is not None

    async def get(self, report_id: int) -> Report:
        """One. Raises NotFound."""
        return Report(*await self._one(_GET, report=report_id))

    async def of_flag(self, flag_id: int) -> list[Report]:
        """All that brought up one flag."""
        return [Report(*row) for row in await self._rows(_OF_FLAG, {"flag": flag_id})]

    async def of_user(self, user_id: int) -> list[Report]:
        """All that somebody made."""
        return [Report(*row) for row in await self._rows(_OF_USER, {"user": user_id})]

    async def tell(self, report_id: int) -> bool:
        """Mark that who reported hears of the outcome; False where they have before."""
        return await self._changed(_TOLD, report=report_id, now=self._clock()) == 1
