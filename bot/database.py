"""The database for commands that look into it beside a running assistant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.home import Home
from bot.settings import Settings
from storage import migrate
from storage.database import Database
from storage.errors import SchemaOutdated


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database of the settings, or of a running `whimbrel up`, where it is this version's.

    Raises SchemaOutdated, and other StorageErrors."""
    storage = settings.storage
    running = Home(storage.whimbrel_home).running()
    url = storage.database_url or (running.database_url if running else storage.sql_url)
    if not await asyncio.to_thread(migrate.is_current, url):
        raise SchemaOutdated("the tables are not those of this version: see `whimbrel migrate`")
    async with Database.from_url(url) as database:
        yield database
