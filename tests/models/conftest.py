"""A tiny checkpoint, both engines on it, and what generate() says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.endpoint.engine import HttpEngine
from models.engine import Engine
from models.local.engine import TransformersEngine
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.models.reference import Reference
from tests.models.tiny_llama4 import build


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


@pytest.fixture(params=["local_engine", "http_engine"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both engines, one after the other."""
    found: Engine = request.getfixturevalue(request.param)
    return found
