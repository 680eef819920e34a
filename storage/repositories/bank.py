"""Known pictures, by hash."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, delete, func, select

from storage.repositories.base import Repository, clean, insert
from storage.tables import bank_versions, known_pictures

_K = known_pictures.c
_V = bank_versions.c
COLUMNS = (_K.id, _K.pdq, _K.category, _K.source, _K.note, _K.added_by, _K.created_at)
BANK = "known-pictures"
PAGE = 10_000
_MOST: BindParameter[int] = bindparam("most")
_ADD = insert(known_pictures).on_conflict_do_nothing(index_elements=["pdq"])
_COUNT = select(func.count()).select_from(known_pictures)
_BY_CATEGORY = select(_K.category, func.count()).group_by(_K.category).order_by(_K.category)
_GET = select(*COLUMNS).where(_K.id == bindparam("entry"))
_REMOVE = delete(known_pictures).where(_K.id == bindparam("entry"))
_NEWEST = select(*COLUMNS).where(_K.id < bindparam("before")).order_by(_K.id.desc()).limit(_MOST)
_IN_CATEGORY = _NEWEST.where(_K.category == bindparam("wanted"))
# Hexadecimal digits only, after which no letter of a hash stands.
_BY_HASH = (
    select(*COLUMNS)
    .where(_K.pdq >= bindparam("begins"), _K.pdq < bindparam("ends"))
    .order_by(_K.pdq)
    .limit(_MOST)
)
_AFTER = select(*COLUMNS).where(_K.id > bindparam("after")).order_by(_K.id).limit(_MOST)
_VERSION = select(_V.number).where(_V.bank == BANK)
_MOVE_ON = (
    insert(bank_versions)
    .values(bank=BANK, number=1)
    .on_conflict_do_update(index_elements=["bank"], set_={"number": _V.number + 1})
)
LAST = 2**62


class KnownPicture(Struct, frozen=True):
    """See KnownPictureRow."""

    id: int
    pdq: str
    category: str
    source: str
    note: str
    added_by: int | None
    created_at: float


class NewPicture(Struct, frozen=True):
    """A hash that is to be known: 64 hexadecimal digits, small letters."""

    pdq: str
    category: str


class KnownPictures(Repository):
    """The bank. Each change moves its version on."""

    async def add(
        self, pictures: Sequence[NewPicture], *, source: str, note: str, added_by: int | None
    ) -> int:
        """Know these; how many were not known yet. A known hash stays as it is."""
        values: dict[str, Any] = {"source": source, "note": clean(note), "added_by": added_by}
        values["created_at"] = self._clock()
        if not pictures:
            return 0
        await self._execute(_MOVE_ON)  # first, so that of two who add at once one waits here
        before = await self.count()
        for start in range(0, len(pictures), PAGE):
            rows = [
                {"pdq": each.pdq, "category": clean(each.category), **values}
                for each in pictures[start : start + PAGE]
            ]
            await self._execute(_ADD, rows)
        return await self.count() - before

    async def remove(self, entry_id: int) -> KnownPicture:
        """Forget one; what it was. Raises NotFound."""
        entry = await self.get(entry_id)
        await self._change_one(_REMOVE, entry=entry_id)
        await self._execute(_MOVE_ON)
        return entry

    async def get(self, entry_id: int) -> KnownPicture:
        """One. Raises NotFound."""
        return KnownPicture(*await self._one(_GET, entry=entry_id))

    async def newest(
        self, *, category: str = "", before: int | None = None, most: int = 50
    ) -> list[KnownPicture]:
        """The newest first, of one category or of all."""
        keys = {"before": LAST if before is None else before, "most": most}
        if category:
            rows = await self._rows(_IN_CATEGORY, {**keys, "wanted": category})
        else:
            rows = await self._rows(_NEWEST, keys)
        return [KnownPicture(*row) for row in rows]

    async def by_hash(self, begins: str, *, most: int = 50) -> list[KnownPicture]:
        """Those whose hash begins so, in small letters."""
        keys = {"begins": begins, "ends": begins + "g", "most": most}
        return [KnownPicture(*row) for row in await self._rows(_BY_HASH, keys)]

    async def pages(self) -> AsyncIterator[list[KnownPicture]]:
        """All of them, so many at once."""
        after = 0
        while True:
            rows = await self._rows(_AFTER, {"after": after, "most": PAGE})
            if not rows:
                return
            yield [KnownPicture(*row) for row in rows]
            after = int(rows[-1][0])

    async def count(self) -> int:
        """How many there are."""
        return int((await self._execute(_COUNT)).scalar_one())

    async def by_category(self) -> dict[str, int]:
        """How many there are of each category."""
        return {str(row[0]): int(row[1]) for row in await self._rows(_BY_CATEGORY)}

    async def version(self) -> int:
        """A number that is another one after each change."""
        row = (await self._execute(_VERSION)).first()
        return 0 if row is None else int(row[0])
