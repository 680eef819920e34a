"""A tiny checkpoint, both engines on it, and what generate() says."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.endpoint.engine import HttpEngine
from models.engine import Engine
from models.local.engine import TransformersEngine
from storage import migrate
from storage.attachments import open_store
from storage.broker import Broker
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.models.reference import Reference
from tests.models.tiny_llama4 import build
from tests.models.working import Floor


@pytest.fixture(scope="session")
def tiny_llama4(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random checkpoint."""
    return build(tmp_path_factory.mktemp("tiny-llama4"))


@pytest.fixture(scope="session")
def reference(tiny_llama4: Path) -> Reference:
    """generate() on the tiny checkpoint."""
    return Reference(tiny_llama4)


@pytest.fixture
async def local_engine(tiny_llama4: Path) -> AsyncIterator[TransformersEngine]:
    """The transformers engine on the tiny checkpoint."""
    async with TransformersEngine(str(tiny_llama4)) as engine:
        yield engine


@pytest.fixture
async def endpoint(reference: Reference) -> AsyncIterator[OpenAIEndpoint]:
    """An endpoint that serves the tiny checkpoint by generate()."""
    async with OpenAIEndpoint(reference, Ways(window=2048)) as endpoint:
        yield endpoint


@pytest.fixture
async def http_engine(endpoint: OpenAIEndpoint) -> AsyncIterator[HttpEngine]:
    """The HTTP engine on that endpoint."""
    async with HttpEngine(endpoint.url) as engine:
        await engine.check()
        yield engine


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
async def floor(
    migrated: Path, tmp_path: Path, broker: Broker, valkey_url: str
) -> AsyncIterator[Floor]:
    """An empty database, broker and attachment store."""
    path = shutil.copy(migrated, tmp_path / "floor.sqlite3")
    floor = Floor(f"sqlite:///{path}", broker, valkey_url, open_store("", tmp_path))
    async with floor.database:
        yield floor


@pytest.fixture(params=["local_engine", "http_engine"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both engines, one after the other."""
    found: Engine = request.getfixturevalue(request.param)
    return found
