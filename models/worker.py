"""The worker: claims turns, keeps their leases, and has them answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

import structlog

from chat.budgets import NO_BUDGETS, BudgetSettings
from chat.failpoints import Failpoint, reached
from chat.persona import Persona
from chat.ports import AttachmentStore
from chat.turns import (
    ClaimedTurn,
    TurnCancelled,
    TurnEnded,
    TurnsLeft,
    TurnStarted,
    TurnState,
)
from models.answering import Answering
from models.deltas import DeltaWriter
from models.engine import Engine, SamplingParams
from models.errors import EngineStalled
from models.finishing import Finisher
from models.held import Held, Interruption
from models.history import Histories
from models.metrics import WorkerMetrics
from models.moderating import Moderator
from models.presence import Presence
from models.prompt import PromptBuilder
from moderation.checks import Check
from moderation.pipeline import Pipeline
from moderation.policy.live import LivePolicy
from moderation.policy.rules import Policy
from storage.allowances import Allowances
from storage.broker import Broker
from storage.database import Database
from storage.errors import BrokerUnavailable, StorageError
from storage.sessions import SessionStore

log = structlog.get_logger()

LEASE = 10.0  # seconds
SWEEP = 5.0
ANNOUNCE = 5.0
PATIENCE = 0.1  # that a turn is left to the worker which remembers its conversation
MISSED = 1000  # cancels of others' turns that are kept until the next claim
NEXT_LOOK = 0.02  # after an end: turns that end together make one look at the queue


class Worker:
    """One worker process's turns. `run` works until it is cancelled, or drained."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        sessions: SessionStore,
        store: AttachmentStore,
        engine: Engine,
        persona: Persona,
        params: SamplingParams,
        worker_id: str,
        metrics: WorkerMetrics,
        checks: Sequence[Check] = (),
        checks_of_policy: Callable[[Policy], Sequence[Check]] = lambda policy: (),
        budgets: BudgetSettings = NO_BUDGETS,
        concurrency: int | None = None,
        stall_after: float = 60.0,
        grace: float = 20.0,
        renewal: float = 3.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`checks` look beside those that are made of each version of the policy. Times are
        in seconds. `stall_after`: when a step counts as hung. `grace`: what running
        turns have to end in when the worker drains. `renewal`: between renewals of leases."""
        self._database = database
        self._broker = broker
        self._engine = engine
        self._worker_id = worker_id
        self._metrics = metrics
        self._concurrency = concurrency or engine.info.concurrency
        self._at_once = budgets.person_at_once
        self._stall_after = stall_after
        self._grace = grace
        self._renewal = renewal
        self._clock = clock
        self._held: dict[int, Held] = {}
        self._busy: set[Held] = set()  # these, and attempts that were replaced and end yet
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._looking: asyncio.TimerHandle | None = None
        self._draining = False
        self._missed: set[int] = set()  # turns that were cancelled before they were held here
        self.presence = Presence(worker_id, engine=engine, broker=broker)
        self._deltas = DeltaWriter(broker)
        self._finisher = Finisher(
            database=database, broker=broker, allowances=Allowances(broker, budgets)
        )
        self._answering = Answering(
            database=database,
            broker=broker,
            store=store,
            engine=engine,
            histories=Histories(
                database=database,
                sessions=sessions,
                window=lambda: engine.info.context_window,
            ),
            prompts=PromptBuilder(persona=persona, clock=clock),
            params=params,
            deltas=self._deltas,
            finisher=self._finisher,
            metrics=metrics,
            moderator=Moderator(
                pipeline=Pipeline(checks, metrics=metrics, made=checks_of_policy),
                policy=LivePolicy(database),
                store=store,
            ),
            clock=clock,
        )

    def drain(self) -> None:
        """Claim nothing more and let `run` return when what is held has ended. Twice is safe."""
        self._draining = True
        self._wake.set()
        self._room.set()

    async def run(self) -> None:
        """Answer turns. Raises EngineStalled when a step hangs: the process has to go then."""
        duties: tuple[Coroutine[Any, Any, None], ...] = (
            self._deltas.run(),
            self._finisher.run(),
            self._hear_hints(),
            self._hear_events(),
            self._keep(SWEEP, self._sweep),
            self._keep(self._renewal, self._renew),
            self._keep(ANNOUNCE, self.presence.announce),
        )
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(duty) for duty in duties]
                await self._claim_until_drained(group)
                await self._let_finish()
                for task in tasks:
                    task.cancel()
        except BaseExceptionGroup as errors:
            if stalled := errors.subgroup(EngineStalled):
                raise stalled.exceptions[0] from None
            raise
        finally:
            with suppress(BrokerUnavailable):
                await self.presence.withdraw()

    async def _claim_until_drained(self, group: asyncio.TaskGroup) -> None:
        self._wake.set()
        while not self._draining:
            await self._wake.wait()
            self._wake.clear()
            while not self._draining and (free := self._free()):
                claimed = await self._claim(free)
                for turn in claimed:
                    self._start(turn, group)
                await self._cancel_missed(claimed)
                if len(claimed) < free:
                    break

    def _free(self) -> int:
        """How many more turns may be held; none beside one that has to run alone."""
        if any(held.turn.alone for held in self._held.values()):
            return 0
        return max(0, self._concurrency - len(self._held))

    async def _claim(self, free: int) -> list[ClaimedTurn]:
        others, since = self.presence.rememberers, self._clock() - PATIENCE
        left: set[str] = set()
        try:
            async with self._database.write() as transaction:
                claimed = await transaction.turns.claim(
                    self._worker_id,
                    lease_seconds=LEASE,
                    limit=free,
                    idle=not self._held,
                    others=others,
                    since=since,
                    of_a_person=self._at_once,
                )
                if others and len(claimed) < free:
                    left = await transaction.turns.left_to(others, since)
        except StorageError as error:
            log.warning("no turn could be claimed", error=str(error))
            self._look_soon(1.0)
            return []
        if claimed:
            reached(Failpoint.TURNS_CLAIMED)
        if left:
            self._look_soon(PATIENCE + NEXT_LOOK)  # they may be too busy, or gone
        with suppress(BrokerUnavailable):
            await self._broker.publish(
                *(TurnStarted(turn.id, turn.attempt) for turn in claimed), *map(TurnsLeft, left)
            )
        if claimed:
            reached(Failpoint.TURNS_STARTED)
        return claimed

    async def _cancel_missed(self, claimed: list[ClaimedTurn]) -> None:
        """Stop those whose cancel was told after they were claimed and before they were held."""
        missed = self._missed.intersection(turn.id for turn in claimed)
        self._missed.clear()
        if not missed:
            return
        try:
            async with self._database.read() as transaction:
                cancelled = await transaction.turns.cancelled(missed)
        except StorageError as error:  # the next renewal asks again
            log.warning("cancels could not be read", error=str(error))
            return
        for turn_id in cancelled & self._held.keys():
            self._held[turn_id].interrupt(Interruption.CANCELLED)

    def _start(self, turn: ClaimedTurn, group: asyncio.TaskGroup) -> None:
        held = Held(turn)
        if void := self._held.get(turn.id):  # it was asked anew, and claimed before we heard of it
            void.interrupt(Interruption.CANCELLED)
        self._held[turn.id] = held
        self._busy.add(held)
        self._idle.clear()
        held.task = group.create_task(self._answer(held))

    async def _answer(self, held: Held) -> None:
        structlog.contextvars.bind_contextvars(turn=held.turn.id)
        try:
            await self._answering.answer(held)
        finally:
            if self._held.get(held.turn.id) is held:
                del self._held[held.turn.id]
            self._busy.discard(held)
            self._room.set()
            if not self._busy:
                self._idle.set()
            self._look_soon(NEXT_LOOK)

    def _look_soon(self, seconds: float) -> None:
        """Look at the queue again; several wishes within that time are one."""
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(seconds, self._look_now)

    def _look_now(self) -> None:
        self._looking = None
        self._wake.set()

    async def _let_finish(self) -> None:
        """Wait for what is held; what takes too long goes back into the queue."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await self._idle.wait()
        for held in self._held.values():
            held.interrupt(Interruption.RELEASED)
        await self._idle.wait()

    async def _hear_hints(self) -> None:
        """Take hints only while there is room, and leave them to other workers otherwise."""
        while not self._draining:
            self._room.clear()
            free = self._free()
            if not free:
                await self._room.wait()
                continue
            try:
                hints = await self._broker.hints(self._worker_id, count=free, block=1.0)
                if hints:
                    reached(Failpoint.HINTS_TAKEN)
                if hints and not self._free():  # the room was filled while it listened
                    await self._broker.hint([hint.conversation_id for hint in hints])
                elif hints:
                    self._wake.set()
            except BrokerUnavailable as error:
                log.warning("no hints can be heard", error=str(error))

    async def _hear_events(self) -> None:
        async with self._broker.events() as events:
            async for event in events:
                if isinstance(event, TurnCancelled):
                    if event.turn_id in self._held:
                        await self._look_into(self._held[event.turn_id])
                    elif len(self._missed) < MISSED:
                        self._missed.add(event.turn_id)
                elif isinstance(event, TurnsLeft) and event.worker_id == self._worker_id:
                    self._wake.set()

    async def _look_into(self, held: Held) -> None:
        """Stop what SQL says is to be stopped, or was asked anew: an event may be older than this
        attempt."""
        try:
            async with self._database.read() as transaction:
                turn = await transaction.turns.get(held.turn.id)
        except StorageError as error:  # the next renewal asks again
            log.warning("a cancel could not be looked into", error=str(error))
            return
        is_mine = turn.state is TurnState.RUNNING and turn.attempt == held.turn.attempt
        if turn.cancel_requested or not is_mine:
            held.interrupt(Interruption.CANCELLED)

    async def _keep(self, seconds: float, duty: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do a duty again and again; storage that is away now may be back the next time."""
        while True:
            try:
                await duty()
            except StorageError as error:
                log.warning("a duty was missed", duty=duty.__name__, error=str(error))
            await asyncio.sleep(seconds)

    async def _renew(self) -> None:
        """Keep the leases as long as the engine makes steps, and hear of cancels that were lost."""
        if not self._held:
            return
        if self._clock() - self._engine.last_step_at > self._stall_after:
            raise EngineStalled(f"no step for {self._stall_after:.0f} s")
        attempts = [(held.turn.id, held.turn.attempt) for held in self._held.values()]
        async with self._database.write() as transaction:
            ours = await transaction.turns.renew(self._worker_id, attempts, LEASE)
            cancelled = await transaction.turns.cancelled(ours)
        reached(Failpoint.LEASES_RENEWED)
        for turn_id, attempt in attempts:
            held = self._held.get(turn_id)
            if held is None or held.turn.attempt != attempt:
                continue
            if turn_id not in ours and not held.computed:
                log.warning("a lease was lost", turn=turn_id, attempt=attempt)
                held.fence()
            elif turn_id in cancelled:
                held.interrupt(Interruption.CANCELLED)

    async def _sweep(self) -> None:
        """Take turns back from workers that went silent, and look at the queue unasked."""
        async with self._database.write() as transaction:
            gone = [turn for turn, _ in await transaction.turns.expire()]
            ended = [
                (turn, (await transaction.turns.shown_turn(turn.id)).key.channel)
                for turn in gone
                if turn.state.is_end
            ]
        self._wake.set()
        for turn, channel in ended:
            log.error("a turn was set aside", turn=turn.id, reason=turn.reason)
            self._metrics.turn_ended(channel, turn.state)
        if ended:
            await self._broker.publish(*(TurnEnded(turn.id) for turn, _ in ended))
