"""A world for each test: SQLite in a file, Valkey, attachments in a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.pictures.decoder import PictureDecoder
from storage.attachments import FolderStore
from storage.broker import Broker
from storage.database import Database
from storage.migrate import upgrade
from tests.handlers.world import Clock, World


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a migrated database, since migrating takes longer than a test."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
async def world(tmp_path: Path, empty_database: bytes, broker: Broker) -> AsyncIterator[World]:
    """Handlers over real parts; everybody may talk to them unless the test says otherwise."""
    path = tmp_path / "whimbrel.sqlite3"
    path.write_bytes(empty_database)
    clock = Clock()
    async with (
        Database.from_url(f"sqlite:///{path}", clock=clock) as database,
        PictureDecoder() as decoder,
    ):
        store = FolderStore(tmp_path / "attachments")
        yield World(
            path=path, database=database, broker=broker, store=store, clock=clock, decoder=decoder
        )
