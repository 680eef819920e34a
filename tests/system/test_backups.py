"""The whole system is backed up while people write, and lives on from the backup elsewhere."""

from __future__ import annotations

import asyncio
import signal
import stat
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from chat.messages import Speaker
from storage import migrate
from storage.database import Database
from tests.deployment.processes import free_port
from tests.fakes.telegram import Person
from tests.handlers.pictures import drawing, encoded
from tests.storage.history import contents, fill
from tests.system.stand import WHIMBREL, Stand, asks, ends, stand

pytestmark = pytest.mark.timeout(240)

PICTURE = encoded(drawing(size=(320, 240)), "PNG")
MANY = 12_000  # messages: restoring them takes long enough to be killed on the way


@asynccontextmanager
async def elsewhere(around: Stand, home: Path) -> AsyncIterator[Stand]:
    """The same messenger and model before another home; the old one runs no more."""
    port = str(free_port())
    environ = around.environ | {"WHIMBREL_HOME": str(home), "HTTP_PORT": port}
    yield Stand(
        around.folder, around.telegram, around.endpoint, around.listener, environ, starts=10
    )


async def writes_on(person: Person, stop: asyncio.Event) -> list[str]:
    """Somebody who asks one thing after the other; what was answered."""
    asked: list[str] = []
    while not stop.is_set():
        asked.append(f"question {len(asked) + 1}")
        await asks(person, asked[-1], seconds=60)
    return asked


async def test_it_is_backed_up_while_people_write_and_goes_on_elsewhere() -> None:
    async with stand(ACCESS="open") as around:
        anna, ben = around.telegram.person("Anna"), around.telegram.person("Ben")
        file = around.folder / "backup.tar"
        async with around.up() as up:
            ben.sends_photo(PICTURE, "Keep this")
            await ends(ben.chat, "I heard: Keep this.")
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(writes_on(anna, stop))
                await anna.chat.until(lambda chat: len(chat.from_bot) >= 3, 60)
                begun = len(anna.chat.from_bot)
                done = await around.run("backup", str(file))
                over = len(anna.chat.from_bot)
                await anna.chat.until(lambda chat: len(chat.from_bot) >= over + 2, 60)
                stop.set()
            assert done.status == 0, done.err
            assert "Backed up" in done.err
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert "Traceback" not in up.log
        asked = writing.result()
        async with elsewhere(around, around.folder / "new") as new:
            restored = await new.run("restore", str(file))
            assert restored.status == 0, restored.err
            said = await said_by(around.folder / "new", anna)
            assert said == asked[: len(said)]
            assert begun <= len(said) <= over + 1
            shown = len(anna.chat.from_bot)
            async with new.up():
                answer = await asks(ben, "And now?", seconds=60)
                assert "I remember: Keep this." in answer.text
                assert "I saw: red-blue 320x240." in answer.text
                answer = await asks(anna, "Where were we?", seconds=60)
                assert said[-1] in answer.text
                if len(said) < len(asked):
                    assert asked[len(said)] not in answer.text
            # At most the one question that was open when the backup was made is answered again.
            assert shown + 1 <= len(anna.chat.from_bot) <= shown + 2


async def said_by(home: Path, person: Person) -> list[str]:
    """What somebody has said, by the database of a home."""
    async with (
        Database.from_url(f"sqlite:///{home}/whimbrel.sqlite3") as database,
        database.read() as t,
    ):
        user = await t.users.by_identity("telegram", str(person.id))
        assert user is not None
        said = await t.messages.of_user(user.id)
    return [message.text for message in said if message.speaker is Speaker.PERSON]


@asynccontextmanager
async def begun(around: Stand, *arguments: str) -> AsyncIterator[Process]:
    """A command under way; killed at the end of the context."""
    process = await asyncio.create_subprocess_exec(
        *(*WHIMBREL, *arguments),
        env=around.environ,
        cwd=around.folder,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def says(process: Process, words: str) -> None:
    """Wait until a command prints these words."""
    assert process.stderr is not None
    async with asyncio.timeout(60):
        await process.stderr.readuntil(words.encode())


async def test_a_backup_that_is_killed_leaves_the_last_good_one() -> None:
    async with stand() as around:
        home = Path(around.environ["WHIMBREL_HOME"])
        await asyncio.to_thread(filled, home, MANY)
        file = around.folder / "backup.tar"
        assert (await around.run("backup", str(file))).status == 0
        good = file.read_bytes()
        async with begun(around, "backup", str(file)) as process:
            await says(process, "turns:")
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
        assert file.read_bytes() == good
        assert (await around.run("backup", str(file))).status == 0
        assert sorted(path.name for path in around.folder.glob("backup*")) == ["backup.tar"]


@pytest.mark.parametrize("words", ["the backup is whole", "users:"])
async def test_a_restore_that_is_killed_is_simply_begun_again(words: str) -> None:
    async with stand() as around:
        home = Path(around.environ["WHIMBREL_HOME"])
        await asyncio.to_thread(filled, home, MANY)
        file = around.folder / "backup.tar"
        assert (await around.run("backup", str(file))).status == 0
        url = f"sqlite:///{around.folder}/new/whimbrel.sqlite3"
        async with elsewhere(around, around.folder / "new") as new:
            async with begun(new, "restore", str(file)) as process:
                await says(process, words)
                process.send_signal(signal.SIGKILL)
                assert await process.wait() == -signal.SIGKILL
            assert await asyncio.to_thread(migrate.current, url) is None
            done = await new.run("restore", str(file))
            assert done.status == 0, done.err
            found = await asyncio.to_thread(contents, url)
            before = await asyncio.to_thread(contents, f"sqlite:///{home}/whimbrel.sqlite3")
            assert found["messages"] == before["messages"]
            again = await new.run("restore", str(file))
            assert (again.status, "in use" in again.err) == (1, True)


def filled(home: Path, messages: int) -> None:
    """A home with so many messages."""
    home.mkdir(mode=0o700)
    url = f"sqlite:///{home}/whimbrel.sqlite3"
    fill(url, messages)
    migrate.upgrade(url)


async def test_a_home_in_use_is_refused_and_a_pipe_is_written_to() -> None:
    async with stand(ACCESS="open") as around:
        async with around.up():
            process = await asyncio.create_subprocess_exec(
                *(*WHIMBREL, "backup", "-"),
                env=around.environ,
                cwd=around.folder,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
            )
            out, err = await process.communicate()
            assert process.returncode == 0, err
            (around.folder / "b.tar").write_bytes(out)
            refused = await around.run("restore", "b.tar")
            assert refused.status == 2
            assert "another `whimbrel up` uses" in refused.err
        async with elsewhere(around, around.folder / "new") as new:
            assert (await new.run("restore", "b.tar")).status == 0
        missing = await around.run("backup", "no/such/folder/b.tar")
        assert missing.status == 1
        assert "cannot be written" in missing.err
