"""Wires the worker process: the engine, the stores, and the worker that answers turns."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry

from bot.checking import Checks, open_checks
from bot.home import Home, new_worker_id
from bot.metrics import answering, new_registry
from bot.settings import Settings
from bot.signals import stop_requested
from models.engine import Engine
from models.loading import engine_from_settings, sampling_from_settings
from models.metrics import WorkerMetrics
from models.switching import Choosing, prove
from models.worker import Worker
from storage.attachments import open_store
from storage.broker import Broker
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.repositories import ModelChoice, SwitchState
from storage.sessions import SessionStore

log = structlog.get_logger()

GRACE = 10.0  # seconds that running answers have to end in when the worker is stopped
SWITCHING_GRACE = 300.0  # and when it is to serve another model


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a worker works with, whichever model it serves."""

    settings: Settings
    database: Database
    broker: Broker
    worker_id: str
    metrics: WorkerMetrics
    pins: Path
    choosing: Choosing

    def worker(self, engine: Engine, checks: Checks) -> Worker:
        """A worker with this engine."""
        settings = self.settings
        storage = settings.storage
        return Worker(
            database=self.database,
            broker=self.broker,
            sessions=SessionStore(self.broker),
            store=open_store(storage.attachments_url, storage.whimbrel_home),
            engine=engine,
            persona=settings.persona,
            params=sampling_from_settings(settings.model),
            worker_id=self.worker_id,
            grace=GRACE,
            metrics=self.metrics,
            checks=checks.fixed,
            checks_of_policy=checks.of_policy,
            budgets=settings.budgets,
        )


async def run_worker(settings: Settings) -> None:
    """Answer turns until SIGTERM, then finish or hand back what is held.

    Raises CheckpointError where the model cannot be served, and EngineStalled when a step hangs.
    """
    home = Home(settings.storage.whimbrel_home)
    home.prepare()
    worker_id = new_worker_id()
    registry = new_registry()
    with stop_requested() as stop:
        async with (
            _opened(settings, home, worker_id, registry) as bench,
            open_checks(settings, home, bench.database) as checks,
            answering(
                registry,
                socket=home.metrics / f"{worker_id[7:15]}.sock",
                port=settings.process.worker_metrics_port,
            ),
        ):
            while not stop.is_set():
                await _serve(bench, checks, stop)
                gc.collect()  # the weights of the model before, where there were any


@asynccontextmanager
async def _opened(
    settings: Settings, home: Home, worker_id: str, registry: CollectorRegistry
) -> AsyncIterator[Bench]:
    """The stores; what a former life of this worker held is given up before the model is loaded,
    so that people wait for the model at most, and not for leases as well."""
    storage = settings.storage
    async with (
        Database.from_url(storage.database_url) as database,
        Broker.from_url(storage.redis_url) as broker,
    ):
        with suppress(DatabaseUnavailable):  # they lapse by themselves
            async with database.write() as tx:
                await tx.turns.lapse(worker_id)
        yield Bench(
            settings=settings,
            database=database,
            broker=broker,
            worker_id=worker_id,
            metrics=WorkerMetrics(registry),
            pins=home.pins,
            choosing=Choosing(database=database, broker=broker, settings=settings.model),
        )


async def _serve(bench: Bench, checks: Checks, stop: asyncio.Event) -> None:
    """Load the model that is wanted, and answer turns with it until another one is, or the end.

    One that cannot be served is given up for the one before; the settings' own has to be."""
    choice = await bench.choosing.get()
    async with AsyncExitStack() as stack:
        log.info("model-loading", model=choice.wanted or "default")
        try:
            engine = engine_from_settings(bench.choosing.settings_for(choice), bench.pins)
            await stack.enter_async_context(engine)
            if choice.state is SwitchState.WANTED:
                await prove(engine)
        except Exception as error:
            if not choice.wanted and choice.state is not SwitchState.WANTED:
                raise
            log.error("model-not-served", model=choice.wanted or "default", error=str(error))
            await bench.choosing.fails(choice)
            return
        log.info("model-ready", model=engine.info.model, format=engine.info.number_format)
        if choice.state is SwitchState.WANTED:
            await bench.choosing.answers(choice, engine)
        await _work_until(stop, bench.worker(engine, checks), bench.choosing, choice)


async def _work_until(
    stop: asyncio.Event, worker: Worker, choosing: Choosing, served: ModelChoice
) -> None:
    """Until the process is to end, or another model is wanted."""
    async with asyncio.TaskGroup() as group:
        working = group.create_task(worker.run(), name="worker")
        stopping = group.create_task(stop.wait(), name="stop")
        changing = group.create_task(choosing.until_other(served), name="other-model")
        await asyncio.wait([working, stopping, changing], return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set() and not working.done():
            log.info("model-leaving")
            worker.drain(SWITCHING_GRACE)
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        worker.drain(GRACE)
        await working
        stopping.cancel()
        changing.cancel()
