"""Wires the worker process: the engine, the stores, and the worker that answers turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from bot.checking import open_checks
from bot.home import Home, new_worker_id
from bot.metrics import answering, new_registry
from bot.settings import Settings
from bot.signals import stop_requested
from models.engine import Engine
from models.loading import engine_from_settings, sampling_from_settings
from models.metrics import WorkerMetrics
from models.worker import Worker
from storage.attachments import open_store
from storage.broker import Broker
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.sessions import SessionStore

log = structlog.get_logger()

GRACE = 10.0  # seconds that running answers have to end in when the worker is stopped


async def run_worker(settings: Settings) -> None:
    """Answer turns until SIGTERM, then finish or hand back what is held.

    Raises CheckpointError where the model cannot be served, and EngineStalled when a step hangs.
    """
    home = Home(settings.storage.whimbrel_home)
    home.prepare()
    storage = settings.storage
    worker_id = new_worker_id()
    registry = new_registry()
    with stop_requested() as stop:
        engine = engine_from_settings(settings.model, home.pins)
        async with (
            Database.from_url(storage.database_url) as database,
            Broker.from_url(storage.redis_url) as broker,
            _loaded(engine, database, worker_id),
            open_checks(settings, home, database) as checks,
            answering(
                registry,
                socket=home.metrics / f"{worker_id[7:15]}.sock",
                port=settings.process.worker_metrics_port,
            ),
        ):
            log.info("model-ready", model=engine.info.model, format=engine.info.number_format)
            worker = Worker(
                database=database,
                broker=broker,
                sessions=SessionStore(broker),
                store=open_store(storage.attachments_url, storage.whimbrel_home),
                engine=engine,
                persona=settings.persona,
                params=sampling_from_settings(settings.model),
                worker_id=worker_id,
                grace=GRACE,
                metrics=WorkerMetrics(registry),
                checks=checks.fixed,
                checks_of_policy=checks.of_policy,
                budgets=settings.budgets,
            )
            await _work_until(stop, worker)


@asynccontextmanager
async def _loaded(engine: Engine, database: Database, worker_id: str) -> AsyncIterator[None]:
    """The engine with its model; what a former life of this worker held is given up before that,
    so that people wait for the model at most, and not for leases as well."""
    with suppress(DatabaseUnavailable):  # they lapse by themselves
        async with database.write() as tx:
            await tx.turns.lapse(worker_id)
    log.info("model-loading")
    async with engine:
        yield


async def _work_until(stop: asyncio.Event, worker: Worker) -> None:
    async with asyncio.TaskGroup() as group:
        working = group.create_task(worker.run(), name="worker")
        stopping = group.create_task(stop.wait(), name="stop")
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        worker.drain()
        await working
        stopping.cancel()
