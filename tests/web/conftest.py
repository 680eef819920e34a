"""A running web chat for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.house import House, open_house


@pytest.fixture
async def house(tmp_path: Path, valkey_url: str) -> AsyncIterator[House]:
    """A web chat that lets invited people in."""
    async with open_house(tmp_path, valkey_url) as house:
        yield house
