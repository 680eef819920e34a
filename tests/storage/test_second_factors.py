"""Second factors and sessions, on every database: what is taken once, and what ends with what."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chat.people import Access, Role, User
from storage.attachments import FolderStore
from storage.database import Database
from tests.storage.conftest import Clock
from tests.storage.test_backup import back_up, bring_back

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def switch_on(database: Database, user: User) -> None:
    async with database.write() as t:
        assert await t.passwords.set(user.id, "ada", "a hash")
        assert await t.second_factors.begin(user.id, SECRET)
        assert await t.second_factors.confirm(user.id, SECRET, 100, ["one", "two"])


async def test_a_confirmed_secret_is_not_replaced(database: Database, ada: User) -> None:
    async with database.write() as t:
        assert await t.second_factors.begin(ada.id, "AAAA")
        assert await t.second_factors.begin(ada.id, SECRET)
        assert not await t.second_factors.confirm(ada.id, "AAAA", 100, [])
        assert not await t.second_factors.use_step(ada.id, 101)
    await switch_on(database, ada)
    async with database.write() as t:
        assert not await t.second_factors.begin(ada.id, "AAAA")
        assert not await t.second_factors.confirm(ada.id, SECRET, 101, [])
        found = await t.second_factors.of_user(ada.id)
    assert found is not None
    assert (found.secret, found.confirmed) == (SECRET, True)


@pytest.mark.parametrize("what", ["step", "code", "first step"])
async def test_of_many_at_once_one_passes(database: Database, ada: User, what: str) -> None:
    await switch_on(database, ada)
    async with database.write() as t:
        token = await t.second_factors.open_step(ada.id, seconds=60)

    async def use() -> bool:
        async with database.write() as t:
            match what:
                case "step":
                    return await t.second_factors.use_step(ada.id, 101)
                case "code":
                    return await t.second_factors.use_code(ada.id, "one")
            return await t.second_factors.close_step(token)

    assert sorted(await asyncio.gather(*(use() for _ in range(6)))) == [False] * 5 + [True]
    async with database.write() as t:
        assert not await t.second_factors.use_step(ada.id, 100)
        assert await t.second_factors.codes_left(ada.id) == (1 if what == "code" else 2)


async def test_a_first_step_has_its_time(database: Database, ada: User, clock: Clock) -> None:
    async with database.write() as t:
        token = await t.second_factors.open_step(ada.id, seconds=60)
        assert await t.second_factors.whose_step(token) == ada.id
        assert await t.second_factors.whose_step(token + "x") is None
    clock.advance(60)
    async with database.write() as t:
        assert await t.second_factors.whose_step(token) is None


async def test_it_goes_where_its_password_goes(database: Database, ada: User) -> None:
    await switch_on(database, ada)
    async with database.write() as t:
        bo = await t.users.add("Bo", "en", Role.MEMBER, Access.ALLOWED)
        await t.users.link(bo.id, "telegram", "1")
        assert await t.second_factors.of_user(ada.id) is None
        assert await t.second_factors.of_user(bo.id) is not None
        assert await t.second_factors.codes_left(bo.id) == 2
        cy = await t.users.add("Cy", "en", Role.MEMBER, Access.ALLOWED)
        assert await t.passwords.set(cy.id, "cy", "another")
        await t.users.link(cy.id, "telegram", "1")
        assert await t.second_factors.of_user(cy.id) is None, "who has a password keeps theirs"


@pytest.mark.parametrize("change", ["role", "access", "erased", "joined"])
async def test_with_role_and_leave_all_sessions_end(
    database: Database, ada: User, change: str
) -> None:
    async with database.write() as t:
        await t.users.set_access(ada.id, Access.ALLOWED)
        bo = await t.users.add("Bo", "en", Role.MEMBER, Access.ALLOWED)
        theirs = await t.web_sessions.add(bo.id, lifetime=99)
        tokens = [await t.web_sessions.add(ada.id, lifetime=99) for _ in range(2)]
        step = await t.second_factors.open_step(ada.id, seconds=60)
    async with database.write() as t:
        match change:
            case "role":
                await t.users.set_role(ada.id, Role.ADMIN)
            case "access":
                await t.users.set_access(ada.id, Access.BLOCKED)
            case "erased":
                await t.users.erase(ada.id)
            case _:
                await t.users.link(bo.id, "telegram", "1")
        assert [await t.web_sessions.get(token) for token in tokens] == [None, None]
        assert await t.second_factors.whose_step(step) is None
        assert await t.web_sessions.get(theirs) is not None


async def test_a_backup_holds_it_as_it_holds_passwords(
    database: Database, database_url: str, ada: User, tmp_path: Path, clock: Clock
) -> None:
    await switch_on(database, ada)
    async with database.write() as t:
        await t.users.decline_password(ada.id)
        token = await t.second_factors.open_step(ada.id, seconds=1e6)
    store = FolderStore(tmp_path / "attachments")
    await back_up(database_url, store, tmp_path / "b.tar")
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    await bring_back(tmp_path / "b.tar", url, store, now=clock.now)
    async with Database.from_url(url, clock=clock) as restored, restored.write() as t:
        found = await t.second_factors.of_user(ada.id)
        assert found is not None
        assert (found.secret, found.confirmed) == (SECRET, True)
        assert not await t.second_factors.use_step(ada.id, 100), "used before the backup"
        assert await t.second_factors.use_code(ada.id, "two")
        assert await t.users.declined_password(ada.id)
        assert await t.second_factors.whose_step(token) is None, "half a sign-in ends with it"
