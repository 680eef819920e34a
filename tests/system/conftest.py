"""One running system for all tests that need no special one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.system.stand import Stand, Up, stand


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running() -> AsyncIterator[tuple[Stand, Up]]:
    """A system that everybody may talk to."""
    async with stand(ACCESS="open") as everything, everything.up() as up:
        yield everything, up


@pytest.fixture
def town(running: tuple[Stand, Up]) -> Stand:
    """What is around the running system."""
    return running[0]


@pytest.fixture
def up(running: tuple[Stand, Up]) -> Up:
    """The running system."""
    return running[1]
