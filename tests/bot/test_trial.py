"""`whimbrel policy try` as an operator types it, and the process that the dashboard starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import trial
from chat.conversations import ConversationKey
from chat.messages import Speaker, TextPart
from chat.people import Access, Role
from storage import migrate
from storage.database import Database
from storage.repositories import TrialState

STRICT = "name: Strict\nrules: [{when: profanity, from: 0.5, then: refuse}]\n"


class Operator:
    """Somebody at a terminal in whose home people have talked."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = f"sqlite:///{home / 'whimbrel.sqlite3'}"
        self.environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environ |= {"WHIMBREL_HOME": str(home)}

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        root = Path(trial.__file__).parents[1]
        command = (sys.executable, "-m", "bot", "policy", *words)
        return subprocess.run(
            command, cwd=root, env=self.environ, capture_output=True, text=True, check=False
        )


@pytest.fixture
async def operator(tmp_path: Path) -> Operator:
    found = Operator(tmp_path)
    migrate.upgrade(found.url)
    async with Database.from_url(found.url) as database, database.write() as tx:
        user = await tx.users.add("Ada", "en", Role.MEMBER, Access.ALLOWED)
        key = ConversationKey("telegram", "bot", "1")
        talk = await tx.conversations.ensure(key, user.id)
        for text in ("good morning", "you fucking asshole"):
            await tx.messages.add(
                talk.id, speaker=Speaker.PERSON, parts=[TextPart(text)], turn_id=None
            )
    return found


def test_what_a_file_would_change_is_printed_without_anybodys_words(
    operator: Operator, tmp_path: Path
) -> None:
    (tmp_path / "strict.yaml").write_text(STRICT)
    (tmp_path / "same.yaml").write_text("name: Same\nrules: [{when: link, then: flag}]")
    told = operator.types("try", str(tmp_path / "strict.yaml"))
    assert told.returncode == 0, told.stderr
    first, second, *examples = told.stdout.splitlines()
    assert first == "Looked at 2 messages."
    assert second == "flag -> refuse: 1 messages of 1 people"
    assert examples == ["    message 2: profanity by words, 0.85"]
    assert "asshole" not in told.stdout + told.stderr


def test_a_file_that_is_no_policy_is_refused_with_the_place(
    operator: Operator, tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\nrules: [{when: hate, then: smile}]")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    told = operator.types("try", str(tmp_path / "bad.yaml"))
    assert told.returncode == 1
    assert "rules[0].then: `smile`" in told.stderr
    assert "is no UTF-8 text" in operator.types("try", str(tmp_path / "bytes.yaml")).stderr


async def test_the_dashboards_process_keeps_what_came_of_it(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database.from_url(operator.url) as database:
        async with database.write() as tx:
            number = (await tx.policies.add(STRICT, note="", author_id=None)).number
            asked = await tx.trials.add(number, against=0, asked_by=None)
        for name, value in operator.environ.items():
            monkeypatch.setenv(name, value)
        processes = trial.TrialProcesses()
        await processes.start(asked.id)
        await processes.ended()
        async with database.read() as tx:
            done = await tx.trials.get(asked.id)
    assert (done.state, done.looked) == (TrialState.DONE, 2)
