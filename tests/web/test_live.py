"""The Live page: what staff see of the system as it works."""

from __future__ import annotations

import asyncio

import pytest

from chat.conversations import Conversation
from chat.people import Role
from chat.turns import TurnResult, TurnState
from dashboard import live
from tests.web.events import events_of, until
from tests.web.house import House


async def answered(house: House, chat: Conversation, **told: float | int) -> None:
    """One answer, ended now."""
    async with house.database.write() as tx:
        await tx.turns.open(chat.id, state=TurnState.QUEUED, shown=True)
        [turn] = await tx.turns.claim("w1")
        result = TurnResult(turn.id, turn.attempt, TurnState.ANSWERED, "yes", **told)  # type: ignore[arg-type]
        assert await tx.turns.finish(result)


async def test_what_was_answered_is_counted(house: House) -> None:
    anna = await house.add_user("Anna")
    chat = await house.book.new(anna)
    await answered(house, chat, generated_tokens=70, first_text_seconds=0.25, pictures=1)
    await answered(house, chat, generated_tokens=50, first_text_seconds=1.5, pictures=0)
    async with house.signed_in(await house.add_user("Max", Role.REVIEWER)) as browser:
        page = (await browser.get("/dashboard/live")).text
        found = (await browser.get("/dashboard/live/figures?span=day")).json()
        assert (await browser.get("/dashboard/live?span=year")).status_code == 400
    for name, value in (
        ("answered", "2"),
        ("p50", "0.25 s"),
        ("p95", "1.50 s"),
        ("pictures", "50 %"),
        ("active-month", "1"),
    ):
        assert f'data-figure="{name}">{value}<' in page
    assert 'data-figure="cost"' not in page, "no prices are set"
    assert "700,000,000" in page
    assert (found["whole"]["answered"], found["whole"]["generated_tokens"]) == (2, 120)
    assert len(found["slots"]) == 96
    assert sum(slot["answered"] for slot in found["slots"]) == 2


async def test_the_stream_tells_and_ends_with_the_session(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PACE", 0.05)
    max_ = await house.add_user("Max", Role.MODERATOR)
    async with (
        asyncio.timeout(20),
        house.signed_in(max_) as browser,
        browser.stream("GET", "/dashboard/live/events?span=hour") as response,
    ):
        events = events_of(response)
        first = await until(events, "figures")
        assert len(first.data["charts"]["at"]) == 60
        assert "data-figure" in first.data["numbers"]
        async with house.database.write() as tx:
            await tx.web_sessions.delete_of_user(max_.id)
        await until(events, "gone")
