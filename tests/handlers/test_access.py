"""Who gets in, how, and what the others are told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.inbound import InboundKind
from chat.people import Access, Role
from handlers.errors import NotFound
from handlers.settings import AccessMode, AccessSettings
from tests.handlers.world import Person, World

INVITE = AccessSettings(AccessMode.INVITE, owner_ids=("telegram:1",))


@pytest.fixture
async def owner(world: World) -> Person:
    """The owner, who has said hello in a world of invitations."""
    world.rewire(INVITE)
    owner = world.person("1", name="Olive")
    await owner.says("/start")
    return owner


def code_of(person_words: str) -> str:
    """The code in an invitation."""
    return person_words.split("start=")[1].split()[0]


async def test_an_owner_by_id_is_let_in_and_owns(owner: Person) -> None:
    user = await owner.user()
    assert (user.role, user.access) == (Role.OWNER, Access.ALLOWED)
    assert "Hello Olive!" in await owner.last_words()


async def test_a_name_is_no_more_than_words_to_the_owner(world: World, owner: Person) -> None:
    names = ("\u202egnp.exe", "-      code", "[a](https://outside.example)", "<b>x</b> @all")
    for number, name in enumerate(names, 50):
        await world.person(str(number), name=name).says("/start")
    notices = [row.notice for row in await owner.notices() if row.notice]
    asked = [notice.args["name"] for notice in notices if notice.key == "stranger-asks"]
    assert asked == ["gnp.exe", "code", "a https outside.example", "b x b all"]


async def test_who_uses_the_terminal_is_the_owner(world: World) -> None:
    world.rewire(AccessSettings(AccessMode.INVITE))
    person = world.person("local", channel="terminal")
    await person.says("Hello")
    assert (await person.user()).role is Role.OWNER
    assert await person.questions() == ["Hello"]


async def test_a_stranger_waits_and_the_owner_is_asked_once(world: World, owner: Person) -> None:
    eve = world.person("2", name="Eve")
    await eve.says("Hello?")
    await eve.says("Anybody there?")
    assert await eve.keys() == ["door-waiting"]
    assert "asked my owner" in await eve.last_words()
    assert (await eve.user()).access is Access.WAITING
    assert await eve.messages() == [], "what strangers write is not kept"
    assert (await owner.keys())[1:] == ["stranger-asks"]
    row = (await owner.notices())[-1]
    assert [button.action.split(":")[0] for button in row.buttons] == ["approve", "decline"]
    assert await owner.last_words() == "Eve would like to talk to me (telegram). May they?"


async def test_the_owner_lets_a_stranger_in(world: World, owner: Person) -> None:
    eve = world.person("2", name="Eve")
    await eve.says("Hello?")
    user = await eve.user()
    await owner.presses(f"approve:{user.id}")
    assert await owner.last_words() == "Eve can talk to me now."
    assert "you can talk to me now" in await eve.last_words()
    await eve.says("Thank you")
    assert await eve.questions() == ["Thank you"]
    await owner.presses(f"decline:{user.id}")
    assert await owner.last_words() == "That request has been answered already."
    assert (await eve.user()).access is Access.ALLOWED


async def test_a_declined_stranger_is_told_once_and_hears_nothing_more(
    world: World, owner: Person
) -> None:
    eve = world.person("2", name="Eve")
    await eve.says("Hello?")
    await owner.presses(f"decline:{(await eve.user()).id}")
    assert (await eve.keys())[-1] == "request-declined"
    heard = len(await eve.keys())
    for text in ("Please!", "/start", "/about", "/start wrong"):
        await eve.says(text)
    assert len(await eve.keys()) == heard
    assert (await owner.keys()).count("stranger-asks") == 1


async def test_only_owners_answer_requests(world: World, owner: Person) -> None:
    eve, mallory = world.person("2"), world.person("3")
    await eve.says("Hello?")
    waiting = (await eve.user()).id
    async with world.database.write() as tx:
        member = await tx.users.ensure("telegram", mallory.message().sender)
        await tx.users.set_access(member.id, Access.ALLOWED)
    await mallory.presses(f"approve:{waiting}")
    assert await mallory.last_words() == "Only my owner can do that."
    await eve.presses(f"approve:{waiting}")
    assert (await eve.user()).access is Access.WAITING
    with pytest.raises(NotFound):
        await world.admission.approve(await mallory.user(), waiting)


async def test_strangers_cannot_flood_the_owner(world: World, owner: Person) -> None:
    for number in range(30):
        await world.person(f"s{number}").says("Hello")
    assert (await owner.keys()).count("stranger-asks") == 20
    assert len(await world.admission.waiting()) == 30


async def test_a_strangers_name_cannot_carry_a_link(world: World, owner: Person) -> None:
    eve = world.person("2", name="[Eve](https://evil.example)\n**x**")
    await eve.says("Hello?")
    words = await owner.last_words()
    assert not set("[]()*/:") & set(words.split(" would like")[0])


async def test_an_invitation_lets_in_as_many_as_it_says(world: World, owner: Person) -> None:
    await owner.says("/invite 2 3")
    words = await owner.last_words()
    assert "lets 2 people in, within 3 days" in words
    assert "http://127.0.0.1:8484/pair/" in words
    code = code_of(words)
    for number in ("2", "3"):
        friend = world.person(number)
        await friend.says(f"/start {code}")
        assert (await friend.user()).access is Access.ALLOWED
        assert await friend.keys() == ["welcome"]
    await world.person("2").says(f"/start {code}")
    late = world.person("4")
    await late.says(f"/start {code}")
    assert await late.keys() == ["code-wrong"]


async def test_an_invitation_is_not_used_up_by_who_is_in(world: World, owner: Person) -> None:
    await owner.says("/invite 1")
    code = code_of(await owner.last_words())
    await owner.says(f"/start {code}")
    friend = world.person("2")
    await friend.says(f"/start {code}")
    assert (await friend.user()).access is Access.ALLOWED


async def test_an_invitation_runs_out(world: World, owner: Person) -> None:
    await owner.says("/invite 1 1")
    code = code_of(await owner.last_words())
    world.clock.advance(25 * 3600)
    assert await world.admission.redeem(code, identity=None) is None


async def test_one_invitation_works_on_the_web_too(world: World, owner: Person) -> None:
    await owner.says("/invite 1")
    code = code_of(await owner.last_words())
    user = await world.admission.redeem(code, identity=None, name="Web", language="de")
    assert user is not None
    assert (user.access, user.role) == (Access.ALLOWED, Role.MEMBER)
    person = world.person(str(user.id), channel="web", chat=str(user.id))
    await person.says("Hello")
    assert (await person.user()).id == user.id
    assert await person.questions() == ["Hello"]


@pytest.mark.parametrize("arguments", ["many", "0", "1 0", "1 2 3", "-1", "99999", "1 1000", "²"])
async def test_a_wrong_invitation_is_explained(world: World, owner: Person, arguments: str) -> None:
    await owner.says(f"/invite {arguments}")
    assert "three people and two weeks" in await owner.last_words()


async def test_members_cannot_invite(world: World, owner: Person) -> None:
    await owner.says("/invite 1")
    friend = world.person("2")
    await friend.says(f"/start {code_of(await owner.last_words())}")
    await friend.says("/invite")
    assert await friend.last_words() == "Only my owner can do that."


async def test_the_owners_code_makes_one_owner_everywhere(world: World) -> None:
    world.rewire(AccessSettings(AccessMode.INVITE))
    user = await world.admission.redeem(await world.admission.owner_code(), identity=None)
    assert user is not None
    assert user.role is Role.OWNER
    phone = world.person("7")
    await phone.says("Hello?")
    await phone.says(f"/start {await world.admission.owner_code()}")
    assert (await phone.user()).id == user.id
    assert "you are my owner" in await phone.last_words()
    again = await world.admission.redeem(await world.admission.owner_code(), identity=None)
    assert again is not None
    assert again.id == user.id, "whoever lost the browser's cookie is the same owner again"


async def test_a_new_owners_code_ends_the_one_before(world: World) -> None:
    first = await world.admission.owner_code()
    await world.admission.owner_code()
    assert await world.admission.redeem(first, identity=None) is None


async def test_five_wrong_tries_end_the_owners_code(world: World) -> None:
    world.rewire(AccessSettings(AccessMode.INVITE))
    code = await world.admission.owner_code()
    eve = world.person("2")
    for number in range(5):
        await eve.says(f"/start guess{number}")
    assert (await eve.keys()).count("code-wrong") == 5
    assert await world.admission.redeem(code, identity=None) is None


async def test_a_code_for_one_use_has_one_winner(world: World) -> None:
    code = await world.admission.owner_code()
    async with asyncio.TaskGroup() as tasks:
        tries = [
            tasks.create_task(world.admission.redeem(code, identity=("telegram", str(number))))
            for number in range(8)
        ]
    assert sum(task.result() is not None for task in tries) == 1


async def test_a_link_adds_a_messenger_with_its_history(world: World) -> None:
    world.rewire(AccessSettings(AccessMode.OPEN))
    user = await world.admission.enter(name="Web")
    assert user is not None
    phone = world.person("7")
    await phone.says("On the phone")
    await phone.says(f"/start {await world.admission.link_code(user)}")
    assert (await phone.user()).id == user.id
    assert (await phone.conversation()).user_id == user.id
    assert await world.book.transcript(user, (await phone.conversation()).id)


async def test_a_link_runs_out_after_a_quarter_of_an_hour(world: World) -> None:
    world.rewire(AccessSettings(AccessMode.OPEN))
    user = await world.admission.enter()
    assert user is not None
    code = await world.admission.link_code(user)
    world.clock.advance(16 * 60)
    assert await world.admission.redeem(code, identity=None) is None


async def test_the_web_page_asks_for_a_stranger(world: World, owner: Person) -> None:
    assert await world.admission.enter(name="Eve") is None, "not in a world of invitations"
    eve = await world.admission.ask(name="Eve", language="de")
    assert eve.access is Access.WAITING
    assert await owner.last_words() == "Eve would like to talk to me (web). May they?"
    assert [user.id for user in await world.admission.waiting()] == [eve.id]
    assert await world.admission.approve(await owner.user(), eve.id)
    assert not await world.admission.decline(await owner.user(), eve.id)
    assert await world.admission.waiting() == []


async def test_an_allowlist_admits_only_who_is_on_it(world: World) -> None:
    ada, eve = world.person("1"), world.person("2")
    await eve.says("Before the list")
    world.rewire(AccessSettings(AccessMode.ALLOWLIST, allowed_ids=("telegram:1",)))
    await ada.says("Hello")
    assert await ada.questions() == ["Hello"]
    await eve.says("Hello")
    assert "people my owner has chosen" in await eve.last_words()
    assert await eve.questions() == ["Before the list"]


async def test_strangers_may_know_what_this_is_and_go(world: World, owner: Person) -> None:
    eve = world.person("2", name="Eve")
    await eve.says("/about")
    await eve.says("/privacy")
    assert await eve.keys() == ["about-no-model", "privacy"]
    await eve.says("/delete")
    await eve.presses("delete:yes")
    assert await eve.keys() == ["deleted"]
    assert (await eve.user()).access is Access.STRANGER


@pytest.mark.parametrize("more", [{"kind": "edit"}, {"kind": "button", "action": "stop:1"}])
async def test_strangers_have_no_other_way_in(
    world: World, owner: Person, more: dict[str, Any]
) -> None:
    eve = world.person("2")
    await eve.says("Hello", **{**more, "kind": InboundKind(more["kind"])})
    assert await eve.messages() == []
