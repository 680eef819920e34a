"""A world for each test: a database, Valkey, and attachments in a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from handlers.pictures.decoder import PictureDecoder
from storage.attachments import FolderStore
from storage.broker import Broker
from storage.database import Database
from storage.migrate import upgrade
from tests.handlers.world import Clock, World
from tests.postgres import postgres_server, postgres_template, postgres_url

__all__ = ["postgres_server", "postgres_template", "postgres_url"]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a migrated database, since migrating takes longer than a test."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def sqlite_url(tmp_path: Path, empty_database: bytes) -> str:
    """The URL of a migrated SQLite database of this test's own."""
    path = tmp_path / "whimbrel.sqlite3"
    path.write_bytes(empty_database)
    return f"sqlite:///{path}"


@pytest.fixture
async def world(tmp_path: Path, sqlite_url: str, broker: Broker) -> AsyncIterator[World]:
    """Handlers over real parts; everybody may talk to them unless the test says otherwise."""
    async with made(sqlite_url, tmp_path, broker) as world:
        yield world


@pytest.fixture(params=["sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind, one after the other."""
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
async def any_world(tmp_path: Path, any_url: str, broker: Broker) -> AsyncIterator[World]:
    """The same over each database that we promise to work with."""
    async with made(any_url, tmp_path, broker) as world:
        yield world


@asynccontextmanager
async def made(url: str, folder: Path, broker: Broker) -> AsyncIterator[World]:
    """A world over one database; its files are in `folder`."""
    clock = Clock()
    async with Database.from_url(url, clock=clock) as database, PictureDecoder() as decoder:
        yield World(
            folder=folder,
            database=database,
            broker=broker,
            store=FolderStore(folder / "attachments"),
            clock=clock,
            decoder=decoder,
        )
