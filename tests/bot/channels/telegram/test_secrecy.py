"""The token appears in no log and in no error."""

from __future__ import annotations

import logging
import traceback

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.errors import translate
from chat.errors import AssistantError
from chat.outbound import OutboundMessage
from tests.bot.channels.telegram.parts import RecordingIntake, channel_for, key_of, running
from tests.fakes.telegram import FakeTelegram, Person


async def test_logs_at_their_loudest(
    telegram: FakeTelegram,
    channel: TelegramChannel,
    intake: RecordingIntake,
    anna: Person,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.faults.answers("getUpdates", 401, "Unauthorized")
    telegram.faults.drops("getUpdates")
    telegram.faults.answers_garbage("sendMessage")
    anna.sends_photo(b"picture")
    async with running(channel, intake):
        [message] = await intake.has(1)
        await channel.fetch(message.attachments[0].source, max_bytes=100)
        with pytest.raises(AssistantError):
            await channel.send(key_of(anna), OutboundMessage("hello"))
        await channel.send(key_of(anna), OutboundMessage("hello"))
    printed = capsys.readouterr()
    assert "Calling Bot API endpoint" in caplog.text
    assert telegram.token not in caplog.text + printed.out + printed.err


async def test_errors_and_their_tracebacks(telegram: FakeTelegram, anna: Person) -> None:
    wrong = channel_for(telegram, telegram_bot_token="700002:AAsecretSecretSecret")
    with pytest.raises(AssistantError) as refused:
        await wrong.__aenter__()
    assert "AAsecret" not in "".join(traceback.format_exception(refused.value))

    async with channel_for(telegram) as channel:
        await telegram.goes_offline()
        with pytest.raises(AssistantError) as lost:
            await channel.send(key_of(anna), OutboundMessage("hello"))
        assert telegram.token not in "".join(traceback.format_exception(lost.value))
        await telegram.comes_back()


@pytest.mark.parametrize("kind", [BadRequest, InvalidToken, NetworkError, TelegramError])
def test_what_the_library_says(kind: type[TelegramError]) -> None:
    error = translate(kind("no answer from /bot1:secret/getMe"), token="1:secret")
    assert "secret" not in str(error)
