"""A database of each kind, with a clock that stands until a test moves it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat.conversations import Conversation, ConversationKey
from chat.people import Sender, User
from storage import migrate
from storage.database import Database
from tests.postgres import (
    empty_postgres_url,
    postgres_server,
    postgres_template,
    postgres_url,
)

__all__ = ["empty_postgres_url", "postgres_server", "postgres_template", "postgres_url"]


class Clock:
    """The time, epoch seconds; it moves when told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "test.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url = request.getfixturevalue("empty_postgres_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
async def database(database_url: str, clock: Clock) -> AsyncIterator[Database]:
    async with Database.from_url(database_url, clock=clock) as database:
        yield database


@pytest.fixture
async def ada(database: Database) -> User:
    async with database.write() as t:
        return await t.users.ensure("telegram", Sender("1", "Ada", "en"))


@pytest.fixture
async def chat(database: Database, ada: User) -> Conversation:
    async with database.write() as t:
        return await t.conversations.ensure(ConversationKey("telegram", "bot", "1"), ada.id)
