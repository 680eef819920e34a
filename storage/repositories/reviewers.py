"""How those who review want to work, and what they may see by name."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from storage.repositories.base import Repository, insert
from storage.tables import reviewers

_R = reviewers.c
_GET = select(_R.pictures, _R.left_out, _R.unlocked).where(_R.user_id == bindparam("user"))
_UNLOCKED = select(_R.user_id).where(_R.unlocked)
_add = insert(reviewers)
_CHOOSE = _add.on_conflict_do_update(
    index_elements=[_R.user_id],
    set_={"pictures": _add.excluded.pictures, "left_out": _add.excluded.left_out},
)
_UNLOCK = _add.on_conflict_do_update(
    index_elements=[_R.user_id], set_={"unlocked": _add.excluded.unlocked}
)


class PicturesShown(StrEnum):
    """How pictures look until a key is pressed: a matter of taste, not known to lessen harm."""

    BLURRED = "blurred"
    GREY = "grey"
    BOTH = "both"
    MUTED = "muted"  # neither seen nor fetched
    PLAIN = "plain"


class Habits(Struct, frozen=True):
    """See ReviewerRow."""

    pictures: PicturesShown = PicturesShown.BOTH
    left_out: tuple[str, ...] = ()
    unlocked: bool = False


class Reviewers(Repository):
    """What staff have chosen; whoever has chosen nothing works as Habits() says."""

    async def get(self, user_id: int) -> Habits:
        """Somebody's habits."""
        row = (await self._execute(_GET, {"user": user_id})).first()
        if row is None:
            return Habits()
        left_out = msgspec.json.decode(row[1], type=tuple[str, ...])
        return Habits(PicturesShown(row[0]), left_out, bool(row[2]))

    async def choose(
        self, user_id: int, *, pictures: PicturesShown, left_out: tuple[str, ...]
    ) -> None:
        """Keep what somebody wants."""
        encoded = msgspec.json.encode(left_out).decode()
        values = {"user_id": user_id, "pictures": pictures.value, "left_out": encoded}
        await self._execute(_CHOOSE, {**values, "unlocked": False})

    async def unlock(self, user_id: int, unlocked: bool) -> None:
        """Let somebody see what is locked, or not any more."""
        values = {"user_id": user_id, "unlocked": unlocked}
        defaults = {"pictures": PicturesShown.BOTH.value, "left_out": "[]"}
        await self._execute(_UNLOCK, {**defaults, **values})

    async def unlocked(self) -> set[int]:
        """All who may see what is locked by name."""
        return {row[0] for row in await self._rows(_UNLOCKED)}
