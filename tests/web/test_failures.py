"""What failed, on the operator's page: who sees what, and one more try."""

from __future__ import annotations

import pytest

from chat.messages import Speaker, TextPart
from chat.people import Role, User
from chat.turns import Turn, TurnState
from tests.web.house import MODERATORS_CHAT, House

WORDS = "What killed you?"


async def set_aside(house: House, user: User) -> Turn:
    """A question over which three workers have died."""
    conversation = await house.book.new(user)
    async with house.database.write() as tx:
        turn = await tx.turns.open(conversation.id, state=TurnState.QUEUED, shown=True)
        await tx.messages.add(
            conversation.id,
            speaker=Speaker.PERSON,
            parts=[TextPart(WORDS)],
            turn_id=turn.id,
            user_id=user.id,
        )
    for death in range(1, 4):
        assert await dies(house) == death
    async with house.database.read() as tx:
        found = await tx.turns.get(turn.id)
    assert (found.state, found.reason) == (TurnState.FAILED, "failed-set-aside")
    return found


async def dies(house: House) -> int:
    """A worker claims the turn and dies over it; how many have."""
    async with house.database.write() as tx:
        [claimed] = await tx.turns.claim("worker", lease_seconds=-1)
        [(turn, _)] = await tx.turns.expire()
    assert turn.id == claimed.id
    return turn.crashes


async def test_the_owner_sees_what_failed_and_has_it_answered_once_more(house: House) -> None:
    owner = await house.add_user("Olga", Role.OWNER)
    anna = await house.add_user("Anna <b>Bold</b>")
    turn = await set_aside(house, anna)
    async with house.signed_in(owner) as browser:
        page = (await browser.get("/dashboard")).text
        assert WORDS in page
        assert "Anna &lt;b&gt;Bold&lt;/b&gt;" in page
        assert "3 workers died over it." in page
        response = await browser.post(f"/dashboard/failures/{turn.id}/retry")
        assert response.headers["location"] == "/dashboard"
        assert WORDS not in (await browser.get("/dashboard")).text
    assert [hint.conversation_id for hint in await house.broker.hints("w", count=1, block=5)] == [
        turn.conversation_id
    ]
    async with house.database.write() as tx:
        [claimed] = await tx.turns.claim("worker", lease_seconds=-1)
    assert (claimed.id, claimed.alone) == (turn.id, True)


async def test_what_kills_again_is_set_aside_at_once(house: House) -> None:
    owner = await house.add_user("Olga", Role.OWNER)
    turn = await set_aside(house, owner)
    async with house.signed_in(owner) as browser:
        await browser.post(f"/dashboard/failures/{turn.id}/retry")
    assert await dies(house) == 3
    async with house.database.read() as tx:
        assert (await tx.turns.get(turn.id)).state is TurnState.FAILED


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.REVIEWER])
async def test_other_staff_see_that_it_failed_and_no_words(house: House, role: Role) -> None:
    staff = await house.add_user("Max", role)
    turn = await set_aside(house, await house.add_user("Anna"))
    async with house.signed_in(staff) as browser:
        page = (await browser.get("/dashboard")).text
        assert "Anna" in page
        assert WORDS not in page
        response = await browser.post(f"/dashboard/failures/{turn.id}/retry")
        assert response.status_code == 403
    async with house.database.read() as tx:
        assert (await tx.turns.get(turn.id)).state is TurnState.FAILED


async def test_an_answered_one_is_left_alone(house: House) -> None:
    owner = await house.add_user("Olga", Role.OWNER)
    turn = await set_aside(house, owner)
    async with house.signed_in(owner) as browser:
        for _ in range(2):
            response = await browser.post(f"/dashboard/failures/{turn.id}/retry")
            assert response.status_code == 303
        assert (await browser.post("/dashboard/failures/999/retry")).status_code == 404
    async with house.database.write() as tx:
        assert len(await tx.turns.claim("worker", limit=5)) == 1


async def test_all_staff_see_that_the_chat_for_moderators_is_out_of_reach(house: House) -> None:
    rita = await house.add_user("Rita", Role.REVIEWER)
    async with house.database.write() as tx:
        chat = await tx.desk.open(*MODERATORS_CHAT)
    async with house.signed_in(rita) as browser:
        assert "chat for moderators" not in (await browser.get("/dashboard")).text
        async with house.database.write() as tx:
            await tx.desk.set_error(chat, "bot was <b>kicked</b>")
        page = (await browser.get("/dashboard")).text
    assert "The chat for moderators cannot be written to: bot was &lt;b&gt;kicked" in page
