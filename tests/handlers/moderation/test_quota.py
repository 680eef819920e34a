"""Budgets that people have of their own: they count at once, wherever something is counted."""

from __future__ import annotations

import json

import pytest

from chat.budgets import BudgetSettings, What, own_limits, parse_budget, with_own
from chat.people import Role
from storage.allowances import Allowances, Usage
from tests.handlers.moderation.test_admin import chief
from tests.handlers.world import Person, World


def limited(world: World, person: str = "none") -> None:
    """Wire the handlers with this usual budget."""
    world.budgets = BudgetSettings(person, "none", "none")
    world.rewire()


def test_a_budget_of_ones_own_takes_the_place_of_the_usual_one_and_floods_stay_out() -> None:
    usual = parse_budget("60 messages/minute, 2000 messages/day, 300 pictures/day")
    own = own_limits("5 messages/day, 9 tokens/day", usual)
    assert own == parse_budget("60 messages/minute, 300 pictures/day, 5 messages/day, 9 tokens/day")
    assert own_limits("5 messages/day", parse_budget("10 messages/30 days")) == parse_budget(
        "5 messages/day"
    )


def test_amounts_are_set_and_taken_out_one_by_one() -> None:
    budget = with_own("", What.TOKENS, 9)
    budget = with_own(budget, What.MESSAGES, 5)
    assert budget == "5 messages/day, 9 tokens/day"
    assert with_own(budget, What.MESSAGES, None) == "9 tokens/day"
    assert with_own("9 tokens/day", What.TOKENS, None) == ""
    for wrong in (0, -1, 10**12 + 1):
        with pytest.raises(ValueError, match="from 1 to"):
            with_own("", What.TOKENS, wrong)


async def questions(person: Person) -> int:
    """How many of somebody's messages are to be answered."""
    async with person.world.database.read() as tx:
        turn = await tx.turns.latest((await person.conversation()).id)
        return len(await tx.messages.of_turn(turn.id)) if turn else 0


async def test_it_counts_from_the_next_message_on(any_world: World) -> None:
    world = any_world
    limited(world, "2 messages/day")
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    for text in ("one", "two", "three"):
        await ada.says(text)
    assert await ada.questions() == ["one", "two"]
    await grace.says(f"/admin quota {(await ada.user()).id} messages 3")
    words = await grace.last_words()
    assert "messages: 2 / 3 · 24 hours" in words or "messages: 2 / 3 · 1 days" in words
    await ada.says("four")
    await ada.says("five")
    assert await ada.questions() == ["one", "two", "four"]
    await grace.says(f"/admin quota {(await ada.user()).id} default")
    await ada.says("six")
    assert await ada.questions() == ["one", "two", "four"]
    assert (await ada.user()).budget == ""


async def test_others_keep_the_usual_one(world: World) -> None:
    limited(world, "5 messages/day")
    grace, ada, eve = await chief(world), world.person("1"), world.person("2")
    await ada.says("hello")
    await eve.says("hello")
    await grace.says(f"/admin quota {(await ada.user()).id} messages 1")
    await ada.says("again")
    await eve.says("again")
    assert await ada.questions() == ["hello"]
    assert await eve.questions() == ["hello", "again"]


async def test_tokens_that_a_worker_counts_are_bound_by_it(world: World) -> None:
    limited(world)
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    await ada.says("hello")
    user = await ada.user()
    await grace.says(f"/admin quota {user.id} tokens 100")
    await ada.says("and")
    claimed = {turn.user_id: turn for turn in await world.claim()}[user.id]
    assert claimed.budget == "100 tokens/day"
    used = Usage(user.id, ada.key, "turn:1:1", tokens=120, budget=claimed.budget)
    await Allowances(world.broker, world.budgets).spend([used])
    await ada.says("more")
    assert (await ada.keys())[-1] == "budget-tokens"
    await ada.says("/about")
    assert "about 0 tokens" in await ada.last_words()


async def test_a_moderator_gives_no_more_than_is_usual_and_nobody_their_equals(
    world: World,
) -> None:
    limited(world, "60 messages/minute, 5 messages/day, 300 tokens/30 days")
    grace, ada = await chief(world), world.person("1")
    boss = await chief(world, Role.ADMIN, "10")
    await ada.says("hello")
    number = (await ada.user()).id
    for words, may in {
        "messages 5": True,
        "messages 6": False,
        "tokens 10": True,
        "tokens 11": False,
        "pictures 1000": True,
    }.items():
        await grace.says(f"/admin quota {number} {words}")
        assert (await grace.keys())[-1] == ("admin-lines" if may else "review-not-permitted")
    await boss.says(f"/admin quota {number} messages 6")
    assert (await ada.user()).budget == "6 messages/day, 1000 pictures/day, 10 tokens/day"
    for giver, subject in ((grace, grace), (grace, boss), (boss, boss)):
        await giver.says(f"/admin quota {(await subject.user()).id} messages 1")
        assert (await giver.keys())[-1] == "review-not-permitted"
    async with world.database.read() as tx:
        log = [
            (each.action, each.object_id, json.loads(each.details))
            for each in await tx.audit.read(None, 100)
        ]
    assert log[0] == ("budget.set", str(number), {"what": "messages", "amount": 5})
    assert len(log) == 4


async def test_mistakes_are_told(world: World) -> None:
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    await ada.says("hello")
    number = (await ada.user()).id
    for words, key in {
        f"{number} words 5": "admin-usage",
        f"{number} messages many": "admin-usage",
        f"{number} messages 5 6": "admin-usage",
        f"{number} messages 0": "quota-no-amount",
        f"{number} messages 9999999999999": "quota-no-amount",
        "999 messages 5": "admin-nobody",
    }.items():
        await grace.says(f"/admin quota {words}")
        assert (await grace.keys())[-1] == key, words


async def test_who_deletes_everything_keeps_it_and_nobody_else_does(world: World) -> None:
    grace, ada = await chief(world, Role.ADMIN), world.person("1")
    await ada.says("hello")
    user = await ada.user()
    await grace.says(f"/admin quota {user.id} messages 5")
    await ada.says("/delete")
    await ada.says("/delete yes")
    async with world.database.read() as tx:
        assert (await tx.users.get(user.id)).budget == ""
    again = await ada.user()
    assert again.id != user.id
    assert again.budget == "5 messages/day"
