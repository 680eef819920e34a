"""Turns that workers take and hold, by leases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, bindparam, func, select, tuple_, update

from chat.conversations import ConversationKey
from chat.turns import ClaimedTurn, TurnState
from storage.errors import WriteConflict
from storage.repositories.base import AnyRow, Repository
from storage.repositories.conversations import KEY_COLUMNS
from storage.repositories.turn_opening import CLAIMABLE
from storage.repositories.turn_rows import IS_UNFINISHED, RUNNING, T
from storage.tables import conversations, turns, users

ALONE_AFTER = 2
SET_ASIDE_AFTER = 3
NO_LIMIT = 1_000_000
NOBODY = 0  # no row has this id

_COLUMNS = (
    T.id,
    T.attempt,
    T.conversation_id,
    *KEY_COLUMNS,
    users.c.id,
    users.c.name,
    users.c.language,
    conversations.c.revision,
    T.crashes,
    T.asked_at,
    T.postponed_since,
    users.c.region,
    users.c.restricted,
    T.cleared_up_to,
)
_CANDIDATES = (
    select(*_COLUMNS)
    .join(conversations, conversations.c.id == T.conversation_id)
    .join(users, users.c.id == conversations.c.user_id)
    .where(
        *CLAIMABLE,
        T.crashes < bindparam("fewer_crashes"),
        conversations.c.user_id.not_in(bindparam("busier", expanding=True)),
        T.id.not_in(bindparam("found", expanding=True)),
    )
    .order_by(T.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True, of=turns)
)
_RUNNING_OF = (
    select(conversations.c.user_id, func.count())
    .join_from(turns, conversations, conversations.c.id == T.conversation_id)
    .where(RUNNING)
    .group_by(conversations.c.user_id)
)
_BEFORE = turns.alias("before")
# Whoever answered last in the conversation, and so has it in memory.
_REMEMBERER = func.coalesce(
    select(_BEFORE.c.worker_id)
    .where(
        _BEFORE.c.conversation_id == T.conversation_id,
        _BEFORE.c.id < T.id,
        _BEFORE.c.worker_id.is_not(None),
    )
    .order_by(_BEFORE.c.id.desc())
    .limit(1)
    .correlate(turns)
    .scalar_subquery(),
    "",
)
_FRESH = T.asked_at > bindparam("since")
_OTHERS = _REMEMBERER.in_(bindparam("others", expanding=True))
_CANDIDATES_LEAVING = _CANDIDATES.where(~(_FRESH & _OTHERS))
_LEFT = select(_REMEMBERER).where(*CLAIMABLE, _FRESH, _OTHERS).distinct()
_CANDIDATES_OF = _CANDIDATES.where(
    IS_UNFINISHED,  # which leads SQLite to the index of these
    T.conversation_id.in_(bindparam("conversations", expanding=True)),
)
_CLAIM = (
    update(turns)
    .where(T.id.in_(bindparam("turns", expanding=True)), T.state == TurnState.QUEUED.value)
    .values(
        state=TurnState.RUNNING.value,
        attempt=T.attempt + 1,
        worker_id=bindparam("worker"),
        lease_until=bindparam("until"),
        reason="",
    )
    .returning(T.id)
)
_RENEW = (
    update(turns)
    .where(
        RUNNING,
        T.worker_id == bindparam("worker"),
        tuple_(T.id, T.attempt).in_(bindparam("held", expanding=True)),
    )
    .values(lease_until=bindparam("until"))
    .returning(T.id)
)
_LAPSE = (
    update(turns)
    .where(RUNNING, T.worker_id == bindparam("worker"))
    .values(lease_until=0.0)
    .returning(T.id)
)
_CANCELLED = select(T.id).where(T.id.in_(bindparam("turns", expanding=True)), T.cancel_requested)


def to_claimed(row: AnyRow) -> ClaimedTurn:
    """A candidate as it is once claimed; its `created_at` is when it was (last) asked for."""
    id_, attempt, conversation_id = row[:3]
    user_id, user_name, language, revision, crashes, asked_at, postponed_since = row[7:14]
    region, restricted, cleared_up_to = row[14:17]
    return ClaimedTurn(
        id_,
        attempt + 1,
        conversation_id,
        ConversationKey(*row[3:7]),
        user_id,
        user_name,
        language,
        revision,
        crashes >= ALONE_AFTER,
        asked_at,
        postponed_since,
        region,
        restricted,
        cleared_up_to,
    )


class TurnClaiming(Repository):
    """Which turns a worker answers, and whether they are still its own."""

    async def claim(
        self,
        worker_id: str,
        *,
        lease_seconds: float = 10,
        limit: int = 1,
        conversations: Collection[int] | None = None,
        idle: bool = True,
        others: Collection[str] = (),
        since: float = 0.0,
        of_a_person: int = NO_LIMIT,
    ) -> list[ClaimedTurn]:
        """Take queued turns, one a conversation, none where one is running: everybody's oldest
        first, then everybody's second. `of_a_person` bounds what runs for one person; where several
        workers claim at the same moment, it may be passed by what the others take then.

        A turn that is to run alone is taken by an `idle` worker only, and by itself. Turns asked
        for after `since` in conversations that one of the `others` answered last are left to
        them."""
        leaving = {"others": [*others], "since": since} if others else {}
        chosen = await self._candidates(limit, conversations, idle, of_a_person, leaving)
        if not chosen:
            return []
        values = {"worker": worker_id, "until": self._clock() + lease_seconds}
        ids = [turn.id for turn in chosen]
        try:
            claimed = await self._claim({"turns": ids, **values})
        except WriteConflict:  # another worker has begun one of these conversations just now
            return []
        return [turn for turn in chosen if turn.id in claimed]

    async def left_to(self, others: Collection[str], since: float) -> set[str]:
        """Those of the `others` that turns are left to."""
        values = {"now": self._clock(), "others": [*others], "since": since}
        return {str(row[0]) for row in await self._rows(_LEFT, values)}

    async def renew(
        self, worker_id: str, held: Collection[tuple[int, int]], lease_seconds: float = 10
    ) -> set[int]:
        """Keep the leases of (turn id, attempt); ids of those that are still the worker's."""
        if not held:
            return set()
        values = {"worker": worker_id, "until": self._clock() + lease_seconds}
        return {row[0] for row in await self._rows(_RENEW, {"held": list(held), **values})}

    async def lapse(self, worker_id: str) -> int:
        """Let the leases of a worker that has died lapse now; how many. The sweep does the rest."""
        return len(await self._rows(_LAPSE, {"worker": worker_id}))

    async def cancelled(self, turn_ids: Collection[int]) -> set[int]:
        """Those of them that somebody asked to stop."""
        if not turn_ids:
            return set()
        return {row[0] for row in await self._rows(_CANCELLED, {"turns": list(turn_ids)})}

    async def _candidates(
        self,
        limit: int,
        conversations: Collection[int] | None,
        idle: bool,
        of_a_person: int,
        leaving: dict[str, Any],
    ) -> list[ClaimedTurn]:
        values: dict[str, Any] = {
            "now": self._clock(),
            "fewer_crashes": SET_ASIDE_AFTER if idle else ALONE_AFTER,
            **leaving,
        }
        query = _CANDIDATES_LEAVING if leaving else _CANDIDATES
        if conversations is not None:
            query, values["conversations"] = _CANDIDATES_OF, [*conversations]
        found = await self._by_turns(query, values, limit, of_a_person)
        if found and found[0].alone:
            return found[:1]
        return list(takewhile(lambda turn: not turn.alone, found))

    async def _by_turns(
        self, query: Select[*tuple[Any, ...]], values: dict[str, Any], limit: int, of_a_person: int
    ) -> list[ClaimedTurn]:
        """One more turn for whoever has the fewest running, the oldest first, again and again: so
        that people take turns, however much one of them asks."""
        running = Counter({row[0]: row[1] for row in await self._rows(_RUNNING_OF)})
        found: dict[int, ClaimedTurn] = {}
        level = 0
        while level < of_a_person and (wanted := limit - len(found)):
            busier = [user for user, count in running.items() if count > level]
            values |= {"most": wanted, "busier": [NOBODY, *busier], "found": [NOBODY, *found]}
            rows = [to_claimed(row) for row in await self._rows(query, values)]
            for turn in rows:
                if running[turn.user_id] <= level:
                    found[turn.id] = turn
                    running[turn.user_id] += 1
            again = any(turn.id not in found for turn in rows)
            if len(rows) == wanted:
                continue  # there may be more people
            if not (again or busier):
                break
            level = level + 1 if again else min(running[user] for user in busier)
        return [*found.values()]

    async def _claim(self, values: dict[str, Any]) -> set[int]:
        if not self._connection.locks_rows:
            return {row[0] for row in await self._rows(_CLAIM, values)}
        async with self._connection.savepoint():
            return {row[0] for row in await self._rows(_CLAIM, values)}
