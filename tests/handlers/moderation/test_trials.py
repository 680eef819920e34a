"""A policy is tried on what was said lately, and nobody's words leave their chat by it."""

from __future__ import annotations

import pytest

from chat.moderation import Deed, Finding, Measure, Side, Verdict
from chat.people import Access, Role, User
from handlers.moderation import trials
from handlers.moderation.rights import NotPermitted
from handlers.moderation.trials import DAY, Trials, outcome_of
from moderation.policy.written import read_policy
from storage.errors import NotFound
from storage.repositories import TrialState
from tests.handlers.world import Person, World

STRICT = """
name: Strict
rules:
  - {when: secrets, then: refuse}
  - {when: profanity, from: 0.5, then: [flag, strike], confirmed_by: moderator}
  - {when: nudity, from: 0.5, then: refuse}
categories: {secrets: {en: Secrets}}
words:
  - {category: secrets, phrases: {en: [moonshine]}}
"""


async def editor(world: World, role: Role = Role.ADMIN) -> User:
    async with world.database.write() as tx:
        return await tx.users.add("Olga", "en", role, Access.ALLOWED)


async def drafted(world: World, text: str = STRICT) -> int:
    async with world.database.write() as tx:
        return (await tx.policies.add(text, note="", author_id=None)).number


def bench(world: World) -> Trials:
    async def start(trial_id: int) -> None:
        await trials.run(world.database, trial_id, clock=world.clock)

    return Trials(database=world.database, start=start, clock=world.clock)


async def said(person: Person, *texts: str) -> None:
    for text in texts:
        await person.says(text)
        await person.world.answer("Fine.")


async def test_what_would_change_is_counted_by_messages_and_people(any_world: World) -> None:
    ada, ben = any_world.person("1"), any_world.person("2")
    await said(ada, "Where is the moonshine?", "moonshine again", "hello")
    await said(ben, "MOON\u200bSHINE please")
    number = await drafted(any_world)
    desk = bench(any_world)
    trial = await desk.ask(await editor(any_world), number)
    done = await desk.latest(number)
    assert done is not None
    assert (done.id, done.state, done.runs) == (trial.id, TrialState.DONE, False)
    outcome = outcome_of(done)
    assert outcome is not None
    assert (outcome.looked, done.looked, done.expected) == (8, 8, 8)
    assert (outcome.now, outcome.then) == ({}, {"refuse": 3})
    (change,) = outcome.changes
    assert (change.before, change.after) == ((), ("refuse",))
    assert (change.messages, change.people) == (3, 2)
    assert [each.category for each in change.examples] == ["secrets"] * 3
    assert "moonshine" not in done.outcome.casefold()
    async with any_world.database.read() as tx:
        assert [each.action for each in await tx.audit.read(None, 9)] == ["policy.tried"]


async def test_what_checks_of_pictures_found_is_taken_from_flags(any_world: World) -> None:
    ada = any_world.person("1")
    await said(ada, "look at this", "and that")
    finding = Finding("nudity", "nudity", 0.6)
    verdict = Verdict((finding,), (Measure(Deed.FLAG),), category="nudity")
    async with any_world.database.write() as tx:
        message, *_ = await tx.messages.of_user((await ada.user()).id)
        raised = await tx.flags.add(
            message.conversation_id, message.id, verdict, side=Side.QUESTION
        )
    desk, number = bench(any_world), await drafted(any_world)
    await desk.ask(await editor(any_world), number)
    trial = await desk.latest(number)
    outcome = outcome_of(trial) if trial else None
    assert outcome is not None
    assert raised is not None
    (change,) = outcome.changes
    assert (change.after, change.messages) == (("refuse",), 1)
    assert change.examples[0].flag_id == raised[0].id


async def test_a_penalty_that_waits_for_somebody_is_told_apart(world: World) -> None:
    await said(world.person("1"), "you fucking asshole")
    strict = read_policy(STRICT)
    mild = read_policy("name: Mild\nrules: [{when: profanity, from: 0.5, then: flag}]")

    async def silent(looked: int, expected: int) -> None: ...

    outcome = await trials.try_policy(world.database, mild, strict, since=0, tell=silent)
    (change,) = outcome.changes
    assert (change.before, change.after) == (("flag",), ("flag", "strike?"))


async def test_only_the_newest_are_looked_at_and_none_from_before(world: World) -> None:
    ada, seen = world.person("1"), []
    await said(ada, "moonshine of old")
    world.clock.advance(8 * DAY)
    await said(ada, "one", "two", "three")

    async def tell(looked: int, expected: int) -> None:
        seen.append((looked, expected))

    mild, strict = read_policy("name: Mild"), read_policy(STRICT)
    since = world.clock() - 7 * DAY
    everything = await trials.try_policy(world.database, mild, strict, since=since, tell=tell)
    assert (everything.looked, everything.changes, seen[0]) == (6, (), (0, 6))
    newest = await trials.try_policy(world.database, mild, strict, since=since, most=2, tell=tell)
    assert newest.looked == 2


async def test_of_two_who_ask_only_one_begins_and_a_dead_one_begins_anew(world: World) -> None:
    number, olga, begun = await drafted(world), await editor(world), []

    async def start(trial_id: int) -> None:
        begun.append(trial_id)

    desk = Trials(database=world.database, start=start, clock=world.clock)
    first = await desk.ask(olga, number)
    assert (await desk.ask(olga, number)).id == first.id
    world.clock.advance(trials.LOST + 1)
    again = await desk.ask(olga, number)
    assert begun == [first.id, again.id]


async def test_a_try_that_fails_says_so(world: World) -> None:
    number = await drafted(world, "not a policy")
    desk = bench(world)
    with pytest.raises(Exception, match="policy"):
        await desk.ask(await editor(world), number)
    trial = await desk.latest(number)
    assert trial is not None
    assert (trial.state, outcome_of(trial)) == (TrialState.FAILED, None)


async def test_moderators_and_unknown_versions_are_turned_away(world: World) -> None:
    desk = bench(world)
    with pytest.raises(NotPermitted):
        await desk.ask(await editor(world, Role.MODERATOR), await drafted(world))
    with pytest.raises(NotFound):
        await desk.ask(await editor(world), 99)
