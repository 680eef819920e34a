"""Appeals on the web: read with all that led to them, decided, and told of."""

from __future__ import annotations

from chat.conversations import Conversation
from chat.people import Role, User
from storage.repositories import Appeal, DecisionState, RestrictionKind, ReviewVerdict
from tests.web.house import House
from tests.web.test_quality_page import words_of
from tests.web.test_queue import WORDS, flagged, press

HOUR = 3600.0


async def appealed(house: House, subject: User, by: User, words: str = "<i>unfair</i>") -> Appeal:
    """Somebody was muted for what they said, and disagrees."""
    flag = await flagged(house, subject)
    async with house.database.write() as tx:
        version = await tx.policies.add("name: Ours", note="", author_id=None)
        await tx.flags.close(flag.id)
        decision = await tx.decisions.add(
            ReviewVerdict.MUTE,
            decided_by=by.id,
            category="hate",
            policy=version.number,
            state=DecisionState.IN_FORCE,
            due_at=0.0,
            flag_id=flag.id,
            user_id=subject.id,
            conversation_id=flag.conversation_id,
            message_id=flag.message_id,
            note="<u>again</u>",
        )
        mute = await tx.restrictions.add(
            subject.id,
            RestrictionKind.MUTE,
            category="hate",
            until=decision.created_at + 48 * HOUR,
            policy=version.number,
            flag_id=flag.id,
            decision_id=decision.id,
            decided_by=by.id,
        )
        return await tx.appeals.add(
            subject.id, mute.id, conversation_id=flag.conversation_id, words=words
        )


async def told(house: House, conversation: int) -> list[str]:
    async with house.database.read() as tx:
        rows = await tx.outbound.notices(conversation)
    return [row.notice.key for row in rows if row.notice]


async def test_an_appeal_is_read_with_all_that_led_to_it(house: House) -> None:
    anna, max_ = await house.add_user("Anna"), await house.add_user("Max", Role.MODERATOR)
    appeal = await appealed(house, anna, max_)
    async with house.signed_in(await house.add_user("Mia", Role.MODERATOR)) as browser:
        page = (await browser.get(f"/dashboard/appeals/{appeal.id}")).text
    for part in (
        "&lt;i&gt;unfair",
        "&lt;u&gt;again",
        "&lt;script&gt;bad words",
        "bad &lt;b&gt;words",
        "Policy version 1",
        "for 2 days, because of the rule here about hatred",
        "decided by a person",
        f"/appeal {appeal.restriction_id}",
    ):
        assert part in page
    assert WORDS not in page
    assert "Max" not in page, "who decided is known by a pseudonym"


async def test_decided_the_next_one_comes_and_the_person_hears_of_it(house: House) -> None:
    anna, max_ = await house.add_user("Anna"), await house.add_user("Max", Role.MODERATOR)
    first, second = [await appealed(house, anna, max_) for _ in range(2)]
    async with house.signed_in(await house.add_user("Mia", Role.MODERATOR)) as browser:
        page = (await browser.get("/dashboard/appeals")).text
        places = [page.index(f'"/dashboard/appeals/{each.id}">') for each in (first, second)]
        assert places == sorted(places), "the oldest first"
        path = f"/dashboard/appeals/{first.id}/decide"
        page = (await press(browser, path, outcome="2", note="It was a <b>quotation</b>")).text
        assert f"/dashboard/appeals/{second.id}/decide" in page
        assert "Taken back for Anna" in page
        page = (
            await press(browser, path.replace(f"/{first.id}/", f"/{second.id}/"), outcome="1")
        ).text
        assert "No appeal waits." in page
        said = words_of(page)
        assert "It stays as it was" in said
        assert "Taken back" in said
        page = (await browser.get(f"/dashboard/appeals/{first.id}")).text
        assert "a &lt;b&gt;quotation" in page
        assert "/decide" not in page
        again = await browser.post(path, data={"outcome": "1"})
        assert again.status_code == 422
    for each, key in ((first, "appeal-overturned"), (second, "appeal-upheld")):
        assert each.conversation_id is not None
        assert await told(house, each.conversation_id) == [key]
    async with house.database.read() as tx:
        in_force = [each.id for each in await tx.restrictions.in_force(anna.id)]
    assert in_force == [second.restriction_id]


async def test_who_took_part_reads_but_does_not_decide(house: House) -> None:
    anna, max_ = await house.add_user("Anna"), await house.add_user("Max", Role.MODERATOR)
    await house.add_user("Mia", Role.MODERATOR)
    appeal = await appealed(house, anna, max_)
    async with house.signed_in(max_) as browser:
        for path in ("", f"/{appeal.id}"):
            page = (await browser.get(f"/dashboard/appeals{path}")).text
            assert "You took part" in page
            assert "/decide" not in page
        path = f"/dashboard/appeals/{appeal.id}/decide"
        assert (await browser.post(path, data={"outcome": "2"})).status_code == 422


async def test_a_lone_owner_is_told_what_it_means_and_so_is_the_person(house: House) -> None:
    anna, ada = await house.add_user("Anna"), await house.add_user("Ada", Role.OWNER)
    appeal = await appealed(house, anna, ada)
    async with house.signed_in(ada) as browser:
        page = (await browser.get(f"/dashboard/appeals/{appeal.id}")).text
        assert "nobody else may decide it" in page
        page = (await press(browser, f"/dashboard/appeals/{appeal.id}/decide", outcome="1")).text
        assert "decided by the same person" in page


async def test_what_was_said_may_be_gone(house: House) -> None:
    anna, max_ = await house.add_user("Anna"), await house.add_user("Max", Role.MODERATOR)
    appeal = await appealed(house, anna, max_)
    async with house.database.write() as tx:
        for message in await tx.messages.of_user(anna.id):
            await tx.messages.erase(message.id)
    async with house.signed_in(await house.add_user("Mia", Role.MODERATOR)) as browser:
        page = (await browser.get(f"/dashboard/appeals/{appeal.id}")).text
        assert "The message is gone." in page
        assert "bad words" not in page
        assert "unfair" in page
        await press(browser, f"/dashboard/appeals/{appeal.id}/decide", outcome="2")


async def test_what_was_said_stays_until_it_is_heard(house: House) -> None:
    anna, max_ = await house.add_user("Anna"), await house.add_user("Max", Role.MODERATOR)
    appeal = await appealed(house, anna, max_)
    conversation = await conversation_of(house, appeal)
    kept = await house.book.delete(anna, conversation.id)
    assert kept.count == 1
    async with house.signed_in(await house.add_user("Mia", Role.MODERATOR)) as browser:
        assert "bad words" in (await browser.get(f"/dashboard/appeals/{appeal.id}")).text


async def test_a_decision_without_a_flag_or_a_known_outcome(house: House) -> None:
    anna = await house.add_user("Anna")
    async with house.database.write() as tx:
        ban = await tx.restrictions.add(anna.id, RestrictionKind.BAN, category="hate", until=None)
        appeal = await tx.appeals.add(anna.id, ban.id, conversation_id=None, words="")
    async with house.signed_in(await house.add_user("Mia", Role.MODERATOR)) as browser:
        page = (await browser.get(f"/dashboard/appeals/{appeal.id}")).text
        assert "They gave no reason." in page
        assert "decided by a program" in page
        assert "does not rest on a message" in page
        path = f"/dashboard/appeals/{appeal.id}/decide"
        for outcome in ("", "3", "x"):
            assert (await browser.post(path, data={"outcome": outcome})).status_code == 403
        assert (await browser.get("/dashboard/appeals/999")).status_code == 404
        for done in ("999", "x", str(appeal.id)):
            page = (await browser.get("/dashboard/appeals", params={"done": done})).text
            assert "being told" not in page


async def conversation_of(house: House, appeal: Appeal) -> Conversation:
    assert appeal.conversation_id is not None
    async with house.database.read() as tx:
        return await tx.conversations.get(appeal.conversation_id)
