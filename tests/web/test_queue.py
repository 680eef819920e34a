"""The queue on the web: found, opened, decided, undone; by whom it may be, and nobody else."""

from __future__ import annotations

import re

import httpx2
import pytest

from chat.messages import AttachmentPart, Speaker, StoredPicture, TextPart
from chat.moderation import Deed, Finding, Measure, Priority, Side, Verdict
from chat.people import Role, User
from chat.turns import TurnState
from storage.attachments import open_store
from storage.repositories import DecisionState, Flag
from tests.models.prompts import png
from tests.web.house import House

WORDS = "<script>bad words</script>"


async def flagged(
    house: House, user: User, *, priority: Priority = Priority.NORMAL, picture: bool = False
) -> Flag:
    """Somebody says something, and it is flagged."""
    conversation = await house.book.new(user)
    content = png("red")
    async with house.database.write() as tx:
        turn = await tx.turns.open(conversation.id, state=TurnState.QUEUED, shown=True)
        parts: list[TextPart | AttachmentPart] = [TextPart(WORDS)]
        if picture:
            stored = StoredPicture(
                await open_store("", house.folder).put(content), "image/png", 120, 70, len(content)
            )
            row = await tx.attachments.add(conversation.id, user.id, picture=stored)
            parts.append(AttachmentPart(row.id))
        message = await tx.messages.add(
            conversation.id,
            speaker=Speaker.PERSON,
            parts=parts,
            turn_id=turn.id,
            user_id=user.id,
        )
        verdict = Verdict(
            findings=(Finding("words", "hate", 0.9, evidence=("bad <b>words</b>",)),),
            measures=(Measure(Deed.FLAG),),
            category="hate",
            priority=priority,
        )
        raised = await tx.flags.add(
            conversation.id,
            message.id,
            verdict,
            side=Side.QUESTION,
            user_id=user.id,
            turn_id=turn.id,
        )
    assert raised is not None
    return raised[0]


async def press(browser: httpx2.AsyncClient, path: str, **form: str) -> httpx2.Response:
    """Send a form of a page, and go where it leads."""
    response = await browser.post(path, data=form)
    assert response.status_code == 303, response.text
    return await browser.get(response.headers["location"])


async def test_a_case_is_opened_and_decided_and_the_next_one_comes(house: House) -> None:
    moderator = await house.add_user("Max", Role.MODERATOR)
    anna = await house.add_user("Anna <i>Bold</i>")
    later = await flagged(house, anna)
    urgent = await flagged(house, anna, priority=Priority.URGENT)
    async with house.signed_in(moderator) as browser:
        page = (await browser.get("/dashboard/queue")).text
        places = [page.index(f"/dashboard/queue/{flag.id}") for flag in (urgent, later)]
        assert places == sorted(places)
        page = (await press(browser, "/dashboard/queue/next")).text
        assert "&lt;script&gt;bad words" in page
        assert "bad &lt;b&gt;words" in page
        assert "Anna &lt;i&gt;Bold" in page
        assert WORDS not in page
        page = (await press(browser, f"/dashboard/queue/{urgent.id}/decide", option="6")).text
        assert f"/dashboard/queue/{later.id}/decide" in page
        undo = re.search(r"/dashboard/decisions/(\d+)/undo", page)
        assert undo
        page = (await press(browser, undo[0])).text
        assert f"/dashboard/queue/{urgent.id}/decide" in page
    async with house.database.read() as tx:
        (decision,) = await tx.decisions.of_flag(urgent.id)
    assert decision.state is DecisionState.UNDONE


async def test_pictures_are_those_of_the_case_and_no_others(house: House) -> None:
    moderator, anna = await house.add_user("Max", Role.MODERATOR), await house.add_user("Anna")
    flag = await flagged(house, anna, picture=True)
    await flagged(house, await house.add_user("Eve"), picture=True)
    async with house.signed_in(moderator) as browser:
        page = (await browser.get(f"/dashboard/queue/{flag.id}")).text
        address = re.search(rf"/dashboard/queue/{flag.id}/pictures/(\d+)", page)
        assert address
        assert 'class="unseen both"' in page
        shown = await browser.get(address[0])
        assert shown.content == png("red")
        assert shown.headers["cache-control"] == "no-store"
        assert "sandbox" in shown.headers["content-security-policy"]
        other = f"/dashboard/queue/{flag.id}/pictures/{int(address[1]) + 1}"
        assert (await browser.get(other)).status_code == 404


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.REVIEWER, {"1", "4"}),
        (Role.MODERATOR, {"1", "3", "4", "5", "6", "7", "8", "9"}),
        (Role.OWNER, {"1", "3", "4", "5", "6", "7", "8", "9"}),
    ],
)
async def test_each_role_is_offered_what_it_may_decide_and_no_more(
    house: House, role: Role, offered: set[str]
) -> None:
    flag = await flagged(house, await house.add_user("Anna"))
    async with house.signed_in(await house.add_user("Max", role)) as browser:
        page = (await browser.get(f"/dashboard/queue/{flag.id}")).text
        assert set(re.findall(r'name="option" value="(\d)"', page)) == offered
        response = await browser.post(f"/dashboard/queue/{flag.id}/decide", data={"option": "6"})
        assert response.status_code == (422 if role is Role.REVIEWER else 303)


async def test_two_reviewers_do_not_decide_the_same(house: House) -> None:
    flag = await flagged(house, await house.add_user("Anna"))
    first, second = [await house.add_user(name, Role.MODERATOR) for name in ("Max", "Mia")]
    async with house.signed_in(first) as his, house.signed_in(second) as hers:
        await his.get(f"/dashboard/queue/{flag.id}")
        assert "Somebody else is looking" in (await hers.get(f"/dashboard/queue/{flag.id}")).text
        response = await hers.post(f"/dashboard/queue/{flag.id}/decide", data={"option": "1"})
        assert response.status_code == 422
        assert (
            await his.post(f"/dashboard/queue/{flag.id}/decide", data={"option": "1"})
        ).status_code == 303


async def test_a_ban_for_good_waits_for_the_second_person(house: House) -> None:
    flag = await flagged(house, await house.add_user("Anna"))
    first, second = [await house.add_user(name, Role.MODERATOR) for name in ("Max", "Mia")]
    async with house.signed_in(first) as his, house.signed_in(second) as hers:
        await press(his, f"/dashboard/queue/{flag.id}/decide", option="9")
        assert "need a second person" not in (await his.get("/dashboard/queue")).text
        page = (await hers.get("/dashboard/queue")).text
        assert "need a second person" in page
        asked = re.search(r"/dashboard/decisions/(\d+)/second", page)
        assert asked
        await press(hers, asked[0], agree="yes")
    async with house.database.read() as tx:
        (decision,) = await tx.decisions.of_flag(flag.id)
    assert decision.seconded_by == second.id
    assert decision.state is DecisionState.COUNTING
