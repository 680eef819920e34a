"""`whimbrel bank` and `whimbrel retention` as an operator types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import bank
from chat.conversations import ConversationKey
from chat.messages import Speaker, TextPart
from chat.people import Sender
from storage import migrate
from storage.database import Database

HASHES = ("0f" * 32, "3c" * 32)


class Operator:
    """Somebody at a terminal, with a database in their home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = f"sqlite:///{home / 'whimbrel.sqlite3'}"
        migrate.upgrade(self.url)

    def types(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        given |= {"WHIMBREL_HOME": str(self.home), **environ}
        return subprocess.run(
            (sys.executable, "-m", "bot", *words),
            cwd=Path(bank.__file__).parents[1],
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def test_lists_come_in_and_go_out_by_commands(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    lines = ["hash,category", HASHES[0], f"{HASHES[1]},child-exploitation", "0" * 64, "kitten"]
    file.write_text("\n".join(lines))
    taken = operator.types("bank", "import", str(file), "--note", "from the police")
    assert taken.returncode == 0, taken.stderr
    assert "Added 2, known already 0, refused 2." in taken.stdout
    assert "line 4: the hash of a picture so flat" in taken.stdout
    assert "line 5: no PDQ hash" in taken.stdout
    counted = operator.types("bank", "count")
    assert counted.stdout.split() == ["2", "child-exploitation", "1", "known-picture", "1"]
    out = tmp_path / "out.csv"
    assert operator.types("bank", "export", str(out)).returncode == 0
    assert out.read_text() == f"{HASHES[0]},known-picture\n{HASHES[1]},child-exploitation\n"
    assert out.stat().st_mode & 0o077 == 0
    async with Database.from_url(operator.url) as database, database.read() as tx:
        [entry] = await tx.audit.read(None, 9)
        assert {each.note for each in await tx.known_pictures.newest()} == {"from the police"}
    assert (entry.action, entry.actor) == ("bank.imported", "operator")


def test_an_unknown_category_and_a_binary_file_are_refused(
    operator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HASHES[0])
    refused = operator.types("bank", "import", str(file), "--category", "kittens")
    assert refused.returncode == 1
    assert "the policy knows no category 'kittens'" in refused.stderr
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not a text in UTF-8" in operator.types("bank", "import", str(file)).stderr


async def test_retention_says_what_would_go_and_deletes_nothing(operator: Operator) -> None:
    async with (
        Database.from_url(operator.url, clock=lambda: 1_700_000_000.0) as database,
        database.write() as tx,
    ):
        user = await tx.users.ensure("telegram", Sender("1", "Ada", "en"))
        key = ConversationKey("telegram", "bot", "1", "")
        conversation = await tx.conversations.ensure(key, user.id)
        await tx.messages.add(
            conversation.id,
            speaker=Speaker.PERSON,
            parts=(TextPart("long ago"),),
            turn_id=None,
            user_id=user.id,
        )
    told = operator.types("retention", KEEP_MESSAGES="30 d", KEEP_FLAGS="1 w")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        "messages: kept 30 d; 1 would go, of 2023-11-14 to 2023-11-14",
        "pictures: kept 30 d; nothing would go",
        "flags: kept 7 d; nothing would go",
        "reports: kept for good",
        "feedback: kept for good",
    ]
    async with Database.from_url(operator.url) as database, database.read() as tx:
        assert (await tx.messages.get(1)).text == "long ago"
    wrong = operator.types("retention", KEEP_MESSAGES="soon")
    assert wrong.returncode == 2
    assert "KEEP_MESSAGES wants a time from 1 d to ten years" in wrong.stderr
