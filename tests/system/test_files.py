"""What stands in the data folder is its owner's alone, whatever the umask allows."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.pictures import drawing, encoded
from tests.system.stand import asks, ends, stand

PICTURE = encoded(drawing(size=(64, 48)), "PNG")


@pytest.fixture
def open_umask() -> Iterator[None]:
    """New files are readable and writable by everybody, unless their maker says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Everything in a folder, and itself, that others than its owner could use."""
    found = [folder, *folder.rglob("*")]
    return [
        f"{path} {stat.filemode(path.lstat().st_mode)}"
        for path in found
        if path.lstat().st_mode & 0o077 and not path.is_symlink()
    ]


@pytest.mark.usefixtures("open_umask")
async def test_the_home_of_a_running_system_is_open_to_its_owner_only() -> None:
    async with stand(ACCESS="open") as around:
        anna = around.telegram.person("Anna")
        async with around.up() as up:
            anna.sends_photo(PICTURE, "Look")
            await ends(anna.chat, "I heard: Look.")
            anna.says("/export")
            await anna.chat.until(lambda chat: any(each.content for each in chat.from_bot))
            assert open_to_others(around.home.path) == []
            names = {path.name for path in around.home.path.rglob("*")}
            assert {"whimbrel.sqlite3", "whimbrel.sqlite3-wal", "up.json", "bot-id"} <= names
            await up.kills("bot")
            await up.kills("valkey-server")
            await asks(anna, "Still there", seconds=30)
            assert open_to_others(around.home.path) == []
        assert open_to_others(around.home.path) == []
