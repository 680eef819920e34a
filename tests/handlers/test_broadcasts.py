"""/admin broadcast: shown first, said once to each, stopped, and never said to who is kept out."""

from __future__ import annotations

import pytest

from chat.inbound import InboundKind
from chat.outbound import Outbound, OutboundKind, OutboundState
from chat.people import Access, Role
from handlers.broadcasts import audience, feed
from handlers.effects import Effects
from handlers.settings import AccessMode, AccessSettings
from storage.repositories import Audience, BroadcastState
from tests.handlers.world import Person, World

PLACES = (("telegram", "bot"), ("web", "bot"))
TEXT = "**Tonight** from 22:00 I am away.\n\n- for an hour"


async def chief(world: World, number: str = "9", role: Role = Role.ADMIN) -> Person:
    grace = world.person(number, name="Grace")
    await grace.says("hello")
    await world.promote(await grace.user(), role)
    return grace


async def fed(world: World, *, most: int = 100, times: int = 1) -> BroadcastState | None:
    """Let people have their turn as the bot does, and say where it stands."""
    broadcast = None
    for _ in range(times):
        async with world.database.write() as tx:
            about = audience(world.access, PLACES)
            broadcast = await feed(tx, about, Effects(), most=most, waiting=1000)
    return broadcast.state if broadcast else None


async def heard(person: Person) -> list[Outbound]:
    return [row for row in await person.notices() if row.kind is OutboundKind.BROADCAST]


async def begin(world: World, author: Person, text: str = TEXT) -> None:
    await author.says(f"/admin broadcast {text}")
    asked = (await author.notices())[-1]
    await author.presses(asked.buttons[0].action)


async def send_all(world: World, state: OutboundState = OutboundState.SENT) -> None:
    """What delivery does with the rows that wait."""
    async with world.database.write() as tx:
        while jobs := await tx.outbound.take(
            "bot-1", lease_seconds=60, channels=[PLACES[0]], limit=1000
        ):
            for job in jobs:
                said = job.row.kind is not OutboundKind.BROADCAST
                await tx.outbound.set_state(job.row.id, OutboundState.SENT if said else state)


@pytest.fixture(autouse=True)
def places(any_world: World) -> World:
    any_world.places = PLACES
    any_world.rewire()
    return any_world


async def test_it_is_shown_as_everybody_would_see_it_and_sent_once_it_is_meant(
    any_world: World,
) -> None:
    world, grace = any_world, await chief(any_world)
    ada, ben = world.person("1"), world.person("2", channel="web", language="de")
    await ada.says("hello")
    await ben.says("hallo")
    await grace.says(f"/admin broadcast {TEXT}")
    shown, asked = (await grace.notices())[-2:]
    assert shown.notice is not None
    assert world.texts.say(shown.notice, "en") == TEXT
    assert "3 people" in await grace.last_words()
    assert await fed(world) is None, "nothing is said before it is confirmed"
    await grace.presses(asked.buttons[0].action)
    assert (await grace.last_words()).startswith("On its way: 0 of 3")
    assert await fed(world, times=3) is BroadcastState.RUNNING
    for person in (ada, ben, grace):
        (row,) = await heard(person)
        assert row.notice is not None
        assert world.texts.say(row.notice, person.language) == TEXT
    assert (await heard(ben))[0].state is OutboundState.SENT, "browsers fetch it themselves"
    await send_all(world)
    assert await fed(world) is BroadcastState.ENDED
    assert await grace.last_words() == "Everybody had their turn: 3 of 3 were told."
    await grace.presses(asked.buttons[0].action)
    assert (await grace.keys())[-1] == "button-stale"
    async with world.database.read() as tx:
        actions = [entry.action for entry in await tx.audit.of_object("broadcast", 1, 9)]
    assert sorted(actions) == ["broadcast.begun", "broadcast.ended"]


async def test_each_person_has_it_once_whichever_way_they_come_and_whoever_feeds(
    any_world: World,
) -> None:
    world, grace = any_world, await chief(any_world)
    ada = world.person("1")
    await ada.says("hello")
    for thread in ("a", "b"):
        await world.person("1", thread=thread).says("in a topic")
    await begin(world, grace)
    await world.person("7").says("I am new")
    assert await fed(world, most=1, times=9) is BroadcastState.RUNNING
    rows = [
        row for thread in ("", "a", "b") for row in await heard(world.person("1", thread=thread))
    ]
    assert len(rows) == 1
    assert await heard(world.person("7")) == [], "they came after it had begun"


async def test_who_is_kept_out_has_left_or_is_not_alone_hears_nothing(any_world: World) -> None:
    world, grace = any_world, await chief(any_world, role=Role.OWNER)
    banned, blocked, left, shut, adder = (world.person(str(each)) for each in range(2, 7))
    for each in (banned, blocked, left, shut, adder):
        await each.says("hello")
    await blocked.says(kind=InboundKind.BLOCKED)
    await grace.says(f"/admin ban {(await banned.user()).id} 2h hate")
    world.clock.advance(11)
    await world.assistant.sweep.bring_about()
    async with world.database.write() as tx:
        await tx.users.set_access((await shut.user()).id, Access.BLOCKED)
        await tx.conversations.delete((await left.conversation()).id)
    group = world.person("6", chat="-100200")
    await group.says(kind=InboundKind.GROUP)
    async with world.database.write() as tx:
        await tx.conversations.touch((await group.conversation()).id)
        assert await tx.broadcasts.audience(Audience(PLACES)) == 2, "Grace and the last one"
    await begin(world, grace)
    await fed(world, times=2)
    assert len(await heard(adder)) == 1
    assert await heard(group) == []
    for each in (banned, blocked, shut):
        assert await heard(each) == []


async def test_an_allowlist_counts(any_world: World) -> None:
    world = any_world
    ada, ben = world.person("1"), world.person("2")
    await ada.says("hello")
    await ben.says("hello")
    world.rewire(AccessSettings(AccessMode.ALLOWLIST, allowed_ids=("telegram:2",)))
    about = audience(world.access, PLACES)
    async with world.database.read() as tx:
        assert await tx.broadcasts.audience(about) == 1


async def test_it_can_be_stopped_and_says_how_many_had_heard(any_world: World) -> None:
    world, grace = any_world, await chief(any_world)
    other = await chief(world, "8")
    for number in range(1, 5):
        await world.person(str(number)).says("hello")
    await begin(world, grace)
    running = (await grace.notices())[-1]
    await fed(world, most=2)
    await send_all(world, OutboundState.FAILED)
    await fed(world, most=2)
    await send_all(world)
    await fed(world, most=1)
    await other.says("/admin broadcast")
    assert await other.last_words() == "On its way: 2 of 6, 2 could not be reached."
    await other.says("/admin broadcast Another thing")
    await other.presses((await other.notices())[-1].buttons[0].action)
    assert (await other.keys())[-1] == "broadcast-one-runs"
    await other.presses(running.buttons[0].action)
    assert await grace.last_words() == "Stopped: 2 of 6 had been told, 2 could not be reached."
    assert await fed(world) is None
    async with world.database.write() as tx:
        waiting = await tx.outbound.take("b", lease_seconds=1, channels=[PLACES[0]], limit=99)
    assert all(job.row.kind is not OutboundKind.BROADCAST for job in waiting)
    await other.says("/admin broadcast stop")
    assert (await other.keys())[-1] == "broadcast-none-runs"


async def test_a_draft_can_be_dropped_and_long_texts_fit(any_world: World) -> None:
    grace = await chief(any_world)
    text = "Ä" * 3000
    await grace.says(f"/admin broadcast {text}")
    asked = (await grace.notices())[-1]
    assert max(len(button.action) for button in asked.buttons) <= 64
    await grace.presses(asked.buttons[1].action)
    assert (await grace.keys())[-1] == "broadcast-dropped"
    await grace.presses(asked.buttons[0].action)
    assert (await grace.keys())[-1] == "button-stale"
    await grace.says("/admin broadcast " + "Ä" * 3501)
    assert (await grace.keys())[-1] == "broadcast-too-long"
    await grace.says("/admin broadcast")
    assert (await grace.keys())[-1] == "broadcast-none"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.REVIEWER, Role.MODERATOR])
async def test_it_is_for_admins_when_they_ask_and_when_they_press(
    any_world: World, role: Role
) -> None:
    world, grace = any_world, await chief(any_world)
    await grace.says("/admin broadcast hello")
    asked = (await grace.notices())[-1]
    await world.promote(await grace.user(), role)
    await grace.presses(asked.buttons[0].action)
    assert (await grace.keys())[-1] == "review-not-permitted"
    await grace.says("/admin broadcast hello")
    assert (await grace.keys())[-1] in ("admin-help", "unknown-command")
    async with world.database.read() as tx:
        assert await tx.broadcasts.running() is None
