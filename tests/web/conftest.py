"""A running web chat for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.web.house import House, open_house


@pytest.fixture(scope="session")
def png() -> bytes:
    """A small picture."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
async def house(tmp_path: Path, valkey_url: str) -> AsyncIterator[House]:
    """A web chat that lets invited people in."""
    async with open_house(tmp_path, valkey_url) as house:
        yield house
