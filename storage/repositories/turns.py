"""Turns from their opening to their end, and who shows them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chat.turns import ClaimedTurn, ShownTurn, Turn, TurnResult, TurnState
from storage.repositories.base import Repository


class Turns(Repository):
    """Turns of conversations: opening, answering, ending and showing."""

    async def open(
        self,
        conversation_id: int,
        *,
        state: TurnState,
        due_at: float | None = None,
        delivery_owner: str | None = None,
        delivery_lease_seconds: float = 15,
        shown: bool = False,
    ) -> Turn:
        """Open a turn, collecting (due now unless said otherwise) or queued.

        `shown` where people's clients fetch the answer themselves. Raises WriteConflict when the
        conversation has a collecting turn already."""
        raise NotImplementedError

    async def get(self, turn_id: int) -> Turn:
        """Raises NotFound."""
        raise NotImplementedError

    async def collecting(self, conversation_id: int) -> Turn | None:
        """The turn that further pieces join."""
        raise NotImplementedError

    async def queued(self, conversation_id: int) -> Turn | None:
        """The latest turn, if it is queued and was never claimed or postponed: text may join it."""
        raise NotImplementedError

    async def latest(self, conversation_id: int) -> Turn | None:
        """The conversation's newest turn."""
        raise NotImplementedError

    async def unfinished(self, conversation_id: int) -> list[Turn]:
        """Turns that have not ended, oldest first."""
        raise NotImplementedError

    async def extend(self, turn_id: int, due_at: float) -> bool:
        """Wait longer for further pieces; False when it is not collecting any more."""
        raise NotImplementedError

    async def place(self, turn_id: int) -> int:
        """How many turns wait before it, of everybody."""
        raise NotImplementedError

    async def waiting(self) -> int:
        """How many turns are queued or collecting."""
        raise NotImplementedError

    async def oldest_waiting_age(self) -> float:
        """For how many seconds the oldest of them has waited; 0 when none does."""
        raise NotImplementedError

    async def promote(self) -> list[Turn]:
        """Queue the collecting turns that are due and whose attachments have all come."""
        raise NotImplementedError

    async def settle(self, turn_id: int) -> bool:
        """Queue this turn if it is due and its attachments have all come."""
        raise NotImplementedError

    async def refuse(self, turn_id: int, reason: str) -> bool:
        """End a turn that is collecting or queued as refused, `reason` being a text key."""
        raise NotImplementedError

    async def to_hint(self, limit: int) -> list[int]:
        """Ids of conversations with a turn that could be claimed now, oldest turn first."""
        raise NotImplementedError

    async def claim(
        self,
        worker_id: str,
        *,
        lease_seconds: float = 10,
        limit: int = 1,
        conversations: Collection[int] | None = None,
        idle: bool = True,
    ) -> list[ClaimedTurn]:
        """Take the oldest queued turns, one a conversation, none where one is running.

        A turn that is to run alone is taken by an `idle` worker only, and by itself."""
        raise NotImplementedError

    async def renew(
        self, worker_id: str, held: Collection[tuple[int, int]], lease_seconds: float = 10
    ) -> set[int]:
        """Keep the leases of (turn id, attempt); ids of those that are still the worker's."""
        raise NotImplementedError

    async def cancelled(self, turn_ids: Collection[int]) -> set[int]:
        """Those of them that somebody asked to stop."""
        raise NotImplementedError

    async def finish(self, result: TurnResult) -> bool:
        """End a running turn and store its answer; False, and nothing written, when fenced out."""
        raise NotImplementedError

    async def postpone(self, turn_id: int, attempt: int, *, until: float, reason: str) -> bool:
        """Queue a running turn again for later, its endpoint being away; no crash is counted."""
        raise NotImplementedError

    async def release(self, turn_id: int, attempt: int) -> bool:
        """Queue a running turn again at once, because its worker is going away."""
        raise NotImplementedError

    async def expire(self) -> list[tuple[Turn, bool]]:
        """Take turns from workers that went silent: queued again, or set aside (True).

        One that was to be cancelled is cancelled."""
        raise NotImplementedError

    async def request_cancel(self, turn_id: int) -> bool:
        """Stop a turn: True when it has ended by that, False when a worker must stop it first."""
        raise NotImplementedError

    async def restart(self, turn_id: int, *, in_place: bool) -> bool:
        """Queue a turn anew for an edited question or a retry; its answer is superseded.

        `in_place` shows the new answer in the messages of the old one. False when it is collecting
        or queued anyway, or has no question any more."""
        raise NotImplementedError

    async def to_show(
        self,
        *,
        owner: str,
        lease_seconds: float,
        channels: Sequence[tuple[str, str]],
        limit: int,
        known: Collection[int] = (),
    ) -> list[ShownTurn]:
        """Take the showing of turns nobody shows, and of the owner's own that it does not know."""
        raise NotImplementedError

    async def own_showing(
        self, owner: str, turn_ids: Collection[int], lease_seconds: float
    ) -> set[int]:
        """Keep showing these; ids of those that are still the owner's."""
        raise NotImplementedError

    async def shown_turn(self, turn_id: int) -> ShownTurn:
        """Raises NotFound."""
        raise NotImplementedError

    async def mark_shown(self, turn_id: int, owner: str, attempt: int) -> bool:
        """Nothing is left to show; False when there is a newer attempt or another owner."""
        raise NotImplementedError
