"""Whose answers and notices this bot shows, and when it looks for them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import structlog

from bot.delivery.notices import NoticeSender
from bot.delivery.pacing import PacedChannel
from bot.delivery.showing import Pace, Stopped, TurnShower
from chat.conversations import ConversationKey
from chat.errors import ChatMoved, Unreachable
from chat.failpoints import Failpoint, reached
from chat.outbound import Button, Notice, OutboundJob
from chat.turns import BrokerEvent, OutboundAdded, ShownTurn, Turn, TurnStarted
from handlers.following import TurnFeed
from handlers.texts import Texts
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

LEASE = 15.0
RENEW_EVERY = 5.0
SWEEP_EVERY = 1.0
LOOK_AGAIN = 0.5  # whether another bot has shown what comes before
FAILURES = 5  # of showing one turn, by our own fault, after which the person is told
DRAIN = 15.0
NOTICES_AT_ONCE = 50
TAKEN_AT_ONCE = 100


class Delivery:
    """Shows every turn that is this bot's to show, and sends every notice that waits.

    A turn is shown by the bot that accepted it, under a lease in SQL; another takes over when the
    lease lapses. Events make it quick, a sweep makes it sure.
    """

    def __init__(
        self,
        channels: Sequence[PacedChannel],
        *,
        database: Database,
        feed: TurnFeed,
        texts: Texts,
        notices: NoticeSender,
        owner: str,
        pace: Pace | None = None,
        sweep_every: float = SWEEP_EVERY,
        feedback: bool = False,
    ) -> None:
        """`feedback` puts thumbs and a report button under answers."""
        self._channels = {(c.channel.name, c.channel.account): c for c in channels}
        self._database = database
        self._feed = feed
        self._texts = texts
        self._notices = notices
        self._owner = owner
        self._pace = pace or Pace()
        self._sweep_every = sweep_every
        self._feedback = feedback
        self._showing: dict[int, asyncio.Task[None]] = {}
        self._failures: Counter[int] = Counter()
        self._sending: set[asyncio.Task[None] | None] = set()
        self._stopping = asyncio.Event()
        self._due = asyncio.Event()
        self._group = asyncio.TaskGroup()
        feed.listen(self._hear)

    async def run(self) -> None:
        """Deliver until `drain` is called or the task is cancelled."""
        for channel in self._channels.values():
            await channel.recall_waits()
        try:
            async with self._group:
                self._group.create_task(self._sweep(), name="delivery-sweep")
                self._group.create_task(self._renew(), name="delivery-renew")
                self._group.create_task(self._send_notices(), name="delivery-notices")
        finally:
            await self._release()

    async def drain(self) -> None:
        """Let calls that are under way end, then give up every showing to whoever comes next."""
        self._stopping.set()
        self._due.set()
        busy = [*self._showing.values(), *filter(None, self._sending)]
        if busy:
            _, late = await asyncio.wait(busy, timeout=DRAIN)
            for task in late:
                task.cancel()

    def _hear(self, event: BrokerEvent) -> None:
        if isinstance(event, OutboundAdded):
            self._due.set()
        elif isinstance(event, TurnStarted) and event.turn_id not in self._showing:
            self._start(event.turn_id, attempt=event.attempt)

    def _start(self, turn_id: int, *, attempt: int = 0, shown: ShownTurn | None = None) -> None:
        if self._stopping.is_set() or turn_id in self._showing:
            return
        showing = self._show(turn_id, attempt, shown)
        try:
            task = self._group.create_task(showing, name=f"show-{turn_id}")
        except RuntimeError:  # all of it is being cancelled just now
            showing.close()
            return
        self._showing[turn_id] = task
        task.add_done_callback(lambda _: self._showing.pop(turn_id, None))

    async def _show(self, turn_id: int, attempt: int, shown: ShownTurn | None) -> None:
        with structlog.contextvars.bound_contextvars(turn=turn_id):
            try:
                if shown is None:
                    shown, earlier = await self._mine(turn_id)
                else:
                    earlier = await self._earlier(shown.turn)
                if shown is not None:
                    await self._show_mine(shown, attempt, earlier)
            except Stopped:
                log.info("showing-handed-over")
            except StorageError as error:
                log.warning("showing-interrupted", error=str(error))
            except Exception:
                log.exception("showing-failed")
                self._failures[turn_id] += 1
                if self._failures[turn_id] >= FAILURES:
                    await self._give_up(turn_id)
                await asyncio.sleep(RENEW_EVERY)  # the sweep takes it up again
            else:
                self._failures.pop(turn_id, None)

    async def _mine(self, turn_id: int) -> tuple[ShownTurn | None, int | None]:
        """The turn, if this bot accepted it and it is shown by somebody at all; and the one before
        it in its conversation that is still to be shown."""
        async with self._database.read() as tx:
            shown = await tx.turns.shown_turn(turn_id)
            is_mine = shown.delivery_owner == self._owner and not shown.turn.shown
            if not is_mine or self._address(shown.key) not in self._channels:
                return None, None
            return shown, await tx.turns.unshown_before(shown.turn)

    async def _earlier(self, turn: Turn) -> int | None:
        async with self._database.read() as tx:
            return await tx.turns.unshown_before(turn)

    async def _show_mine(self, shown: ShownTurn, attempt: int, earlier: int | None) -> None:
        shower = TurnShower(
            shown,
            channel=self._channels[self._address(shown.key)],
            feed=self._feed,
            database=self._database,
            texts=self._texts,
            owner=self._owner,
            pace=self._pace,
            stopping=self._stopping,
            feedback=self._feedback,
        )
        try:
            await self._wait_for(earlier, shown.turn)
            await shower.show(attempt=attempt)
            log.info("turn shown")
        except Unreachable:
            log.info("person-unreachable")
            async with self._database.write() as tx:
                await tx.conversations.set_reachable(shown.turn.conversation_id, False)
                await tx.turns.abandon_showing(shown.turn.id, self._owner)
        except ChatMoved as error:
            async with self._database.write() as tx:
                key = shown.key
                await tx.conversations.move(key.channel, key.account, key.chat, error.new_chat)

    async def _wait_for(self, earlier: int | None, turn: Turn) -> None:
        """Answers stand in a chat in the order of their questions, whichever bot shows them.

        Raises Stopped."""
        while earlier is not None:
            if self._stopping.is_set():
                raise Stopped
            if showing := self._showing.get(earlier):
                await asyncio.wait([showing], timeout=LOOK_AGAIN)
            else:
                await self._pause(LOOK_AGAIN)
            earlier = await self._earlier(turn)

    async def _give_up(self, turn_id: int) -> None:
        """An answer that we cannot show must not keep those after it from being shown."""
        del self._failures[turn_id]
        try:
            async with self._database.write() as tx:
                shown = await tx.turns.shown_turn(turn_id)
                await tx.turns.abandon_showing(turn_id, self._owner)
                await tx.outbound.add_notice(
                    shown.turn.conversation_id,
                    Notice("sorry-failed"),
                    buttons=(Button("button-retry", f"retry:{turn_id}"),),
                )
        except StorageError as error:
            log.warning("showing-not-given-up", error=str(error))

    @staticmethod
    def _address(key: ConversationKey) -> tuple[str, str]:
        return key.channel, key.account

    async def _sweep(self) -> None:
        """Take up what is mine to show and nobody shows: after a restart, and when an event or
        another bot was lost."""
        while not self._stopping.is_set():
            try:
                async with self._database.write() as tx:
                    found = await tx.turns.to_show(
                        owner=self._owner,
                        lease_seconds=LEASE,
                        channels=list(self._channels),
                        limit=TAKEN_AT_ONCE,
                        known=list(self._showing),
                    )
            except StorageError as error:
                log.warning("delivery-sweep-failed", error=str(error))
                found = []
            if found:
                reached(Failpoint.SHOWINGS_TAKEN)
            for shown in found:
                self._start(shown.turn.id, shown=shown)
            if len(found) < TAKEN_AT_ONCE:
                await self._pause(self._sweep_every)

    async def _renew(self) -> None:
        """Keep the leases of what is being shown; stop showing what was taken over."""
        while not self._stopping.is_set():
            await self._pause(RENEW_EVERY)
            showing = dict(self._showing)
            if not showing:
                continue
            try:
                async with self._database.write() as tx:
                    kept = await tx.turns.own_showing(self._owner, list(showing), LEASE)
            except StorageError as error:
                log.warning("delivery-lease-not-renewed", error=str(error))
                continue
            for turn_id in showing.keys() - kept:
                log.warning("showing-lost", turn=turn_id)
                showing[turn_id].cancel()

    async def _send_notices(self) -> None:
        """Send what waits, each conversation's notices one after another and all chats at once."""
        while not self._stopping.is_set():
            self._due.clear()
            try:
                jobs = await self._notices.take(NOTICES_AT_ONCE)
            except StorageError as error:
                log.warning("notices-not-read", error=str(error))
                jobs = []
            for job in jobs:
                self._sending.add(self._group.create_task(self._send_notice(job)))
            if len(jobs) < NOTICES_AT_ONCE:
                await self._wait_due()

    async def _send_notice(self, job: OutboundJob) -> None:
        try:
            await self._notices.send(job)
        except Exception:
            log.exception("notice-failed", outbound=job.row.id)  # it is taken again by its lease
        finally:
            self._sending.discard(asyncio.current_task())
            self._due.set()

    async def _wait_due(self) -> None:
        try:
            async with asyncio.timeout(SWEEP_EVERY):
                await self._due.wait()
        except TimeoutError:
            return

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _release(self) -> None:
        try:
            async with self._database.write() as tx:
                await tx.turns.release_showing(self._owner)
        except StorageError as error:
            log.warning("showings-not-released", error=str(error))
