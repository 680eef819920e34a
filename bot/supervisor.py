"""`whimbrel up`: everything on this machine, started in order, kept running, stopped in order."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import structlog
from msgspec import structs

from bot.children import Child, GaveUp
from bot.home import BOT_ID, WORKER_ID, Home, Running, with_parts
from bot.pairing import banner
from bot.ports import answers, local_url, with_port
from bot.settings import Secret, Settings
from bot.signals import stop_requested
from storage.valkey import PrivateValkey
from web.exposure import check_exposure

WORKER_DRAIN = 20.0  # seconds for the answers under way
BOT_DRAIN = 10.0  # seconds for showing them

log = structlog.get_logger()


async def up(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Run bot, worker and what they need until asked to stop; `say` prints the banner.

    Raises SettingsError, ExposureError, HomeError, StorageError, or GaveUp when a process does not
    stay up.
    """
    check_exposure(settings.web)
    home = Home(settings.storage.whimbrel_home)
    with home.lock():
        settings = with_port(settings)
        async with _stores(settings, home) as settings:
            await _run_processes(settings, home, say=say)


@asynccontextmanager
async def parts_for_chat(settings: Settings) -> AsyncIterator[Settings]:
    """Database, broker and a worker for one command: those that run, else some of its own.

    Raises GaveUp, also inside the context, when the worker does not stay up.
    """
    home = Home(settings.storage.whimbrel_home)
    storage = settings.storage
    if (storage.database_url and storage.redis_url) or home.running():
        yield with_parts(settings)
        return
    with home.lock():
        async with _stores(settings, home) as settings:
            worker = Child("worker", environ=_environment(settings, home))
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(worker.keep_running(), name="worker")
                    try:
                        yield settings
                    finally:
                        await worker.stop(seconds=WORKER_DRAIN)
            except* GaveUp as gave_up:
                raise gave_up.exceptions[0] from None


@asynccontextmanager
async def _stores(settings: Settings, home: Home) -> AsyncIterator[Settings]:
    """The settings with a migrated database and a broker that runs as long as the context."""
    from storage import migrate  # takes a while to import, and `chat` beside an `up` needs it not

    storage = settings.storage
    database_url = storage.sql_url
    await asyncio.to_thread(migrate.upgrade, database_url)
    storage = structs.replace(storage, database_url=Secret(database_url))
    if storage.redis_url:
        yield structs.replace(settings, storage=storage)
        return
    async with PrivateValkey(home.path) as valkey:
        storage = structs.replace(storage, redis_url=Secret(valkey.url))
        keeping = asyncio.create_task(valkey.keep_running())
        try:
            yield structs.replace(settings, storage=storage)
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])


async def _run_processes(settings: Settings, home: Home, *, say: Callable[[str], None]) -> None:
    environ = _environment(settings, home)
    bot, worker = Child("bot", environ=environ), Child("worker", environ=environ)

    def at_once() -> None:  # the second signal: safe, since every step is made for kill -9
        for child in (bot, worker):
            child.kill()

    with stop_requested(again=at_once) as stop, home.announced(_running(settings)):
        greeting = asyncio.create_task(_greet(settings, say))
        running = [asyncio.create_task(child.keep_running()) for child in (bot, worker)]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
        greeting.cancel()
        await worker.stop(seconds=WORKER_DRAIN)
        await bot.stop(seconds=BOT_DRAIN)
        stopping.cancel()
        ends = await asyncio.gather(*running, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


async def _greet(settings: Settings, say: Callable[[str], None]) -> None:
    """Print the banner once people can open the page."""
    port = settings.web.http_port
    assert port is not None
    while True:
        if await answers(settings.web.http_host, port):
            break
        await asyncio.sleep(0.1)
    try:
        say(await banner(settings))
    except Exception:
        log.exception("the banner could not be made")


def _running(settings: Settings) -> Running:
    storage = settings.storage
    return Running(
        pid=os.getpid(),
        database_url=storage.database_url,
        redis_url=storage.redis_url,
        attachments_url=storage.attachments_url,
        http_url=local_url(settings),
    )


def _environment(settings: Settings, home: Home) -> Mapping[str, str]:
    """What the processes are told beyond the environment that they inherit."""
    storage, port = settings.storage, settings.web.http_port
    told = {
        "WHIMBREL_HOME": str(home.path),
        BOT_ID: home.name_of("bot"),
        WORKER_ID: home.name_of("worker"),
        "DATABASE_URL": storage.database_url,
        "REDIS_URL": storage.redis_url,
        "LOG_LEVEL": settings.process.log_level.value,
    }
    return told | ({"HTTP_PORT": str(port)} if port else {})


__all__ = ["GaveUp", "parts_for_chat", "up"]
