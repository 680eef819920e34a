"""Nothing is lost between Telegram and the intake, and there is one poller."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.errors import BadToken
from bot.channels.telegram.polling import SqlLease
from chat.errors import NotSent
from storage.database import Database
from storage.migrate import upgrade
from tests.bot.channels.telegram.parts import (
    FAST,
    RecordingIntake,
    SharedLease,
    channel_for,
    running,
)
from tests.fakes.telegram import FakeTelegram, Person


def texts(intake: RecordingIntake) -> list[str]:
    return [message.text for message in intake.received]


async def test_confirmed_only_after_it_is_recorded(
    telegram: FakeTelegram, channel: TelegramChannel, intake: RecordingIntake, anna: Person
) -> None:
    intake.refuse = 3
    anna.says("do not lose me")
    async with running(channel, intake):
        await intake.was_called(3)
        assert telegram.world.inbox.pending
        await intake.has(1)
        await telegram.world.called("getUpdates", where=lambda call: "offset" in call.parameters)
        assert not telegram.world.inbox.pending
    assert texts(intake) == ["do not lose me"]


async def test_a_bot_that_dies_before_recording_gets_it_again(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    class Dying(RecordingIntake):
        async def accept(self, batch: object) -> None:
            self.batches += 1
            self._watch.changed()
            await asyncio.Event().wait()

    anna.says("one")
    dying = Dying()
    async with running(channel, dying):
        await dying.was_called(1)
    intake = RecordingIntake()
    async with running(channel, intake):
        await intake.has(1)
    assert texts(intake) == ["one"]


async def test_order_and_batches(channel: TelegramChannel, telegram: FakeTelegram) -> None:
    people = [telegram.person(f"P{number}") for number in range(3)]
    for number in range(250):
        people[number % 3].says(str(number))
    intake = RecordingIntake()
    async with running(channel, intake):
        await intake.has(250)
    assert texts(intake) == [str(number) for number in range(250)]
    assert intake.batches <= 5


async def test_one_poller_by_lease(telegram: FakeTelegram, anna: Person) -> None:
    shared: list[SharedLease] = []
    first, second = RecordingIntake(), RecordingIntake()
    async with (
        channel_for(telegram, shared=shared) as one,
        channel_for(telegram, shared=shared) as two,
    ):
        async with running(one, first):
            await telegram.world.called("getUpdates")
            async with running(two, second):
                anna.says("to the one that holds it")
                await first.has(1)
                anna.says("to it again")
                await first.has(2)
        assert second.received == []
        assert shared == []
        anna.says("to the one that comes then")
        async with running(two, second):
            await second.has(1)
    assert texts(first) == ["to the one that holds it", "to it again"]
    assert "to the one that comes then" in texts(second)


async def test_who_has_an_old_token_lets_another_poll(telegram: FakeTelegram, anna: Person) -> None:
    shared: list[SharedLease] = []
    first, second = RecordingIntake(), RecordingIntake()
    patient = structs.replace(FAST, last_retry=3600)
    async with channel_for(telegram, shared=shared, times=patient) as one:
        telegram.rotates("700001:AAnotherTokenOfTheSameBot")
        async with (
            channel_for(telegram, shared=shared) as two,
            running(one, first),
            running(two, second),
        ):
            anna.says("while one has the old token")
            await second.has(1)
    assert first.received == []
    assert (one.account, two.account) == ("700001", "700001")


async def test_a_picture_is_not_gone_because_the_token_is(
    telegram: FakeTelegram, channel: TelegramChannel, intake: RecordingIntake, anna: Person
) -> None:
    anna.sends_photo(b"picture")
    async with running(channel, intake):
        [message] = await intake.has(1)
        telegram.faults.answers("file", 401, "Unauthorized")
        telegram.faults.answers("getMe", 401, "Unauthorized")
        with pytest.raises(NotSent):
            await channel.fetch(message.attachments[0].source, max_bytes=100)
        assert await channel.fetch(message.attachments[0].source, max_bytes=100) == b"picture"


async def test_the_lease_in_sql(tmp_path: Path) -> None:
    now = 1000.0
    url = f"sqlite:///{tmp_path}/whimbrel.sqlite3"
    await asyncio.to_thread(upgrade, url)
    async with Database.from_url(url, clock=lambda: now) as database:
        one = SqlLease(database, name="poll:telegram:1", owner="bot-1")
        two = SqlLease(database, name="poll:telegram:1", owner="bot-2")
        assert await one.acquire(15)
        assert not await two.acquire(15)
        now += 14
        assert await one.acquire(15)
        now += 14
        assert not await two.acquire(15)
        now += 2
        assert await two.acquire(15)
        assert not await one.acquire(15)
        await one.release()
        assert not await one.acquire(15)
        await two.release()
        assert await one.acquire(15)


async def test_a_lost_lease_ends_the_poll_under_way(
    telegram: FakeTelegram, intake: RecordingIntake, anna: Person
) -> None:
    shared: list[SharedLease] = []
    inbox = telegram.world.inbox
    times = structs.replace(FAST, wait=40)
    async with (
        channel_for(telegram, shared=shared, times=times) as channel,
        running(channel, intake),
    ):
        await inbox.watch.until(lambda: inbox.is_polled, within=20, describe=lambda: "no poll")
        shared[:] = [SharedLease(shared)]
        await inbox.watch.until(
            lambda: not inbox.is_polled, within=20, describe=lambda: "still polled"
        )
        anna.says("while nobody polls")
        shared.clear()
        await intake.has(1)


async def test_a_second_program_with_the_same_token(telegram: FakeTelegram, anna: Person) -> None:
    first, second = RecordingIntake(), RecordingIntake()
    async with channel_for(telegram) as one, channel_for(telegram) as two:
        with capture_logs() as logs:
            async with running(one, first), running(two, second):
                await telegram.world.called("getUpdates", 6)
        assert any("another program receives" in entry["event"] for entry in logs)
        anna.says("after the other stopped")
        async with running(one, first):
            await first.has(1)


async def test_a_webhook_is_removed_when_polling(
    telegram: FakeTelegram, channel: TelegramChannel, intake: RecordingIntake, anna: Person
) -> None:
    from tests.fakes.telegram.inbox import Webhook

    await telegram.world.inbox.set_webhook(Webhook("http://127.0.0.1:9/none"))
    anna.says("waiting")
    async with running(channel, intake):
        await intake.has(1)


@pytest.mark.parametrize("trouble", ["drops", "loses_answer", "answers_garbage"])
async def test_polling_goes_on_after(
    telegram: FakeTelegram,
    channel: TelegramChannel,
    intake: RecordingIntake,
    anna: Person,
    trouble: str,
) -> None:
    getattr(telegram.faults, trouble)("getUpdates", 3)
    anna.says("hello")
    async with running(channel, intake):
        await intake.has(1)


@pytest.mark.parametrize("code", [429, 500, 502, 401])
async def test_polling_goes_on_after_a_refusal(
    telegram: FakeTelegram,
    channel: TelegramChannel,
    intake: RecordingIntake,
    anna: Person,
    code: int,
) -> None:
    telegram.faults.answers("getUpdates", code, "Trouble", 2)
    anna.says("hello")
    async with running(channel, intake):
        await intake.has(1)


async def test_polling_that_dies_silently_is_begun_anew(
    telegram: FakeTelegram, channel: TelegramChannel, intake: RecordingIntake, anna: Person
) -> None:
    telegram.faults.delays("getUpdates", 3600)
    anna.says("is anybody there?")
    async with running(channel, intake):
        await intake.has(1)


async def test_telegram_goes_away_and_comes_back(
    telegram: FakeTelegram, channel: TelegramChannel, intake: RecordingIntake, anna: Person
) -> None:
    async with running(channel, intake):
        await telegram.world.called("getUpdates")
        await telegram.goes_offline()
        anna.says("while you were away")
        await telegram.comes_back()
        await intake.has(1)


async def test_it_starts_while_telegram_is_away(
    telegram: FakeTelegram, intake: RecordingIntake, anna: Person
) -> None:
    await telegram.goes_offline()
    async with channel_for(telegram) as channel:
        assert (channel.account, channel.username, channel.link("x")) == ("700001", "", "")
        async with running(channel, intake):
            await telegram.comes_back()
            anna.says("hello")
            await intake.has(1)
            await telegram.world.called("setMyCommands", 2)
            assert channel.link("CODE") == "https://t.me/whimbrel_bot?start=CODE"


async def test_a_wrong_token_is_named() -> None:
    async with FakeTelegram() as telegram:
        wrong = channel_for(telegram, telegram_bot_token="700002:AAnotTheRightOne")
        with pytest.raises(BadToken, match="TELEGRAM_BOT_TOKEN") as refusal:
            await wrong.__aenter__()
        assert "AAnotTheRightOne" not in str(refusal.value)


async def test_the_menu_of_commands(
    telegram: FakeTelegram, channel: TelegramChannel, intake: RecordingIntake
) -> None:
    async with running(channel, intake):
        await telegram.world.called("setMyCommands", 2)
    menus = telegram.world.commands
    assert menus[("default", "")] == [{"command": "help", "description": "What I can do"}]
    assert menus[("default", "de")] == [{"command": "help", "description": "Was ich kann"}]
