"""What the channel sends, as people see it, and what becomes of refusals."""

from __future__ import annotations

import pytest

from bot.channels.telegram.channel import TelegramChannel
from chat.conversations import ConversationKey
from chat.errors import (
    ChannelError,
    ChatMoved,
    MaybeSent,
    NotSent,
    Rejected,
    RetryAfter,
    Unreachable,
    Vanished,
)
from chat.outbound import OutboundMessage, SpokenButton
from tests.bot.channels.telegram.parts import key_of
from tests.fakes.telegram import FakeTelegram, Person

HELLO = OutboundMessage("Hello")


async def test_a_text_with_formatting(channel: TelegramChannel, anna: Person) -> None:
    said = anna.says("hi")
    answer = OutboundMessage("This is **important**.", reply_to=str(said.id))
    sent = await channel.send(key_of(anna), answer)
    [shown] = anna.chat.from_bot
    assert (str(shown.id), shown.text, shown.reply_to) == (sent, "This is important.", said.id)
    assert shown.entities == [{"type": "bold", "offset": 8, "length": 9}]


async def test_edits_and_the_same_again(channel: TelegramChannel, anna: Person) -> None:
    button = SpokenButton("Stop", "stop:1")
    sent = await channel.send(key_of(anna), OutboundMessage("…", buttons=(button,)))
    assert anna.chat.from_bot[0].buttons == ["Stop"]
    for _ in range(2):
        await channel.edit(key_of(anna), sent, OutboundMessage("Done"))
    [shown] = anna.chat.from_bot
    assert ([version.text for version in shown.versions], shown.buttons) == (["…", "Done"], [])


async def test_previews_are_off_on_sends_and_edits(channel: TelegramChannel, anna: Person) -> None:
    link = OutboundMessage("see https://example.org/secret")
    sent = await channel.send(key_of(anna), link)
    assert not anna.chat.from_bot[0].preview
    await channel.edit(key_of(anna), sent, OutboundMessage("[see](https://example.org/other)"))
    assert not anna.chat.from_bot[0].preview
    assert anna.chat.from_bot[0].entities[0]["url"] == "https://example.org/other"


async def test_plain_where_the_formatting_is_refused(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    refusal = "Bad Request: can't parse entities: Can't find end of the entity"
    telegram.faults.answers("sendMessage", 400, refusal)
    sent = await channel.send(key_of(anna), OutboundMessage("**bold**"))
    telegram.faults.answers("editMessageText", 400, refusal)
    await channel.edit(key_of(anna), sent, OutboundMessage("**bolder**"))
    [shown] = anna.chat.from_bot
    assert ([version.text for version in shown.versions], shown.entities) == (
        ["bold", "bolder"],
        [],
    )


async def test_long_answers_arrive_whole(channel: TelegramChannel, anna: Person) -> None:
    paragraphs = [f"**{number}.** " + "🐦 words " * 60 for number in range(30)]
    text = "\n\n".join(paragraphs)
    for part in channel.split(text):
        await channel.send(key_of(anna), OutboundMessage(part))
    shown = "\n\n".join(message.text for message in anna.chat.from_bot)
    assert len(anna.chat.from_bot) > 3
    assert shown.split() == text.replace("**", "").split()


async def test_topics_typing_and_deleting(channel: TelegramChannel, anna: Person) -> None:
    key = key_of(anna, "7")
    sent = await channel.send(key, HELLO)
    await channel.typing(key)
    assert anna.chat.from_bot[0].body["message_thread_id"] == 7
    assert len(anna.chat.typing_at) == 1
    for _ in range(2):
        await channel.delete(key, sent)
    assert anna.chat.from_bot == []


async def test_buttons_in_rows(channel: TelegramChannel, anna: Person) -> None:
    labels = ("Yes", "No", "Ask me again some other time", "Never")
    buttons = tuple(SpokenButton(label, f"a:{label[:9]}") for label in labels)
    await channel.send(key_of(anna), OutboundMessage("Well?", buttons=buttons))
    rows = anna.chat.from_bot[0].body["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["Yes", "No"],
        ["Ask me again some other time"],
        ["Never"],
    ]


async def test_a_document(channel: TelegramChannel, anna: Person) -> None:
    export = OutboundMessage("Your **data**", document=b"PK\x03\x04", document_name="export.zip")
    sent = await channel.send(key_of(anna), export)
    [shown] = anna.chat.from_bot
    assert (str(shown.id), shown.text, shown.content) == (sent, "Your data", b"PK\x03\x04")
    assert shown.body["document"]["file_name"] == "export.zip"


async def test_a_reply_to_a_message_that_is_gone(channel: TelegramChannel, anna: Person) -> None:
    await channel.send(key_of(anna), OutboundMessage("Hello", reply_to="999"))
    assert anna.chat.from_bot[0].reply_to is None


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        (400, "Bad Request: message is too long", Rejected),
        (400, "Bad Request: chat not found", Unreachable),
        (403, "Forbidden: user is deactivated", Unreachable),
        (401, "Unauthorized", NotSent),
        (500, "Internal Server Error", NotSent),
        (502, "Bad Gateway", NotSent),
    ],
)
async def test_refusals(
    telegram: FakeTelegram,
    channel: TelegramChannel,
    anna: Person,
    code: int,
    description: str,
    expected: type[ChannelError],
) -> None:
    telegram.faults.answers("sendMessage", code, description)
    with pytest.raises(expected) as refusal:
        await channel.send(key_of(anna), HELLO)
    assert telegram.token not in str(refusal.value)
    assert anna.chat.from_bot == []


async def test_waits_blocks_and_missing_messages(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    telegram.faults.floods("sendMessage", 17)
    with pytest.raises(RetryAfter) as wait:
        await channel.send(key_of(anna), HELLO)
    assert wait.value.retry_after == 17
    telegram.world.limits.demand_wait(anna.id, 0)
    with pytest.raises(Vanished):
        await channel.edit(key_of(anna), "999", HELLO)
    anna.blocks_bot()
    with pytest.raises(Unreachable, match="blocked by the user"):
        await channel.send(key_of(anna), HELLO)


async def test_a_group_that_moved(channel: TelegramChannel, anna: Person) -> None:
    group = anna.adds_bot_to("Family")
    moved = anna.upgrades(group)
    with pytest.raises(ChatMoved) as error:
        await channel.send(ConversationKey("telegram", "700001", str(group.id)), HELLO)
    assert error.value.new_chat == str(moved.id)


async def test_lost_answers_are_in_doubt(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    for lose in (
        telegram.faults.loses_answer,
        telegram.faults.drops,
        telegram.faults.answers_garbage,
    ):
        lose("sendMessage")
        with pytest.raises(MaybeSent):
            await channel.send(key_of(anna), HELLO)
    assert len(anna.chat.from_bot) == 2


async def test_an_edit_may_simply_be_repeated(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    sent = await channel.send(key_of(anna), HELLO)
    telegram.faults.loses_answer("editMessageText")
    with pytest.raises(MaybeSent):
        await channel.edit(key_of(anna), sent, OutboundMessage("Done"))
    await channel.edit(key_of(anna), sent, OutboundMessage("Done"))
    assert [version.text for version in anna.chat.from_bot[0].versions] == ["Hello", "Done"]


async def test_what_never_left_is_certainly_not_sent(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    await telegram.goes_offline()
    with pytest.raises(NotSent):
        await channel.send(key_of(anna), HELLO)
