"""An older worker beside a newer bot and the other way round, with an earlier commit's own code.

`python -m tests.system.upgrade_trial [COMMIT]` (`make upgrade-trial`): without a commit, the
one before HEAD. It needs git and its history, which is why it is no part of `make test`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from storage import migrate
from storage.valkey import PrivateValkey
from tests.deployment.processes import started
from tests.handlers.pictures import drawing, encoded
from tests.system.stand import Stand, asks, ends, stand

ROOT = Path(__file__).parents[2]
PICTURE = encoded(drawing(size=(320, 240)), "PNG")
RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from bot.__main__ import main; main()"
SLOWLY = 12  # words a second


def main() -> None:
    """Try both mixtures; fails with what was seen instead."""
    commit = sys.argv[1] if len(sys.argv) > 1 else "HEAD~1"
    asyncio.run(try_both(commit))


async def try_both(commit: str) -> None:
    """The older bot with the newer worker first, then the other way round."""
    for bot_is_newer in (True, False):
        async with stand(ACCESS="open") as around:
            older = around.folder / "older"
            await asyncio.to_thread(unpack, commit, older)
            bot, worker = (ROOT, older) if bot_is_newer else (older, ROOT)
            await talk(around, bot, worker)
        names = ("newer", "older") if bot_is_newer else ("older", "newer")
        print(f"{names[0]} bot, {names[1]} worker ({commit}): all answered")  # noqa: T201


def unpack(commit: str, folder: Path) -> None:
    """The code of a commit, in a folder of its own."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", commit],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    folder.mkdir()
    (folder.parent / "older.tar").write_bytes(packed.stdout)
    with tarfile.open(folder.parent / "older.tar") as tar:
        tar.extractall(folder, filter="data")


async def talk(around: Stand, bot: Path, worker: Path) -> None:
    """Bot and worker of two versions on the newer tables: questions, a picture, a stop."""
    around.home.prepare()
    home = around.home.path
    url = f"sqlite:///{home}/whimbrel.sqlite3"
    await asyncio.to_thread(migrate.upgrade, url)
    async with PrivateValkey(home) as valkey, AsyncExitStack() as stack:
        environ = around.environ | {"DATABASE_URL": url, "REDIS_URL": valkey.url}
        running = [
            await stack.enter_async_context(
                started(command(code, part), environ_of(environ, code), around.folder, name=part)
            )
            for part, code in (("bot", bot), ("worker", worker))
        ]
        await running[0].until_it_serves(f"{around.url}/readyz")
        anna, ben = around.telegram.person("Anna"), around.telegram.person("Ben")
        ben.sends_photo(PICTURE, "Keep this")
        await ends(ben.chat, "I see: red-blue 320x240.", seconds=60)
        async with around.slowly(SLOWLY):
            anna.says("Tell me at length")
            await anna.chat.until(lambda chat: "word1 " in chat.transcript(), 60)
            anna.says("/stop")
            await ends(anna.chat, "Stopped.", seconds=60)
        answer = await asks(ben, "And now?", seconds=60)
        assert "I remember: Keep this." in answer.text, answer.text
        for part in running:
            assert "Traceback" not in part.said(), part.said()[-4000:]
            assert "of another version" not in part.said(), part.said()[-4000:]


def command(code: Path, part: str) -> list[str]:
    """A process of ours with the code of that folder before any other."""
    return [sys.executable, "-P", "-c", RUN, str(code), part]


def environ_of(environ: Mapping[str, str], code: Path) -> dict[str, str]:
    """Also for the processes that it starts itself, such as the decoder of pictures."""
    return {**environ, "PYTHONPATH": str(code)}


if __name__ == "__main__":
    main()
