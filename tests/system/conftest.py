"""A running system for each file of tests that needs no special one.

Its loop runs without a pause that way: what stands still for long is taken for gone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.system.stand import Stand, Up, stand


@pytest_asyncio.fixture(scope="module", loop_scope="module")
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
