"""While the assistant is worked on, questions wait and are told of; then they are answered."""

from __future__ import annotations

import json
from contextlib import aclosing

import pytest

from chat.outbound import notice_of
from chat.people import Role
from chat.turns import TurnState, TurnWaiting
from handlers.following import TurnFeed
from handlers.maintenance import Upkeep
from handlers.moderation.rights import NotPermitted
from tests.handlers.moderation.test_admin import chief
from tests.handlers.world import Person, World


async def why(person: Person) -> str:
    """What somebody is told of a question that waits, in their language."""
    world = person.world
    async with (
        TurnFeed(database=world.database, broker=world.broker) as feed,
        aclosing(feed.follow((await person.latest()).id)) as progress,
    ):
        item = await anext(progress)
    assert isinstance(item, TurnWaiting)
    return world.texts.say(notice_of(item.reason), person.language) if item.reason else ""


async def test_people_are_told_in_their_language_why_they_wait(any_world: World) -> None:
    world = any_world
    grace = await chief(world, Role.ADMIN)
    ada, eve = world.person("1"), world.person("2", language="de")
    await grace.says("/admin maintenance on Back at **9**")
    await ada.says("hello")
    await eve.says("hallo")
    assert await why(ada) == (
        "I am being worked on at the moment. Back at **9** I have kept your question and will "
        "answer it afterwards."
    )
    assert (await why(eve)).startswith("An mir wird gerade gearbeitet. Back at")
    await grace.says("/admin maintenance on")
    assert await why(ada) == (
        "I am being worked on at the moment. I have kept your question and will answer it "
        "afterwards."
    )
    await grace.says("/admin maintenance off")
    assert await why(ada) == ""


async def test_where_an_answer_cannot_be_announced_people_are_told_once(world: World) -> None:
    grace = await chief(world, Role.ADMIN)
    await grace.says("/admin maintenance on")
    ada = world.person("1", channel="plain")
    await ada.says("one")
    await ada.says("two")
    assert await ada.keys() == ["waiting-in-maintenance"]
    assert await ada.questions() == ["one", "two"], "nothing is lost"


async def test_commands_go_on_working_for_everybody(world: World) -> None:
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    await grace.says("/admin maintenance on")
    await ada.says("hello")
    await ada.says("/help")
    await ada.says("/stop")
    assert (await ada.keys())[0] == "help"
    assert (await ada.latest()).state is TurnState.CANCELLED
    await grace.says("/admin stats")
    await grace.says("/admin maintenance")
    words = await grace.last_words()
    assert "Questions wait" in words
    assert "one question waits" in words, "Grace's own"


async def test_it_is_there_after_a_restart_and_everybody_is_hinted_when_it_ends(
    world: World,
) -> None:
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    await grace.says("/admin maintenance on")
    world.rewire()
    await ada.says("hello")
    assert "worked on" in await why(ada)
    await world.broker.hints("some worker", count=100, block=0.1)
    await grace.says("/admin maintenance off")
    hinted = await world.broker.hints("some worker", count=100, block=1.0)
    assert (await ada.conversation()).id in {hint.conversation_id for hint in hinted}
    await grace.says("/admin maintenance off")
    assert (await grace.keys())[-2:] == ["admin-maintenance-ended", "admin-maintenance-none"]


async def test_the_log_says_who_did_it_and_nothing_that_was_written(world: World) -> None:
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    await ada.says("hello")
    upkeep = Upkeep(database=world.database, broker=world.broker)
    await grace.says("/admin maintenance on Secret plans")
    await upkeep.end(await grace.user())
    await upkeep.begin(await grace.user(), "More")
    found = await upkeep.state()
    assert found is not None
    assert found.text == "More."
    with pytest.raises(NotPermitted):
        await upkeep.begin(await ada.user(), "")
    with pytest.raises(NotPermitted):
        await upkeep.end(await ada.user())
    async with world.database.read() as tx:
        log = await tx.audit.read(None, 100)
    assert [each.action for each in log] == [
        "maintenance.begun",
        "maintenance.ended",
        "maintenance.begun",
    ]
    assert {each.actor_id for each in log} == {(await grace.user()).id}
    assert all(json.loads(each.details) == {} for each in log)
