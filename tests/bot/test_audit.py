"""`whimbrel audit` as an operator types it, and exported logs that somebody has touched."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import audit
from chat.people import Role
from storage import migrate
from storage.chain import ChainBroken, Head
from storage.database import Database
from storage.repositories import Actor

ENTRIES = 5


class Operator:
    """Somebody at a terminal in whose home something was decided."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = home / "whimbrel.sqlite3"
        self.url = f"sqlite:///{self.database}"

    def types(self, *words: str, home: bool = True) -> subprocess.CompletedProcess[str]:
        environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ |= {"WHIMBREL_HOME": str(self.home)} if home else {"HTTP_PORT": "nonsense"}
        root = Path(audit.__file__).parents[1]
        command = (sys.executable, "-m", "bot", "audit", *words)
        return subprocess.run(
            command, cwd=root, env=environ, capture_output=True, text=True, check=False
        )

    async def decides(self, times: int) -> None:
        async with Database.from_url(self.url) as database, database.write() as t:
            for number in range(times):
                await t.audit.add(
                    "flag.decided",
                    actor=Actor(7, "Möderator 1", Role.MODERATOR),
                    kind="flag",
                    object_id=number,
                    details={"rule": "spam"},
                )


@pytest.fixture
async def operator(tmp_path: Path) -> Operator:
    found = Operator(tmp_path)
    migrate.upgrade(found.url)
    await found.decides(ENTRIES)
    return found


async def test_a_head_is_kept_and_compared(operator: Operator) -> None:
    printed = operator.types("head")
    assert printed.returncode == 0, printed.stderr
    kept = Head.parse(printed.stdout)
    assert kept.number == ENTRIES
    await operator.decides(2)
    whole = operator.types("verify", "--head", str(kept))
    assert whole.returncode == 0, whole.stderr
    assert "All 7 entries are as they were written" in whole.stdout
    forged = operator.types("verify", "--head", f"{ENTRIES}:{'0' * 64}")
    assert (forged.returncode, forged.stdout) == (1, "")
    assert "entry 5: it, or what is before it, was written anew" in forged.stderr
    missing = operator.types("verify", "--head", f"9:{kept.hash}")
    assert missing.returncode == 1
    assert "entry 8: it is missing; the log went on to 9 once" in missing.stderr
    assert operator.types("verify", "--head", "what?").returncode == 2


async def test_an_export_is_verified_without_a_database(operator: Operator) -> None:
    file = operator.home / "log.jsonl"
    exported = operator.types("export", str(file))
    assert exported.returncode == 0, exported.stderr
    assert exported.stderr == "Exported 5 entries.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = operator.types("head").stdout.strip()
    whole = operator.types("verify", "--file", str(file), "--head", kept, home=False)
    assert whole.returncode == 0, whole.stderr
    assert kept in whole.stdout
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], lines[2].replace(b"spam", b"ham"), *lines[3:]]))
    broken = operator.types("verify", "--file", str(file), home=False)
    assert broken.returncode == 1
    assert "broken at entry 3: what it says has been changed" in broken.stderr


async def test_it_goes_to_a_pipe_too(operator: Operator) -> None:
    piped = operator.types("export", "-")
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout.count("\n") == ENTRIES
    assert '"actor":"Möderator 1"' in piped.stdout


def test_where_there_is_no_log_nothing_is_made(tmp_path: Path) -> None:
    nobody = Operator(tmp_path)
    for words in (["head"], ["verify"], ["export", str(tmp_path / "log.jsonl")]):
        answer = nobody.types(*words)
        assert answer.returncode == 1
        assert "whimbrel migrate" in answer.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    operator = Operator(tmp_path_factory.mktemp("home"))
    migrate.upgrade(operator.url)
    asyncio.run(operator.decides(ENTRIES))
    operator.types("export", str(operator.home / "log.jsonl"))
    return operator.home / "log.jsonl"


def verified(file: Path, content: bytes) -> list[str]:
    said: list[str] = []
    copy = file.with_suffix(".copy")
    copy.write_bytes(content)
    asyncio.run(audit.verify_file(copy, [], say=said.append))
    return said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_byte_that_is_changed_in_a_file_is_found(exported: Path, data: st.DataObject) -> None:
    content = exported.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != content[place]))
    with pytest.raises(ChainBroken) as broken:
        verified(exported, content[:place] + bytes([byte]) + content[place + 1 :])
    assert broken.value.number == content[:place].count(b"\n") + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"number":1,', b'{"number":1,"also":1,'),
        (b'{"number":1,', b'{"number":2,"number":1,'),
        (b'{"number":1,', b'{ "number":1,'),
        (b'{"number":1,', b'{"number":1.0,'),
        (b'{"number":1,', b" " * 70_000 + b'{"number":1,'),
        (b"\xc3\xb6", b"\\u00f6"),
        (b"\n", b"\r\n"),
        (b"\n", b"\n\n"),
    ],
)
def test_what_would_read_the_same_is_found_all_the_same(
    exported: Path, old: bytes, new: bytes
) -> None:
    content = exported.read_bytes()
    assert verified(exported, content)
    with pytest.raises(ChainBroken) as broken:
        verified(exported, content.replace(old, new, 1))
    assert broken.value.number == (2 if new == b"\n\n" else 1)
