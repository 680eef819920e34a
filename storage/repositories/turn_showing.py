"""Turns as they are shown: by one bot at a time, by a lease."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, bindparam, or_, select, update

from chat.turns import ShownTurn, Turn, TurnState
from storage.repositories.base import Repository
from storage.repositories.conversations import IN_CHANNELS
from storage.repositories.turn_rows import IT, NOT_SHOWN, SHOWN, T, to_shown
from storage.tables import turns

_UNFINISHED = [state.value for state in TurnState if not state.is_end]
_SHOWN_ONE = SHOWN.where(IT)
_UNSHOWN_BEFORE = (
    select(T.id)
    .where(NOT_SHOWN, T.conversation_id == bindparam("conversation"), T.id < bindparam("turn"))
    .order_by(T.id)
    .limit(1)
)
_TO_SHOW = (
    SHOWN.where(
        NOT_SHOWN,
        IN_CHANNELS,
        or_(
            T.delivery_until <= bindparam("now"),
            and_(
                T.delivery_owner == bindparam("owner"),
                T.id.not_in(bindparam("known", expanding=True)),
            ),
        ),
    )
    .order_by(T.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True, of=turns)
)
_TAKE = (
    update(turns)
    .where(T.id.in_(bindparam("turns", expanding=True)))
    .values(delivery_owner=bindparam("owner"), delivery_until=bindparam("until"))
)
_KEEP = (
    update(turns)
    .where(T.id.in_(bindparam("turns", expanding=True)), T.delivery_owner == bindparam("owner"))
    .values(delivery_until=bindparam("until"))
    .returning(T.id)
)
_MARK = (
    update(turns)
    .where(
        IT,
        T.delivery_owner == bindparam("owner"),
        T.attempt == bindparam("last"),
        T.state.not_in(_UNFINISHED),
    )
    .values(shown=True, delivery_until=0.0)
)
_ABANDON = (
    update(turns)
    .where(IT, T.delivery_owner == bindparam("owner"))
    .values(shown=True, delivery_until=0.0)
)
_RELEASE = (
    update(turns)
    .where(NOT_SHOWN, T.delivery_owner == bindparam("owner"))
    .values(delivery_until=0.0)
)
_SHOW_AGAIN = (
    update(turns)
    .where(IT, T.state.not_in(_UNFINISHED))
    .values(shown=False, generation=T.generation + 1, delivery_until=0.0)
)


class TurnShowing(Repository):
    """Who shows a turn, and whether all of it has been shown."""

    async def to_show(
        self,
        *,
        owner: str,
        lease_seconds: float,
        channels: Sequence[tuple[str, str]],
        limit: int,
        known: Collection[int] = (),
    ) -> list[ShownTurn]:
        """Take the showing of turns nobody shows, and of the owner's own that are not `known`."""
        if not channels:
            return []
        now = self._clock()
        keys = {"now": now, "owner": owner, "known": list(known), "most": limit}
        rows = await self._rows(_TO_SHOW, {**keys, "channels": list(channels)})
        found = [to_shown(row) for row in rows]
        if found:
            ids = [shown.turn.id for shown in found]
            values = {"owner": owner, "until": now + lease_seconds}
            await self._execute(_TAKE, {"turns": ids, **values})
        return found

    async def own_showing(
        self, owner: str, turn_ids: Collection[int], lease_seconds: float
    ) -> set[int]:
        """Keep showing these; ids of those that are still the owner's."""
        if not turn_ids:
            return set()
        values = {"owner": owner, "until": self._clock() + lease_seconds}
        return {row[0] for row in await self._rows(_KEEP, {"turns": list(turn_ids), **values})}

    async def shown_turn(self, turn_id: int) -> ShownTurn:
        """Raises NotFound."""
        return to_shown(await self._one(_SHOWN_ONE, turn=turn_id))

    async def unshown_before(self, turn: Turn) -> int | None:
        """The oldest turn before this one in its conversation that is still to be shown."""
        keys = {"conversation": turn.conversation_id, "turn": turn.id}
        row = (await self._execute(_UNSHOWN_BEFORE, keys)).first()
        return None if row is None else int(row[0])

    async def mark_shown(self, turn_id: int, owner: str, attempt: int) -> bool:
        """Nothing is left to show of a turn that has ended.

        False when it is to be answered anew, or another bot shows it."""
        return await self._changed(_MARK, turn=turn_id, owner=owner, last=attempt) == 1

    async def abandon_showing(self, turn_id: int, owner: str) -> None:
        """Show nothing more of a turn, ended or not: the person cannot be written to."""
        await self._execute(_ABANDON, {"turn": turn_id, "owner": owner})

    async def release_showing(self, owner: str) -> None:
        """Leave everything that the owner still shows to whoever looks next."""
        await self._execute(_RELEASE, {"owner": owner})

    async def show_again(self, turn_id: int) -> bool:
        """Show an ended turn once more, in new messages. False where it has not ended."""
        return await self._changed(_SHOW_AGAIN, turn=turn_id) == 1
