"""What staff write down about people."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select

from storage.repositories.base import Repository, clean, insert
from storage.tables import notes

_N = notes.c
COLUMNS = (_N.id, _N.user_id, _N.author_id, _N.text, _N.created_at)
_ADD = insert(notes).returning(_N.id)
_GET = select(*COLUMNS).where(_N.id == bindparam("note"))
_OF_USER = (
    select(*COLUMNS)
    .where(_N.user_id == bindparam("user"))
    .order_by(_N.id.desc())
    .limit(bindparam("most"))
)


class Note(Struct, frozen=True):
    """See NoteRow."""

    id: int
    user_id: int
    author_id: int | None
    text: str
    created_at: float


class Notes(Repository):
    """Notes about people; Users.erase takes them away with the person."""

    async def add(self, user_id: int, text: str, *, author_id: int) -> Note:
        """Write a note about somebody."""
        values = {"user_id": user_id, "author_id": author_id, "text": clean(text)}
        row = await self._one(_ADD, **values, created_at=self._clock())
        return await self.get(row[0])

    async def get(self, note_id: int) -> Note:
        """One. Raises NotFound."""
        return Note(*await self._one(_GET, note=note_id))

    async def of_user(self, user_id: int, *, most: int = 100) -> list[Note]:
        """The newest about a person, newest first."""
        return [Note(*row) for row in await self._rows(_OF_USER, {"user": user_id, "most": most})]
