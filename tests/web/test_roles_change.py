"""With a person's role, or their leave to be here, every session of theirs ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx2
import pytest

from chat.conversations import ConversationKey
from chat.inbound import InboundKind, InboundMessage
from chat.people import Access, Role, Sender, User
from handlers.settings import AccessSettings
from handlers.standing import known_user
from tests.web.events import listening, until
from tests.web.house import House, csrf, pair

Way = Callable[[House, User], Awaitable[object]]


async def to_admin(house: House, user: User) -> None:
    async with house.database.write() as tx:
        await tx.users.set_role(user.id, Role.ADMIN)


async def block(house: House, user: User) -> None:
    async with house.database.write() as tx:
        await tx.users.set_access(user.id, Access.BLOCKED)


async def keep_out(house: House, user: User) -> None:
    async with house.database.write() as tx:
        await tx.users.set_access(user.id, Access.STRANGER)


async def named_owner(house: House, user: User) -> None:
    """The operator has written them into OWNER_IDS, and they say something."""
    settings = AccessSettings(owner_ids=(f"web:{user.id}",))
    async with house.database.write() as tx:
        await known_user(tx, settings, "web", Sender(str(user.id), user.name))


async def owners_link_elsewhere(house: House, user: User) -> None:
    """They open the owner's link on a messenger."""
    code = await house.admission.owner_code()
    await house.admission.redeem(code, identity=("web", str(user.id)))


async def joined_to_another(house: House, user: User) -> None:
    """What they were here becomes somebody else's."""
    other = await house.add_user("Other", Role.OWNER)
    code = await house.admission.link_code(other)
    await house.admission.redeem(code, identity=("web", str(user.id)))


async def erase(house: House, user: User) -> None:
    async with house.database.write() as tx:
        await tx.users.erase(user.id)


WAYS = [
    to_admin,
    block,
    keep_out,
    named_owner,
    owners_link_elsewhere,
    joined_to_another,
    erase,
]


@pytest.mark.parametrize("way", WAYS)
async def test_every_session_and_every_open_page_ends(house: House, way: Way) -> None:
    ada, ben = await house.add_user("Ada"), await house.add_user("Ben")
    async with (
        house.signed_in(ada) as one,
        house.signed_in(ada) as other,
        house.signed_in(ben) as bens,
        asyncio.timeout(30),
    ):
        number = (await one.post("/conversations")).json()["conversation"]
        async with listening(one, number) as events:
            await until(events, "entries")
            await way(house, ada)
            await until(events, "gone")
        for browser in (one, other):
            assert (await browser.get("/account")).status_code == 401
        assert (await bens.get("/account")).status_code == 200
    async with house.database.read() as tx:
        assert await tx.web_sessions.of_user(ada.id, "") == []


async def test_to_a_lower_role_too(house: House) -> None:
    ada = await house.add_user("Ada", Role.OWNER)
    async with house.signed_in(ada) as browser:
        async with house.database.write() as tx:
            await tx.users.set_role(ada.id, Role.MEMBER)
        assert (await browser.get("/dashboard")).status_code == 401


async def test_what_does_not_change_ends_nothing(house: House) -> None:
    ada = await house.add_user("Ada", Role.ADMIN)
    async with house.signed_in(ada) as browser:
        async with house.database.write() as tx:
            await tx.users.set_role(ada.id, Role.ADMIN)
            await tx.users.set_access(ada.id, Access.ALLOWED)
        assert (await browser.get("/account")).status_code == 200


async def test_a_change_that_is_undone_ends_nothing(house: House) -> None:
    """In the same transaction, or not at all."""
    ada = await house.add_user("Ada")
    async with house.signed_in(ada) as browser:
        async with house.database.write() as tx:
            with suppress(ZeroDivisionError):
                async with tx.savepoint():
                    await tx.users.set_role(ada.id, Role.ADMIN)
                    _ = 1 / 0
        assert (await browser.get("/account")).status_code == 200


async def test_who_opens_the_owners_link_goes_on_with_a_new_session(house: House) -> None:
    ada = await house.add_user("Ada")
    async with house.signed_in(ada) as browser, house.signed_in(ada) as other:
        before = browser.cookies["whimbrel"]
        await pair(browser, await house.admission.owner_code())
        assert browser.cookies["whimbrel"] != before
        assert (await browser.get("/dashboard")).status_code == 200
        assert (await other.get("/account")).status_code == 401


async def test_who_sends_the_owners_code_in_the_chat_goes_on_with_a_new_session(
    house: House,
) -> None:
    ada = await house.add_user("Ada")
    async with house.signed_in(ada) as browser, house.signed_in(ada) as other:
        before = browser.cookies["whimbrel"]
        number = (await browser.post("/conversations")).json()["conversation"]
        code = await house.admission.owner_code()
        sent = await browser.post(f"/c/{number}/messages", data={"text": f"/start {code}"})
        assert sent.status_code == 202
        assert browser.cookies["whimbrel"] != before
        assert (await browser.get("/dashboard")).status_code == 200
        assert (await other.get("/account")).status_code == 401


async def test_who_erases_themselves_is_signed_out_everywhere(house: House) -> None:
    ada = await house.add_user("Ada")
    async with house.signed_in(ada) as browser, house.signed_in(ada) as other:
        number = (await browser.post("/conversations")).json()["conversation"]
        for words in ("/delete", "/delete yes"):
            await browser.post(f"/c/{number}/messages", data={"text": words})
        for each in (browser, other):
            assert (await each.get("/account")).status_code == 401


async def asks(house: House, stranger: httpx2.AsyncClient, name: str) -> User:
    token = await csrf(stranger, "/welcome")
    await stranger.post("/ask", data={"name": name, "csrf": token})
    (waiting,) = await house.admission.waiting()
    return waiting


async def test_who_was_never_inside_hears_the_answer_where_they_asked(house: House) -> None:
    """Their session opens nothing, and they have no other way to hear of it."""
    owner = await house.add_user("Owner", Role.OWNER)
    async with house.browser() as grace, house.browser() as mallory:
        await house.admission.approve(owner, (await asks(house, grace, "Grace")).id)
        await house.admission.decline(owner, (await asks(house, mallory, "Mallory")).id)
        assert (await grace.get("/")).status_code == 200
        assert "has not let you in" in (await mallory.get("/welcome")).text
        for path in ("/", "/account", "/c/1", "/c/1/events", "/export"):
            assert (await mallory.get(path)).headers["location"] == "/welcome"


async def test_a_command_on_a_messenger_ends_the_browsers_too(house: House) -> None:
    """Somebody who is one person on both sends the owner's code on the messenger."""
    ada = await house.add_user("Ada")
    async with house.database.write() as tx:
        await tx.users.link(ada.id, "telegram", "77")
    code = await house.admission.owner_code()
    async with house.signed_in(ada) as browser:
        message = InboundMessage(
            key=ConversationKey("telegram", "bot", "77"),
            kind=InboundKind.MESSAGE,
            update_id="1",
            sender=Sender("77", "Ada"),
            sent_at=0.0,
            text=f"/start {code}",
        )
        await house.assistant.accept([message])
        assert (await browser.get("/account")).status_code == 401
