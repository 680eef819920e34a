"""The policy in force, looked up again every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from moderation.policy.rules import Policy
from moderation.policy.written import PolicyError, read_policy, shipped_policy
from storage.database import Database
from storage.errors import StorageError
from storage.repositories import PolicyVersion

log = structlog.get_logger()

KEPT = 5.0  # seconds


class LivePolicy:
    """What is in force; the policy that ships until somebody has published one.

    While the database is away the last known one stays in force."""

    def __init__(
        self, database: Database, *, kept: float = KEPT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`kept`: seconds after which it is looked up again."""
        self._database = database
        self._kept = kept
        self._clock = clock
        self._policy = shipped_policy()
        self._version: tuple[int, float | None] | None = None
        self._looked_at = -float("inf")

    async def get(self) -> Policy:
        """The policy now."""
        if self._clock() - self._looked_at >= self._kept:
            self._looked_at = self._clock()
            await self._look()
        return self._policy

    async def _look(self) -> None:
        try:
            async with self._database.read() as tx:
                live = await tx.policies.live()
        except StorageError as error:
            log.warning("policy-unknown", error=str(error))
            return
        if live is not None and (live.number, live.live_at) != self._version:
            self._take(live)

    def _take(self, live: PolicyVersion) -> None:
        self._version = (live.number, live.live_at)
        try:
            self._policy = read_policy(live.text, number=live.number)
        except PolicyError as error:  # of a newer version than this process understands
            log.error("policy-not-understood", number=live.number, error=str(error))
            return
        log.info("policy-in-force", number=live.number, name=self._policy.name)
