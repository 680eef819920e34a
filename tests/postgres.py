"""A PostgreSQL server of the test session's own, from Debian's packages, on a socket only."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import asyncpg  # type: ignore[import-untyped]
import pytest

from storage import migrate

_TEMPLATE = "whimbrel_template"
_names = count()


def _programs() -> Path | None:
    """Where initdb and postgres are, the newest version first."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    candidates = [*reversed(folders), *([Path(found).parent] if found else [])]
    return next((path for path in candidates if (path / "initdb").exists()), None)


def wanted_programs() -> Path:
    """Where they are; without them a test is skipped, and fails where CI runs."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is missing (Debian: postgresql)")
        pytest.skip("PostgreSQL was not found (Debian: postgresql)")
    return programs


def _unprivileged(folder: Path) -> tuple[list[str], str]:
    """What to put before a command so that it is not root's, and the user it runs as."""
    if os.geteuid() != 0:
        return [], pwd.getpwuid(os.geteuid()).pw_name
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids], user.pw_name


def _run(*command: str | Path) -> None:
    result = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server, without a database's name: `postgresql://USER@/{}?host=...`."""
    with running_postgres(wanted_programs()) as url:
        yield url


@contextmanager
def running_postgres(programs: Path | None = None, *, password: str = "") -> Iterator[str]:
    """A server on a socket of its own, from Debian's programs; the URL as in `postgres_server`.

    With a password it asks for it. What it logs is in `log` in the folder of the socket."""
    programs = programs or _programs()
    assert programs is not None, "PostgreSQL is missing (Debian: postgresql)"
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    prefix, user = _unprivileged(folder)
    data = folder / "data"
    control: list[str | Path] = [
        *prefix,
        programs / "pg_ctl",
        "--pgdata",
        data,
        "--wait",
        "--timeout",
        "60",
    ]
    try:
        (folder / "password").write_text(password or "none")
        (folder / "password").chmod(0o644)  # in a folder of the server's user alone
        _run(*prefix, programs / "initdb", "--no-sync", "--encoding", "UTF8",
             "--auth", "scram-sha-256" if password else "trust", "--pwfile", folder / "password",
             "--username", user, "--pgdata", data)  # fmt: skip
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        options += " -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        _run(*control, "--log", folder / "log", "--options", options, "start")
        try:
            known = f"{user}:{quote(password, safe='')}" if password else user
            yield f"postgresql://{known}@/{{}}?host={folder}"
        finally:
            _run(*control, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The server's URL once it has a database of ours to copy for each test."""
    asyncio.run(_execute(postgres_server, f"CREATE DATABASE {_TEMPLATE}"))
    migrate.upgrade(postgres_server.format(_TEMPLATE))
    return postgres_server


@pytest.fixture
async def postgres_url(postgres_template: str) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database of this test's own."""
    name = f"test_{next(_names)}"
    await _execute(postgres_template, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield postgres_template.format(name)
    await _execute(postgres_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def empty_postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """The URL of a fresh database without tables."""
    name = f"empty_{next(_names)}"
    await _execute(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.format(name)
    await _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server.format("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
