"""The operator's way back in, where password and authenticator are lost."""

from __future__ import annotations

from pathlib import Path

from bot.pairing import forget_passwords
from bot.settings import load
from chat.people import Access, Role
from storage.database import Database
from storage.migrate import upgrade


async def test_owners_passwords_and_second_factors_are_forgotten(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'whimbrel.db'}"
    upgrade(url)
    settings = load({"WHIMBREL_HOME": str(tmp_path), "DATABASE_URL": url})
    async with Database.from_url(url) as database:
        async with database.write() as tx:
            people = [
                await tx.users.add(name, "en", role, Access.ALLOWED)
                for name, role in (("Ada", Role.OWNER), ("Ben", Role.MEMBER))
            ]
            for each in people:
                assert await tx.passwords.set(each.id, each.name, "a hash")
                assert await tx.second_factors.begin(each.id, "SECRET")
            tokens = [await tx.web_sessions.add(each.id, lifetime=99) for each in people]
        await forget_passwords(settings)
        async with database.read() as tx:
            ada, ben = people
            assert await tx.passwords.of_user(ada.id) is None
            assert await tx.second_factors.of_user(ada.id) is None
            assert await tx.web_sessions.get(tokens[0]) is None
            assert await tx.passwords.of_user(ben.id) is not None
            assert await tx.second_factors.of_user(ben.id) is not None
            assert await tx.web_sessions.get(tokens[1]) == ben
