"""A worker as a process of its own whose engine dies or freezes over certain words.

`python -m tests.system.fragile_worker FOLDER` answers from ENGINE_URL like any worker. While a file
`deadly` stands in the folder, a question with that word kills the process; `frozen` makes its steps
stop for ever while its event loop lives on.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Self

from prometheus_client import CollectorRegistry

from bot import logs
from bot.home import new_worker_id
from bot.settings import Settings, load
from models.endpoint.engine import HttpEngine
from models.engine import EngineInfo, EngineOutput, Prompt, PromptText, SamplingParams
from models.errors import EngineStalled
from models.metrics import WorkerMetrics
from models.worker import Worker
from storage.attachments import open_store
from storage.broker import Broker
from storage.database import Database
from storage.sessions import SessionStore

DEADLY, FROZEN = "deadly", "frozen"


class FragileEngine:
    """Implements models.engine.Engine around an endpoint."""

    def __init__(self, url: str, folder: Path) -> None:
        self._engine = HttpEngine(url)
        self._folder = folder
        self._frozen_at: float | None = None

    async def __aenter__(self) -> Self:
        await self._engine.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._engine.__aexit__(*exc)

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    @property
    def last_step_at(self) -> float:
        return self._frozen_at or self._engine.last_step_at

    async def check(self) -> None:
        await self._engine.check()

    def count(self, prompt: Prompt) -> int:
        return self._engine.count(prompt)

    async def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        async for output in self._engine.generate(prompt, params):
            yield output
            if self._is_in(prompt, DEADLY):
                os.kill(os.getpid(), signal.SIGKILL)
            if self._is_in(prompt, FROZEN):
                self._frozen_at = time.time()
                await asyncio.Event().wait()

    def _is_in(self, prompt: Prompt, word: str) -> bool:
        parts = prompt.messages[-1].parts
        said = any(isinstance(part, PromptText) and word in part.text for part in parts)
        return said and (self._folder / word).exists()


async def main(settings: Settings, folder: Path) -> None:
    """Answer turns until killed, as bot/worker.py does."""
    storage, url = settings.storage, settings.model.engine_url
    async with (
        Database.from_url(storage.database_url) as database,
        Broker.from_url(storage.redis_url) as broker,
        FragileEngine(url, folder) as engine,
    ):
        worker = Worker(
            database=database,
            broker=broker,
            sessions=SessionStore(broker),
            store=open_store(storage.attachments_url, storage.whimbrel_home),
            engine=engine,
            persona=settings.persona,
            params=SamplingParams(),
            worker_id=new_worker_id(),
            metrics=WorkerMetrics(CollectorRegistry()),
            concurrency=4,
            stall_after=3,
            renewal=1,
        )
        await worker.run()


if __name__ == "__main__":
    loaded = load()
    logs.configure(level=loaded.process.log_level, secrets=(), json=True)
    try:
        asyncio.run(main(loaded, Path(sys.argv[1])))
    except EngineStalled as stalled:
        sys.exit(str(stalled))
