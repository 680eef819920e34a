"""The fake Telegram, driven with aiogram as a client that we did not write."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from PIL import Image

from tests.fakes.telegram import TOKEN, FakeTelegram, Person
from tests.fakes.telegram.others import OTHER_KINDS


def picture(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(buffer, "JPEG")
    return buffer.getvalue()


@asynccontextmanager
async def client(telegram: FakeTelegram, token: str = TOKEN) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    yield Bot(token, session=session)
    # session.close() of aiogram would sleep a quarter of a second besides
    await (await session.create_session()).close()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with client(telegram) as bot:
        yield bot


@pytest.fixture
def anna(telegram: FakeTelegram) -> Person:
    return telegram.person("Anna", language="de")


async def receive(bot: Bot, offset: int = 0) -> list[Update]:
    return await bot.get_updates(offset=offset, timeout=5)


async def test_a_conversation(bot: Bot, anna: Person) -> None:
    said = anna.says("Hello")
    [update] = await receive(bot)
    assert update.message is not None
    assert (update.message.text, update.message.message_id) == ("Hello", said.id)
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "de"

    sent = await bot.send_message(
        anna.id, "Hi", reply_parameters=ReplyParameters(message_id=said.id)
    )
    await bot.edit_message_text("Hi, Anna", chat_id=anna.id, message_id=sent.message_id)
    shown = await anna.chat.shows("Hi, Anna")
    assert shown.reply_to == said.id
    assert [version.text for version in shown.versions] == ["Hi", "Hi, Anna"]
    assert [one.text for one in anna.chat.messages] == ["Hello", "Hi, Anna"]

    await bot.delete_message(anna.id, sent.message_id)
    assert anna.chat.from_bot == []


async def test_updates_come_again_until_the_offset_confirms_them(bot: Bot, anna: Person) -> None:
    anna.says("one")
    anna.says("two")
    first, second = await receive(bot)
    assert [update.update_id for update in await receive(bot)] == [
        first.update_id,
        second.update_id,
    ]
    [left] = await receive(bot, offset=second.update_id)
    assert left.message is not None
    assert left.message.text == "two"
    assert await bot.get_updates(offset=second.update_id + 1, timeout=0) == []


async def test_long_polling_answers_when_something_is_said(
    telegram: FakeTelegram, bot: Bot, anna: Person
) -> None:
    waiting = asyncio.create_task(receive(bot))
    await telegram.world.called("getUpdates")
    anna.says("at last")
    [update] = await waiting
    assert update.message is not None
    assert update.message.text == "at last"


async def test_allowed_updates_are_remembered(bot: Bot, anna: Person) -> None:
    await bot.get_updates(allowed_updates=["message"])
    anna.blocks_bot()
    said = anna.says("still here")
    [update] = await receive(bot)
    assert update.message is not None
    assert update.message.message_id == said.id


async def test_a_second_poller_ends_the_first(
    telegram: FakeTelegram, bot: Bot, anna: Person
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.world.called("getUpdates")
    async with client(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
            await first
        anna.says("for the second")
        assert len(await second) == 1


async def test_pictures_albums_and_files(bot: Bot, anna: Person) -> None:
    red, blue = picture("red"), picture("blue")
    anna.sends_album([red, blue], "two pictures")
    anna.sends_document(blue, "blue.jpg", "image/jpeg")
    one, two, three = [update.message for update in await receive(bot)]
    assert one is not None
    assert two is not None
    assert three is not None
    assert one.media_group_id == two.media_group_id
    assert (one.caption, two.caption) == ("two pictures", None)
    assert one.photo is not None
    assert two.photo is not None
    assert (one.photo[-1].width, one.photo[-1].height) == (320, 200)
    for file, expected in ((one.photo[-1], red), (two.photo[-1], blue), (three.document, blue)):
        assert file is not None
        downloaded = await bot.download(file)
        assert downloaded is not None
        assert downloaded.read() == expected


async def test_a_file_that_is_too_large_or_unknown(bot: Bot, anna: Person) -> None:
    anna.sends_document(b"x", "big.zip", "application/zip", claimed_size=30_000_000)
    [update] = await receive(bot)
    assert update.message is not None
    assert update.message.document is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(update.message.document.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file_id"):
        await bot.get_file("nothing")


async def test_the_bot_sends_files_as_multipart(bot: Bot, anna: Person) -> None:
    export = BufferedInputFile(b"PK\x03\x04\r\n--x", "export.zip")
    await bot.send_document(anna.id, export, caption="Yours")
    await bot.send_photo(anna.id, BufferedInputFile(picture(), "red.jpg"))
    document, photo = anna.chat.from_bot
    assert document.body["document"]["file_name"] == "export.zip"
    assert (document.text, document.content) == ("Yours", b"PK\x03\x04\r\n--x")
    assert photo.content == picture()


async def test_buttons(bot: Bot, anna: Person) -> None:
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Retry", callback_data="retry:1")]]
    )
    await bot.send_message(anna.id, "It failed", reply_markup=markup)
    shown = anna.chat.from_bot[0]
    assert shown.buttons == ["Retry"]
    anna.presses(shown, "Retry")
    [update] = await receive(bot)
    assert update.callback_query is not None
    assert update.callback_query.data == "retry:1"
    await bot.answer_callback_query(update.callback_query.id, text="Again")
    assert anna.chat.pressed_notes == ["Again"]
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(update.callback_query.id)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("🐦" * 2049, "message is too long"),
    ],
)
async def test_texts_that_telegram_refuses(bot: Bot, anna: Person, text: str, refusal: str) -> None:
    with pytest.raises(TelegramBadRequest, match=refusal):
        await bot.send_message(anna.id, text)
    assert anna.chat.messages == []


async def test_the_longest_text_is_counted_in_utf16(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "🐦" * 2048)
    assert anna.chat.from_bot[0].text == "🐦" * 2048


@pytest.mark.parametrize(
    ("offset", "length", "refusal"),
    [
        (0, 5, "ends after the end of the text at UTF-16 offset 5"),
        (9, 1, "begins after the end of the text"),
        (3, 1, "begins in a middle of a UTF-16 symbol"),
        (0, 3, "ends in a middle of a UTF-16 symbol"),
    ],
)
async def test_entities_must_fit_the_text(
    bot: Bot, anna: Person, offset: int, length: int, refusal: str
) -> None:
    bold = MessageEntity(type="bold", offset=offset, length=length)
    with pytest.raises(TelegramBadRequest, match=refusal):
        await bot.send_message(anna.id, "ab🐦", entities=[bold])


async def test_entities_and_html(bot: Bot, anna: Person) -> None:
    bold = MessageEntity(type="bold", offset=2, length=2)
    await bot.send_message(anna.id, "ab🐦", entities=[bold])
    await bot.send_message(anna.id, "a <b>bold</b> word", parse_mode="HTML")
    plain, html = anna.chat.from_bot
    assert plain.entities[0]["offset"] == 2
    assert (html.text, html.entities) == (
        "a bold word",
        [{"type": "bold", "offset": 2, "length": 4}],
    )
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(anna.id, "a <b>bold word", parse_mode="HTML")


async def test_edits_that_telegram_refuses(bot: Bot, anna: Person) -> None:
    said = anna.says("mine")
    sent = await bot.send_message(anna.id, "text")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("text ", chat_id=anna.id, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("new", chat_id=anna.id, message_id=999)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("new", chat_id=anna.id, message_id=said.id)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(anna.id, "x", reply_parameters=ReplyParameters(message_id=999))
    assert [version.text for version in anna.chat.from_bot[0].versions] == ["text"]


async def test_who_may_not_be_written_to(telegram: FakeTelegram, bot: Bot, anna: Person) -> None:
    anna.blocks_bot()
    [update] = await receive(bot)
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "hi")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(1, "hi")
    async with client(telegram, "700002:AAWrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()
    async with client(telegram, "7:bad.token") as stranger:
        with pytest.raises(TelegramNotFound):
            await stranger.get_me()


async def test_groups(bot: Bot, anna: Person) -> None:
    group = anna.adds_bot_to("Family")
    member, message = await receive(bot)
    assert member.my_chat_member is not None
    assert member.my_chat_member.chat.type == "group"
    assert message.message is not None
    assert message.message.new_chat_members is not None
    await bot.send_message(group.id, "later")
    await bot.leave_chat(group.id)
    with pytest.raises(TelegramForbiddenError, match="not a member of the group"):
        await bot.send_message(group.id, "hello?")
    with pytest.raises(TelegramBadRequest, match="private chats"):
        await bot.leave_chat(anna.id)


async def test_flood_limits_of_a_chat(telegram: FakeTelegram, bot: Bot, anna: Person) -> None:
    for number in range(5):
        await bot.send_message(anna.id, f"{number}")
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_chat_action(anna.id, "typing")
    assert refused.value.retry_after == 3
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(anna.id, "too early")
    assert telegram.world.limits.early == 1
    assert len(anna.chat.from_bot) == 5


async def test_flood_limits_overall(telegram: FakeTelegram, bot: Bot) -> None:
    people = [telegram.person(f"P{number}") for number in range(32)]
    sends = [bot.send_message(person.id, "hi") for person in people]
    results = await asyncio.gather(*sends, return_exceptions=True)
    assert sum(isinstance(result, TelegramRetryAfter) for result in results) in (1, 2)


async def test_webhook(telegram: FakeTelegram, bot: Bot, anna: Person) -> None:
    posts: list[tuple[str, bytes]] = []
    statuses = [500, 200, 200]
    arrived = asyncio.Event()

    async def hook(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        secret = head.partition("secret-token: ")[2].partition("\r\n")[0]
        posts.append((secret, await reader.readexactly(length)))
        status = statuses.pop(0)
        writer.write(
            f"HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        )
        writer.close()
        await writer.wait_closed()
        if not statuses:
            arrived.set()

    anna.says("before")
    async with await asyncio.start_server(hook, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s-1_x")
        anna.says("after")
        async with asyncio.timeout(30):
            await arrived.wait()
        texts = [Update.model_validate_json(body).message for _, body in posts]
        assert [message and message.text for message in texts] == ["before", "before", "after"]
        assert {secret for secret, _ in posts} == {"s-1_x"}
        with pytest.raises(TelegramConflictError, match="while webhook is active"):
            await bot.get_updates()
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 500"
        await bot.delete_webhook()
    assert await bot.get_updates() == []


async def test_faults(telegram: FakeTelegram, bot: Bot, anna: Person) -> None:
    telegram.faults.loses_answer("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "lost answer")
    telegram.faults.drops("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "lost question")
    telegram.faults.answers("sendMessage", 502, "Bad Gateway")
    with pytest.raises(TelegramServerError):
        await bot.send_message(anna.id, "refused")
    telegram.faults.floods("sendMessage", 7)
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(anna.id, "flooded")
    assert flood.value.retry_after == 7
    assert [shown.text for shown in anna.chat.from_bot] == ["lost answer"]


async def test_link_previews_and_the_small_things(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "see https://example.org/x")
    off = LinkPreviewOptions(is_disabled=True)
    await bot.send_message(anna.id, "see https://example.org/x", link_preview_options=off)
    assert [shown.preview for shown in anna.chat.from_bot] == [True, False]
    shown = anna.chat.from_bot[0]
    await bot.set_message_reaction(anna.id, shown.id, [ReactionTypeEmoji(emoji="👍")])
    assert anna.chat.reactions == {shown.id: ["👍"]}
    await bot.send_message_draft(anna.id, draft_id=1, text="thinking")
    assert [draft.text for draft in anna.chat.drafts] == ["thinking"]
    await bot.set_my_commands([BotCommand(command="help", description="Hilfe")], language_code="de")
    [command] = await bot.get_my_commands(language_code="de")
    assert command.description == "Hilfe"
    assert (await bot.get_chat(anna.id)).first_name == "Anna"
    assert (await bot.get_me()).username == "whimbrel_bot"


@pytest.mark.parametrize(
    "kind",
    OTHER_KINDS,
)
async def test_other_kinds_are_valid_messages(bot: Bot, anna: Person, kind: str) -> None:
    anna.sends_other(kind)
    [update] = await receive(bot)
    assert update.message is not None
    assert getattr(update.message, kind) is not None


async def test_edits_topics_replies_and_pastes(bot: Bot, anna: Person) -> None:
    said = anna.says("a question", thread=7)
    anna.edits(said, "a better question")
    anna.says("about that", reply_to=said)
    pieces = anna.pastes("🐦" * 3000)
    first, edited, reply, *pasted = await receive(bot)
    assert first.message is not None
    assert first.message.message_thread_id == 7
    assert edited.edited_message is not None
    assert edited.edited_message.text == "a better question"
    assert reply.message is not None
    assert reply.message.reply_to_message is not None
    assert [len(piece.text) for piece in pieces] == [2048, 952]
    assert len(pasted) == 2


async def test_unknown_parameters_are_violations() -> None:
    async with FakeTelegram() as telegram, client(telegram) as bot:
        anna = telegram.person()
        url = f"{telegram.url}/bot{TOKEN}/sendMessage"
        session = await bot.session.create_session()  # type: ignore[attr-defined]
        for wrong in ({"chat_id": anna.id, "txt": "hi"}, {"chat_id": anna.id, "text": 5}):
            async with session.post(url, json=wrong) as answer:
                assert answer.status == 400
        assert len(telegram.violations) == 2
        assert 'no parameter "txt"' in telegram.violations[0]


async def test_going_offline_and_coming_back(
    telegram: FakeTelegram, bot: Bot, anna: Person
) -> None:
    await telegram.goes_offline()
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "hi")
    await telegram.comes_back()
    await bot.send_message(anna.id, "hi again")
    assert [shown.text for shown in anna.chat.from_bot] == ["hi again"]
