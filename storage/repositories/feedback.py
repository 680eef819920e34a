"""What people think of answers: thumbs, with reasons and words of their own."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import and_, bindparam, delete, select

from storage.repositories.base import AnyRow, Repository, clean, insert
from storage.tables import feedback, turns

_F = feedback.c
_T = turns.c
COLUMNS = (_F.turn_id, _F.attempt, _F.liked, _F.reason, _F.words, _F.created_at)
_THAT = and_(
    _F.turn_id == bindparam("turn"),
    _F.attempt == bindparam("which"),
    _F.user_id == bindparam("user"),
)
_MODEL = select(_T.model).where(_T.id == bindparam("of_turn")).scalar_subquery()
_ADD = insert(feedback).values(model=_MODEL)
_RATE = _ADD.on_conflict_do_update(
    index_elements=[_F.turn_id, _F.attempt, _F.user_id],
    set_={name: _ADD.excluded[name] for name in ("liked", "reason", "words")},
)
_GET = select(*COLUMNS).where(_THAT)
_DROP = delete(feedback).where(_THAT)
_OF_USER = select(*COLUMNS).where(_F.user_id == bindparam("user")).order_by(_F.id)
_OF_ANSWERS = (
    select(_T.answer_id, _T.id, _T.attempt, _F.liked)
    .select_from(
        turns.outerjoin(
            feedback,
            and_(_F.turn_id == _T.id, _F.attempt == _T.attempt, _F.user_id == bindparam("user")),
        )
    )
    .where(_T.id.in_(bindparam("turns", expanding=True)), _T.state == "answered")
)


class Rating(Struct, frozen=True):
    """What one person thinks of the answer of a turn's attempt; see FeedbackRow."""

    turn_id: int
    attempt: int
    liked: bool | None = None
    reason: str = ""
    words: str = ""
    created_at: float = 0.0


class Feedback(Repository):
    """One rating for each person and answer; the last one counts."""

    async def rate(self, user_id: int, rating: Rating) -> None:
        """Keep this instead of what the person thought of that answer before."""
        values = {
            "user_id": user_id,
            "turn_id": rating.turn_id,
            "of_turn": rating.turn_id,
            "attempt": rating.attempt,
            "liked": rating.liked,
            "reason": rating.reason,
            "words": clean(rating.words),
            "created_at": self._clock(),
        }
        await self._execute(_RATE, values)

    async def get_or_none(self, user_id: int, turn_id: int, attempt: int) -> Rating | None:
        """What the person thinks of that answer."""
        keys = {"user": user_id, "turn": turn_id, "which": attempt}
        row = (await self._execute(_GET, keys)).first()
        return None if row is None else _rating(row)

    async def take_back(self, user_id: int, turn_id: int, attempt: int) -> bool:
        """Forget it; False where there was none."""
        return await self._changed(_DROP, user=user_id, turn=turn_id, which=attempt) == 1

    async def of_user(self, user_id: int) -> list[Rating]:
        """All that a person thinks, oldest first."""
        return [_rating(row) for row in await self._rows(_OF_USER, {"user": user_id})]

    async def of_answers(self, user_id: int, turn_ids: Collection[int]) -> dict[int, Rating]:
        """By the message id of each answer that stands, what this person thinks of it; `liked` is
        None where they have not said."""
        if not turn_ids:
            return {}
        rows = await self._rows(_OF_ANSWERS, {"user": user_id, "turns": sorted(turn_ids)})
        return {
            answer_id: Rating(turn_id, attempt, liked)
            for answer_id, turn_id, attempt, liked in rows
        }


def _rating(row: AnyRow) -> Rating:
    return Rating(*row)
