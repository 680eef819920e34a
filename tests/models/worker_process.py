"""A worker as a process of its own, to be killed: database URL, broker URL, endpoint URL."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry

from chat.persona import Persona
from models.endpoint.engine import HttpEngine
from models.engine import SamplingParams
from models.metrics import WorkerMetrics
from models.worker import Worker
from storage.attachments import open_store
from storage.broker import Broker
from storage.database import Database
from storage.sessions import SessionStore


async def main(database_url: str, broker_url: str, endpoint_url: str) -> None:
    """Answer turns until killed."""
    home = Path(database_url.removeprefix("sqlite:///")).parent
    async with (
        Database.from_url(database_url) as database,
        Broker.from_url(broker_url) as broker,
        HttpEngine(endpoint_url) as engine,
    ):
        worker = Worker(
            database=database,
            broker=broker,
            sessions=SessionStore(broker),
            store=open_store("", home),
            engine=engine,
            persona=Persona(),
            params=SamplingParams(),
            worker_id="to-be-killed",
            metrics=WorkerMetrics(CollectorRegistry()),
        )
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
