"""People, their identities, and the doors they come in by."""

from __future__ import annotations

import asyncio
import re

import pytest

from chat.conversations import Conversation, ConversationKey
from chat.people import Access, Role, Sender, User
from storage.database import Database
from storage.errors import NotFound
from storage.repositories import RedeemedCode
from tests.storage.conftest import Clock


async def test_a_sender_is_one_user_whose_name_is_kept_up(database: Database, ada: User) -> None:
    async with database.write() as t:
        assert await t.users.ensure("telegram", Sender("1", "Ada", "en")) == ada
        renamed = await t.users.ensure("telegram", Sender("1", "Countess", "de"))
        assert (renamed.id, renamed.name, renamed.language) == (ada.id, "Countess", "de")
        assert await t.users.ensure("telegram", Sender("1")) == renamed
        assert (await t.users.ensure("web", Sender("1"))).id != ada.id
        assert (ada.role, ada.access) == (Role.MEMBER, Access.STRANGER)


async def test_names_that_no_database_can_hold_are_cleaned(database: Database) -> None:
    async with database.write() as t:
        user = await t.users.ensure("telegram", Sender("2", "A\0d\ud800a", "en"))
        assert (await t.users.get(user.id)).name == "Ad?a"


async def test_five_first_meetings_at_once_make_one_user(database: Database) -> None:
    async def meet() -> int:
        async with database.write() as t:
            return (await t.users.ensure("telegram", Sender("9", "Bo"))).id

    ids = await asyncio.gather(*(meet() for _ in range(5)))
    assert len(set(ids)) == 1
    async with database.read() as t:
        assert len(await t.users.with_access(Access.STRANGER)) == 1


async def test_role_and_access_are_set_and_listed(database: Database, ada: User) -> None:
    async with database.write() as t:
        await t.users.set_role(ada.id, Role.OWNER)
        await t.users.set_access(ada.id, Access.WAITING)
        await t.users.add("nobody", "", Role.MEMBER, Access.WAITING)
        assert [user.id for user in await t.users.owners()] == [ada.id]
        assert [user.id for user in await t.users.with_access(Access.WAITING)] == [ada.id]
        assert await t.users.with_access(Access.BLOCKED) == []
        with pytest.raises(NotFound):
            await t.users.set_role(ada.id + 99, Role.OWNER)


async def test_a_linked_identity_brings_its_conversations(
    database: Database, ada: User, chat: Conversation
) -> None:
    async with database.write() as t:
        web = await t.users.ensure("web", Sender("browser"))
        key = ConversationKey("web", "here", "browser", "a")
        talk = await t.conversations.ensure(key, web.id)
        token = await t.web_sessions.add(web.id, lifetime=99)
        await t.users.link(ada.id, "web", "browser")
        await t.users.link(ada.id, "web", "browser")
        await t.users.link(ada.id, "terminal", "local")
        assert await t.users.identities(ada.id) == [
            ("telegram", "1"),
            ("web", "browser"),
            ("terminal", "local"),
        ]
        moved = await t.conversations.get(talk.id)
        assert moved.user_id == ada.id
        assert {c.id for c in await t.conversations.of_user(ada.id)} == {chat.id, talk.id}
        assert await t.conversations.of_user(web.id) == []
        assert await t.web_sessions.get(token) is None


async def test_linking_one_of_two_identities_moves_only_its_chats(
    database: Database, ada: User, chat: Conversation
) -> None:
    async with database.write() as t:
        await t.users.link(ada.id, "telegram", "2")
        second = await t.conversations.ensure(ConversationKey("telegram", "bot", "2"), ada.id)
        bo = await t.users.add("Bo", "en", Role.MEMBER, Access.ALLOWED)
        await t.users.link(bo.id, "telegram", "2")
        assert [c.id for c in await t.conversations.of_user(bo.id)] == [second.id]
        assert [c.id for c in await t.conversations.of_user(ada.id)] == [chat.id]


async def test_a_code_opens_as_often_as_it_may(database: Database, ada: User, clock: Clock) -> None:
    async with database.write() as t:
        code = await t.codes.add("invitation", user_id=ada.id, uses=2, expires_at=clock.now + 60)
        assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", code)
        assert await t.codes.redeem(code + "x") is None
        assert await t.codes.redeem("\ud800") is None
        assert await t.codes.redeem(code) == RedeemedCode(
            "invitation", ada.id, await t.codes.number_of(code)
        )
        assert await t.codes.live("invitation")
        assert await t.codes.redeem(code) == RedeemedCode(
            "invitation", ada.id, await t.codes.number_of(code)
        )
        assert await t.codes.redeem(code) is None
        assert not await t.codes.live("invitation")
        late = await t.codes.add("invitation", expires_at=clock.now + 60)
        clock.advance(60)
        assert await t.codes.redeem(late) is None
        assert not await t.codes.live("invitation")


async def test_one_of_many_wins_a_single_use_code(database: Database) -> None:
    async with database.write() as t:
        code = await t.codes.add("owner")

    async def redeem() -> bool:
        async with database.write() as t:
            return await t.codes.redeem(code) is not None

    assert sorted(await asyncio.gather(*(redeem() for _ in range(8)))) == [False] * 7 + [True]


async def test_five_wrong_tries_void_owner_codes_only(database: Database) -> None:
    async with database.write() as t:
        owner, friend = await t.codes.add("owner"), await t.codes.add("invitation")
        for _ in range(4):
            await t.codes.wrong_try()
        assert await t.codes.live("owner")
        await t.codes.wrong_try()
        assert not await t.codes.live("owner")
        assert await t.codes.redeem(owner) is None
        assert await t.codes.redeem(friend) is not None


async def test_codes_are_revoked_by_kind_and_user(database: Database, ada: User) -> None:
    async with database.write() as t:
        mine = await t.codes.add("invitation", user_id=ada.id)
        other = await t.codes.add("invitation")
        assert await t.codes.revoke("invitation", user_id=ada.id) == 1
        assert await t.codes.redeem(mine) is None
        assert await t.codes.revoke("owner") == 0
        assert await t.codes.revoke("invitation") == 1
        assert await t.codes.redeem(other) is None


async def test_a_browser_stays_signed_in_while_it_is_used(
    database: Database, ada: User, clock: Clock
) -> None:
    async with database.write() as t:
        token = await t.web_sessions.add(ada.id, lifetime=1000)
    clock.advance(900)
    async with database.read() as t:
        assert await t.web_sessions.get(token) == ada
        assert await t.web_sessions.get("wrong") is None
    async with database.write() as t:
        assert await t.web_sessions.get(token) == ada
    clock.advance(900)
    async with database.write() as t:
        other = await t.web_sessions.add(ada.id, lifetime=1000)
        await t.web_sessions.delete(other)
        assert await t.web_sessions.get(other) is None
        assert await t.web_sessions.get(token) == ada
        assert await t.web_sessions.delete_of_user(ada.id) == 1
        assert await t.web_sessions.get(token) is None


async def test_a_browser_left_alone_is_signed_out(
    database: Database, ada: User, clock: Clock
) -> None:
    async with database.write() as t:
        token = await t.web_sessions.add(ada.id, lifetime=1000)
    clock.advance(1000)
    async with database.write() as t:
        assert await t.web_sessions.get(token) is None
