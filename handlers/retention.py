"""Deletes what is older than it is kept, and what a hold has kept beyond its time, with proofs."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence

import structlog

from chat.ports import AttachmentStore
from handlers.effects import Effects
from handlers.settings import KeepSettings
from storage.database import Database, Transaction
from storage.repositories import ASSISTANT, Aged, DataKind, Going

log = structlog.get_logger()

BATCH = 500  # rows of one transaction
EVERY = 3600.0  # seconds between two looks through a kind


class Retention:
    """Works in small batches, each with its proof in the same transaction: nothing is deleted
    without one, and whoever is stopped goes on where that was. Several bots may run it."""

    def __init__(
        self,
        *,
        database: Database,
        store: AttachmentStore,
        keep: KeepSettings,
        clock: Callable[[], float] = time.time,
        batch: int = BATCH,
    ) -> None:
        self._database = database
        self._store = store
        self._keep = keep
        self._clock = clock
        self._batch = batch
        # How far each kind is looked through: what is before it stays, too young or held.
        self._after: dict[DataKind, int] = {}

    async def run(self) -> int:
        """Delete all that is too old, where it is time to look; how much."""
        gone = 0
        for kind in DataKind:
            seconds = self._keep.seconds(kind)
            while seconds is not None:
                found = await self._once(kind, self._clock() - seconds)
                gone += found
                if found < self._batch:
                    break
                await asyncio.sleep(0)
        return gone

    async def _once(self, kind: DataKind, before: float) -> int:
        """One batch; how much was deleted."""
        now, effects = self._clock(), Effects()
        async with self._database.write() as tx:
            if not await tx.retention.claim(kind, again_at=now + EVERY):
                return 0
            after = self._after.get(kind, 0)
            found = await tx.retention.pick(kind, before, after=after, most=self._batch)
            effects.files.update(await tx.retention.drop(kind, [each.id for each in found]))
            if found:
                await prove(tx, "retention.deleted", kind.value, found, before=before)
            again_at = now if len(found) == self._batch else now + EVERY
            await tx.retention.note(kind, len(found), again_at=again_at)
            if kind is DataKind.MESSAGES and len(found) < self._batch:
                await tx.retention.untitle(before)
        self._after[kind] = found[-1].id if len(found) == self._batch else 0
        await effects.remove_files(self._database, self._store)
        if found:
            log.info("too-old-deleted", kind=kind.value, count=len(found))
        return len(found)

    async def delete_released(self) -> int:
        """Delete the messages that were to be deleted and that nothing holds any more; how many."""
        total = 0
        while found := await self._released():
            total += found
            if found < self._batch:
                break
        return total

    async def _released(self) -> int:
        effects = Effects()
        async with self._database.read() as tx:
            if not await tx.holds.due(most=1):
                return 0
        async with self._database.write() as tx:
            found = [Aged(*each) for each in await tx.holds.due(most=self._batch)]
            ids = [each.id for each in found]
            await tx.holds.forget(ids)
            effects.files.update(await tx.retention.drop(DataKind.MESSAGES, ids))
            if found:
                await prove(tx, "hold.deleted", DataKind.MESSAGES.value, found)
        await effects.remove_files(self._database, self._store)
        return len(found)


async def prove(
    tx: Transaction,
    action: str,
    kind: str,
    gone: Sequence[Aged],
    *,
    before: float | None = None,
) -> None:
    """Say in the audit log what was deleted: how much, from when to when, and the fingerprint."""
    times = [each.at for each in gone]
    details: dict[str, int | str] = {
        "count": len(gone),
        "oldest": round(min(times) * 1000),
        "newest": round(max(times) * 1000),
        "sha256": fingerprint(gone),
    }
    if before is not None:
        details["before"] = round(before * 1000)
    await tx.audit.add(action, actor=ASSISTANT, kind="data", object_id=kind, details=details)


def fingerprint(gone: Iterable[Aged]) -> str:
    """The SHA-256 of lines `NUMBER MILLISECONDS`, by number: of nothing that anybody said, so that
    nobody finds out by guessing what it was."""
    lines = sorted((each.id, round(each.at * 1000)) for each in gone)
    return hashlib.sha256("".join(f"{id_} {at}\n" for id_, at in lines).encode()).hexdigest()


async def dry_run(
    database: Database, keep: KeepSettings, *, clock: Callable[[], float] = time.time
) -> dict[DataKind, Going | None]:
    """What would go of each kind; None for one that is kept for good."""
    found: dict[DataKind, Going | None] = {}
    async with database.read() as tx:
        for kind in DataKind:
            seconds = keep.seconds(kind)
            going = None if seconds is None else await tx.retention.going(kind, clock() - seconds)
            found[kind] = going
    return found
