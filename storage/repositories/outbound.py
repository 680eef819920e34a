"""A row for every reply that a person is to see."""

from __future__ import annotations

from collections.abc import Sequence

from chat.outbound import Button, Notice, Outbound, OutboundJob, OutboundKind, OutboundState
from storage.repositories.base import Repository


class OutboundRows(Repository):
    """Notices to be sent, and the parts of answers."""

    async def add_notice(
        self,
        conversation_id: int,
        notice: Notice,
        *,
        buttons: Sequence[Button] = (),
        kind: OutboundKind = OutboundKind.NOTICE,
        turn_id: int | None = None,
        reply_to: str = "",
        text: str = "",
        shown: bool = False,
    ) -> Outbound:
        """Something to be said; `shown` where people's clients fetch it themselves."""
        raise NotImplementedError

    async def parts(self, turn_id: int) -> list[Outbound]:
        """The parts of the answer that the turn is showing now, in order."""
        raise NotImplementedError

    async def add_part(self, turn_id: int, part: int, conversation_id: int) -> Outbound:
        """A part that is about to be sent. Raises WriteConflict when the part is there."""
        raise NotImplementedError

    async def sent(self, outbound_id: int, platform_id: str, *, text: str = "") -> None:
        """It is in the chat, under this id. Raises NotFound."""
        raise NotImplementedError

    async def set_state(self, outbound_id: int, state: OutboundState, error: str = "") -> None:
        """Raises NotFound."""
        raise NotImplementedError

    async def take(
        self,
        owner: str,
        *,
        lease_seconds: float,
        channels: Sequence[tuple[str, str]],
        limit: int,
    ) -> list[OutboundJob]:
        """Lease the oldest notice of each conversation (channel, account) that may be sent now."""
        raise NotImplementedError

    async def retry_at(self, outbound_id: int, time: float) -> None:
        """Not sent: pending again from `time` (epoch seconds) on. Raises NotFound."""
        raise NotImplementedError

    async def get(self, outbound_id: int) -> Outbound:
        """Raises NotFound."""
        raise NotImplementedError

    async def notices(self, conversation_id: int) -> list[Outbound]:
        """Everything but answers and leave-takings, oldest first."""
        raise NotImplementedError
