"""What people do about moderation: report answers, and appeal against decisions."""

from __future__ import annotations

import pytest
from msgspec import structs

from chat.moderation import Deed, Measure, Side, Verdict
from chat.people import Access, Role, User
from handlers.errors import NotFound
from handlers.moderation.appeals import Appeals
from handlers.moderation.rights import NotPermitted, TooLate
from handlers.requests import Requests
from moderation.policy.rules import Rung
from moderation.policy.written import shipped_policy
from moderation.recording import About, restrict
from storage.repositories import DecisionState, RestrictionKind, ReviewVerdict
from tests.handlers.world import Person, World


async def staff(world: World, name: str, role: Role = Role.MODERATOR) -> User:
    async with world.database.write() as tx:
        user = await tx.users.add(name, "en", role, Access.ALLOWED)
        await tx.users.link(user.id, "telegram", f"staff-{name}")
    return user


async def muted(person: Person, by: User | None) -> int:
    """Somebody is muted; the number that they are told."""
    world, user = person.world, await person.user()
    async with world.database.write() as tx:
        given = await tx.restrictions.add(
            user.id,
            RestrictionKind.MUTE,
            category="hate",
            until=world.clock() + 3600,
            decided_by=by.id if by else None,
        )
    return given.id


async def banned(person: Person, by: User, seconded_by: User) -> int:
    """Two people have banned somebody for good; the number that they are told."""
    user = await person.user()
    async with person.world.database.write() as tx:
        made = await tx.decisions.add(
            ReviewVerdict.BAN,
            decided_by=by.id,
            category="hate",
            policy=0,
            state=DecisionState.WAITING,
            due_at=0.0,
            user_id=user.id,
        )
        await tx.decisions.move(made, DecisionState.IN_FORCE, seconded_by=seconded_by.id)
        given = await tx.restrictions.add(
            user.id,
            RestrictionKind.BAN,
            category="hate",
            until=None,
            decision_id=made.id,
            decided_by=by.id,
        )
    return given.id


def desk(world: World) -> Appeals:
    return Appeals(database=world.database, broker=world.broker, requests=Requests())


async def test_the_last_answer_or_the_one_replied_to_is_reported(any_world: World) -> None:
    ada = any_world.person("1")
    await ada.says("first")
    (first,) = await any_world.answer("One.")
    await ada.says("second")
    await any_world.answer("Two.")
    async with any_world.database.write() as tx:
        part = await tx.outbound.add_part(first.id, 0, first.conversation_id)
        await tx.outbound.sent(part.id, "p1")
    await ada.says("/report it is wrong")
    await ada.says("/report", reply_to="p1")
    await ada.says("/report once more")
    assert (await ada.keys())[-3:] == ["report-thanks", "report-thanks", "report-known"]
    async with any_world.database.read() as tx:
        flags = await tx.flags.of_user((await ada.user()).id)
        texts = [(await tx.messages.get(flag.message_id or 0)).text for flag in flags]
    assert texts == ["One.", "Two."]
    assert flags[1].findings[0].evidence == ("it is wrong",)
    assert flags[1].reports == 1  # by one person, however often


async def test_without_an_answer_there_is_nothing_to_report(world: World) -> None:
    ada = world.person("1")
    await ada.says("hello")
    await ada.says("/report")
    await ada.says("/report", reply_to="unknown")
    assert (await ada.keys())[-2:] == ["report-nothing", "report-nothing"]


async def test_somebody_else_decides_an_appeal_and_the_person_hears_of_it(
    any_world: World,
) -> None:
    ada, grace, linus = any_world.person("1"), *[await staff(any_world, n) for n in ("g", "l")]
    await ada.says("hello")
    number = await muted(ada, by=grace)
    await ada.says(f"/appeal {number} I did not mean it")
    await ada.says("/appeal")
    assert (await ada.keys())[-2:] == ["appeal-thanks", "appeal-known"]
    (mine,) = await desk(any_world).list(grace)
    assert mine.own
    assert mine.appeal.text == "I did not mean it"
    with pytest.raises(NotPermitted):
        await desk(any_world).decide(grace, mine.appeal.id, overturn=False)
    await desk(any_world).decide(linus, mine.appeal.id, overturn=True)
    with pytest.raises(TooLate):
        await desk(any_world).decide(linus, mine.appeal.id, overturn=False)
    assert (await ada.last_words()).startswith("Your appeal was right")
    await ada.says("may I?")
    assert await any_world.answer()
    await ada.says(f"/appeal {number}")
    assert (await ada.keys())[-1] == "appeal-nothing"


async def test_a_lone_owner_decides_again_and_it_is_said(world: World) -> None:
    ada, root = world.person("1"), await staff(world, "root", Role.OWNER)
    await ada.says("hello")
    await muted(ada, by=root)
    await ada.says("/appeal please")
    (found,) = await desk(world).list(root)
    appeal = await desk(world).decide(root, found.appeal.id, overturn=False)
    assert appeal.same_person
    assert "same person" in await ada.last_words()


async def test_others_numbers_are_not_there(world: World) -> None:
    ada, eve = world.person("1"), world.person("2")
    await ada.says("hello")
    await eve.says("hello")
    number = await muted(ada, by=None)
    await eve.says(f"/appeal {number} for them")
    assert (await eve.keys())[-1] == "appeal-nothing"
    with pytest.raises(NotPermitted):
        await desk(world).list(await eve.user())


async def test_neither_who_agreed_nor_the_person_hears_an_appeal(world: World) -> None:
    ada = world.person("1")
    await ada.says("hello")
    grace, linus, ken = [await staff(world, name) for name in ("g", "l", "k")]
    number = await banned(ada, by=grace, seconded_by=linus)
    await ada.says(f"/appeal {number} no")
    for one, own in ((grace, True), (linus, True), (ken, False)):
        (found,) = await desk(world).list(one)
        assert (found.own, found.decides) == (own, not own)
        assert (await desk(world).next(one) is None) is own
    with pytest.raises(NotPermitted):
        await desk(world).decide(linus, found.appeal.id, overturn=False)
    await desk(world).decide(ken, found.appeal.id, overturn=False)


async def test_a_moderator_neither_sees_nor_hears_the_appeal_of_a_colleague(world: World) -> None:
    ada, max_ = world.person("1"), await staff(world, "max")
    await ada.says("hello")
    user = await ada.user()
    async with world.database.write() as tx:
        await tx.users.set_role(user.id, Role.MODERATOR)
    await muted(ada, by=None)
    await ada.says("/appeal I did nothing")
    for one in (max_, await ada.user()):
        assert await desk(world).list(one) == []
    admin = await staff(world, "olga", Role.ADMIN)
    (found,) = await desk(world).list(admin)
    for one in (max_, await ada.user()):
        with pytest.raises(NotFound):
            await desk(world).decide(one, found.appeal.id, overturn=True)
    assert (await desk(world).decide(admin, found.appeal.id, overturn=True)).state == "overturned"


async def test_an_owner_leaves_it_to_whoever_else_may(world: World) -> None:
    ada, root = world.person("1"), await staff(world, "root", Role.OWNER)
    await ada.says("hello")
    await muted(ada, by=root)
    await ada.says("/appeal please")
    await staff(world, "ray", Role.REVIEWER)
    (found,) = await desk(world).list(root)
    assert (found.own, found.decides) == (True, True), "a reviewer decides no appeals"
    await staff(world, "max")
    (found,) = await desk(world).list(root)
    assert not found.decides
    with pytest.raises(NotPermitted):
        await desk(world).decide(root, found.appeal.id, overturn=True)


async def test_what_is_locked_is_appealed_to_those_who_may_see_it(world: World) -> None:
    ada, max_ = world.person("1"), await staff(world, "max")
    await ada.says("hello")
    user = await ada.user()
    async with world.database.write() as tx:
        conversation = await tx.conversations.by_key(ada.key)
        assert conversation is not None
        verdict = Verdict(measures=(Measure(Deed.FLAG),), category="child-exploitation")
        raised = await tx.flags.add(
            conversation.id, None, verdict, side=Side.QUESTION, user_id=user.id, locked=True
        )
        assert raised is not None
        await tx.restrictions.add(
            user.id, RestrictionKind.BAN, category="x", until=None, flag_id=raised[0].id
        )
    await ada.says("/appeal no")
    assert await desk(world).list(max_) == []
    assert len(await desk(world).list(await staff(world, "root", Role.OWNER))) == 1
    async with world.database.write() as tx:
        await tx.reviewers.unlock(max_.id, True)
    (found,) = await desk(world).list(max_)
    assert found.decides


async def test_a_strike_takes_along_what_it_led_to_and_the_decision_is_reversed(
    any_world: World,
) -> None:
    ada, grace, linus = any_world.person("1"), *[await staff(any_world, n) for n in ("g", "l")]
    await ada.says("hello")
    user = await ada.user()
    before = await muted(ada, by=None)
    any_world.clock.now += 60
    async with any_world.database.write() as tx:
        decision = await tx.decisions.add(
            ReviewVerdict.STRIKE,
            decided_by=grace.id,
            category="hate",
            policy=0,
            state=DecisionState.IN_FORCE,
            due_at=0.0,
            user_id=user.id,
        )
        policy = structs.replace(shipped_policy(), ladder=(Rung(1, Measure(Deed.MUTE, 3600)),))
        about = About(None, user.id, 0, None, Side.QUESTION)
        strike = await restrict(
            tx,
            RestrictionKind.STRIKE,
            about,
            policy,
            any_world.clock(),
            category="hate",
            decision=(decision.id, grace.id),
        )
        assert len(await tx.restrictions.in_force(user.id)) == 3
    await ada.says(f"/appeal {strike.id} it was a quotation")
    (found,) = await desk(any_world).list(linus)
    await desk(any_world).decide(linus, found.appeal.id, overturn=True, note="It was one.")
    async with any_world.database.read() as tx:
        assert [each.id for each in await tx.restrictions.in_force(user.id)] == [before]
        after = await tx.decisions.get(decision.id)
        entries = [(each.action, each.actor) for each in await tx.audit.read(None, 9)]
        await tx.audit.verify()
    assert (after.state, after.reversed_by) == (DecisionState.REVERSED, linus.id)
    assert [action for action, _ in entries] == [
        "appeal.overturned",
        "restriction.lifted",
        "restriction.lifted",
        "decision.reversed",
    ]
    assert {actor for _, actor in entries} == {f"moderator {linus.id}"}


async def test_who_has_deleted_the_conversation_is_told_elsewhere(any_world: World) -> None:
    ada, linus = any_world.person("1"), await staff(any_world, "l")
    await ada.says("hello")
    await muted(ada, by=None)
    await ada.says("/appeal please")
    user = await ada.user()
    async with any_world.database.write() as tx:
        gone = await tx.conversations.by_key(ada.key)
        assert gone is not None
        other = await tx.conversations.ensure(structs.replace(ada.key, chat="elsewhere"), user.id)
        await tx.conversations.delete(gone.id)
    (found,) = await desk(any_world).list(linus)
    await desk(any_world).decide(linus, found.appeal.id, overturn=True)
    async with any_world.database.read() as tx:
        told = [row.notice.key for row in await tx.outbound.notices(other.id) if row.notice]
    assert told == ["appeal-overturned"]


async def test_decided_appeals_are_listed_the_newest_first(any_world: World) -> None:
    ada, linus = any_world.person("1"), await staff(any_world, "l")
    await ada.says("hello")
    for overturn in (True, False, True):
        number = await muted(ada, by=None)
        await ada.says(f"/appeal {number} no")
        (found,) = await desk(any_world).list(linus)
        await desk(any_world).decide(linus, found.appeal.id, overturn=overturn)
    first, before = await desk(any_world).decided(linus, most=2)
    rest, end = await desk(any_world).decided(linus, most=2, before=before)
    states = [each.appeal.state for each in (*first, *rest)]
    assert states == ["overturned", "upheld", "overturned"]
    assert (len(first), end) == (2, None)
