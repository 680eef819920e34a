"""What people do on Telegram, as it reaches the intake."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.telegram.channel import TelegramChannel
from chat.conversations import ConversationKey
from chat.errors import AttachmentError, NotSent
from chat.inbound import InboundKind
from chat.outbound import OutboundMessage, SpokenButton
from chat.people import Sender
from tests.bot.channels.telegram.parts import RecordingIntake, key_of
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.others import OTHER_KINDS

MEGABYTE = 1024 * 1024


async def test_a_text(received: RecordingIntake, anna: Person) -> None:
    said = anna.says("Hello 🐦")
    [message] = await received.has(1)
    assert message.kind is InboundKind.MESSAGE
    assert message.key == ConversationKey("telegram", "700001", str(anna.id))
    assert message.sender == Sender(str(anna.id), "Anna", "de")
    assert (message.text, message.platform_id) == ("Hello 🐦", str(said.id))
    assert message.sent_at == said.body["date"]
    assert not message.may_continue


async def test_topics_are_threads(received: RecordingIntake, anna: Person) -> None:
    anna.says("in a topic", thread=7)
    [message] = await received.has(1)
    assert message.key == key_of(anna, "7")


async def test_a_photo_in_its_largest_size(
    channel: TelegramChannel, received: RecordingIntake, anna: Person
) -> None:
    anna.sends_photo(b"pretend that this is a picture" * 9, "What is this?")
    [message] = await received.has(1)
    assert message.text == "What is this?"
    [attachment] = message.attachments
    content = await channel.fetch(attachment.source, max_bytes=MEGABYTE)
    assert content == b"pretend that this is a picture" * 9


async def test_an_album(received: RecordingIntake, anna: Person) -> None:
    anna.sends_album([b"one", b"two", b"three"], "compare these")
    pieces = await received.has(3)
    assert {piece.group_id for piece in pieces} == {pieces[0].group_id}
    assert pieces[0].group_id
    assert [piece.text for piece in pieces] == ["compare these", "", ""]
    assert len({piece.attachments[0].source for piece in pieces}) == 3


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("scan.png", "image/png"), ("IMG.HEIC", "application/octet-stream"), ("x", "image/webp")],
)
async def test_a_picture_as_a_document(
    channel: TelegramChannel, received: RecordingIntake, anna: Person, name: str, media_type: str
) -> None:
    anna.sends_document(b"bytes as they are", name, media_type, "look")
    [message] = await received.has(1)
    assert (message.kind, message.text) == (InboundKind.MESSAGE, "look")
    [attachment] = message.attachments
    assert (attachment.name, attachment.media_type) == (name, media_type)
    content = await channel.fetch(attachment.source, max_bytes=MEGABYTE)
    assert content == b"bytes as they are"


async def test_any_other_document_is_named(received: RecordingIntake, anna: Person) -> None:
    anna.sends_document(b"%PDF", "a.pdf", "application/pdf", "read this")
    [message] = await received.has(1)
    assert (message.kind, message.what) == (InboundKind.UNSUPPORTED, "document")
    assert (message.text, message.attachments) == ("read this", ())


@pytest.mark.parametrize("kind", OTHER_KINDS)
async def test_other_kinds_are_named(received: RecordingIntake, anna: Person, kind: str) -> None:
    anna.sends_other(kind)
    [message] = await received.has(1)
    assert (message.kind, message.what) == (InboundKind.UNSUPPORTED, kind)


async def test_the_picture_of_the_replied_message(
    channel: TelegramChannel, received: RecordingIntake, anna: Person
) -> None:
    photo = anna.sends_photo(b"the picture")
    anna.says("what was that?", reply_to=photo)
    _, question = await received.has(2)
    assert question.reply_to == str(photo.id)
    assert question.attachments == ()
    [attachment] = question.reply_attachments
    assert await channel.fetch(attachment.source, max_bytes=MEGABYTE) == b"the picture"


async def test_edits(received: RecordingIntake, anna: Person) -> None:
    said = anna.says("Waht?")
    anna.edits(said, "What?")
    photo = anna.sends_photo(b"x", "tis")
    anna.edits(photo, "this")
    _, edit, _, caption = await received.has(4)
    assert (edit.kind, edit.text, edit.platform_id) == (InboundKind.EDIT, "What?", str(said.id))
    assert (caption.kind, caption.text) == (InboundKind.EDIT, "this")
    assert len(caption.attachments) == 1


async def test_a_button_is_noticed_after_it_is_recorded(
    telegram: FakeTelegram, channel: TelegramChannel, received: RecordingIntake, anna: Person
) -> None:
    message = OutboundMessage("It failed.", buttons=(SpokenButton("Try again", "retry:12"),))
    sent = await channel.send(key_of(anna), message)
    received.refuse = 1
    anna.presses(anna.chat.from_bot[0], "Try again")
    [press] = await received.has(1)
    assert (press.kind, press.action, press.platform_id) == (
        InboundKind.BUTTON,
        "retry:12",
        sent,
    )
    assert press.sender.external_id == str(anna.id)
    await anna.chat.until(lambda chat: chat.pressed_notes == [""])


async def test_long_pastes_may_continue(received: RecordingIntake, anna: Person) -> None:
    anna.pastes("word " * 1000)
    first, last = await received.has(2)
    assert first.may_continue
    assert not last.may_continue
    assert first.text + last.text == "word " * 1000


async def test_blocking_and_unblocking(received: RecordingIntake, anna: Person) -> None:
    anna.blocks_bot()
    anna.unblocks_bot()
    blocked, unblocked = await received.has(2)
    assert (blocked.kind, blocked.key) == (InboundKind.BLOCKED, key_of(anna))
    assert (unblocked.kind, unblocked.key) == (InboundKind.UNBLOCKED, key_of(anna))


async def test_groups_are_told_once(
    channel: TelegramChannel, received: RecordingIntake, anna: Person
) -> None:
    group = anna.adds_bot_to("Family")
    anna.says("hello all", chat=group)
    anna.says("/admin users", chat=group)  # nobody else is to read an answer to that
    anna.says("only to you")
    messages = await received.has(2)
    assert [message.kind for message in messages] == [InboundKind.GROUP, InboundKind.MESSAGE]
    assert messages[0].key.chat == str(group.id)
    assert messages[1].text == "only to you"
    await channel.leave(messages[0].key)
    assert group.refusal


async def test_the_own_name_behind_a_command(received: RecordingIntake, anna: Person) -> None:
    anna.says("/help@Whimbrel_Bot me")
    anna.says("/help@other_bot")
    own, other = await received.has(2)
    assert own.text == "/help me"
    assert other.text == "/help@other_bot"


async def test_strange_updates_do_not_stop_the_others(
    telegram: FakeTelegram, received: RecordingIntake, anna: Person
) -> None:
    inbox = telegram.world.inbox
    inbox.put_again({"update_id": 1, "something_new": {"id": 1}})
    inbox.put_again({"update_id": 2, "message": {"message_id": "seven"}})
    inbox.put_again(
        {
            "update_id": 3,
            "message": {
                "message_id": 7,
                "date": 1,
                "chat": {"id": anna.id, "type": "private"},
                "from": anna.user,
                "pinned_message": {},
            },
        }
    )
    anna.says("still here")
    [message] = await received.has(1)
    assert message.text == "still here"
    await telegram.world.called(
        "getUpdates", where=lambda call: call.parameters.get("offset", 0) > 100_000_000
    )
    assert not inbox.pending


async def test_files_that_cannot_be_had(
    telegram: FakeTelegram, channel: TelegramChannel, received: RecordingIntake, anna: Person
) -> None:
    anna.sends_document(b"x", "big.png", "image/png", claimed_size=30 * MEGABYTE)
    anna.sends_document(b"x" * 2000, "small.png", "image/png")
    big, small = [message.attachments[0] for message in await received.has(2)]
    assert big.size == 30 * MEGABYTE
    for source, limit, key in (
        (big.source, 50 * MEGABYTE, "refused-picture-too-large"),
        (small.source, 1000, "refused-picture-too-large"),
        ("no such file", MEGABYTE, "refused-picture-gone"),
    ):
        with pytest.raises(AttachmentError) as refusal:
            await channel.fetch(source, max_bytes=limit)
        assert refusal.value.key == key

    telegram.faults.drops("file", 2)  # the first is repeated at once
    with pytest.raises(NotSent):
        await channel.fetch(small.source, max_bytes=MEGABYTE)
    telegram.faults.answers("file", 404, "Not Found")
    with pytest.raises(AttachmentError) as refusal:
        await channel.fetch(small.source, max_bytes=MEGABYTE)
    assert refusal.value.key == "refused-picture-gone"
    async with asyncio.timeout(10):
        assert await channel.fetch(small.source, max_bytes=MEGABYTE) == b"x" * 2000
