"""Conversations, what is said in them, and what is left when it is erased."""

from __future__ import annotations

import asyncio

import pytest

from chat.conversations import Conversation, ConversationKey
from chat.messages import (
    AttachmentPart,
    AttachmentState,
    Message,
    Speaker,
    StoredPicture,
    TextPart,
)
from chat.outbound import Notice
from chat.people import Access, Role, Sender, User
from chat.turns import TurnResult, TurnState
from storage.database import Database, Transaction
from storage.errors import NotFound, WriteConflict
from tests.storage.conftest import Clock


def picture(sha256: str) -> StoredPicture:
    return StoredPicture(sha256, "image/png", 640, 480, 12345)


async def say(t: Transaction, conversation: Conversation, text: str, **more: object) -> Message:
    options = {"turn_id": None, **more}
    return await t.messages.add(
        conversation.id,
        speaker=Speaker.PERSON,
        parts=[TextPart(text)],
        **options,  # type: ignore[arg-type]
    )


async def exchange(t: Transaction, conversation: Conversation, text: str) -> int:
    """A question and its answer; the turn's id."""
    turn = await t.turns.open(conversation.id, state=TurnState.QUEUED)
    await say(t, conversation, text, turn_id=turn.id)
    [claimed] = await t.turns.claim("w", conversations=[conversation.id])
    result = TurnResult(turn.id, claimed.attempt, TurnState.ANSWERED, f"{text}!")
    assert await t.turns.finish(result)
    return turn.id


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


async def test_a_key_is_one_conversation_also_when_asked_five_times_at_once(
    database: Database, ada: User
) -> None:
    key = ConversationKey("web", "here", "ada", "t1")

    async def ensure() -> int:
        async with database.write() as t:
            return (await t.conversations.ensure(key, ada.id)).id

    assert len(set(await asyncio.gather(*(ensure() for _ in range(5))))) == 1
    async with database.read() as t:
        found = await t.conversations.by_key(key)
        assert found is not None
        assert (found.key, found.user_id, found.reachable) == (key, ada.id, True)
        assert await t.conversations.by_key(ConversationKey("web", "here", "ada", "t2")) is None


async def test_a_persons_conversations_are_listed_latest_first(
    database: Database, ada: User, chat: Conversation, clock: Clock
) -> None:
    async with database.write() as t:
        keys = [ConversationKey("web", "here", "ada", thread) for thread in "ab"]
        clock.advance(1)
        a = await t.conversations.ensure(keys[0], ada.id)
        clock.advance(1)
        b = await t.conversations.ensure(keys[1], ada.id)
        clock.advance(1)
        await t.conversations.ensure(keys[0], ada.id)
        assert [c.id for c in await t.conversations.of_user(ada.id)] == [a.id, b.id, chat.id]
        assert [c.id for c in await t.conversations.of_user(ada.id, channel="web", limit=1)] == [
            a.id
        ]
        await t.conversations.rename(a.id, "Bi\0rds")
        assert (await t.conversations.get(a.id)).title == "Birds"
        assert await t.conversations.touch(a.id) == 1
        await t.conversations.set_reachable(a.id, False)
        assert not (await t.conversations.get(a.id)).reachable


async def test_a_chat_that_moved_keeps_its_conversation(
    database: Database, chat: Conversation, ada: User
) -> None:
    async with database.write() as t:
        assert await t.conversations.move("telegram", "bot", "1", "-100") == 1
        assert (await t.conversations.get(chat.id)).key.chat == "-100"
        await t.conversations.ensure(ConversationKey("telegram", "bot", "1"), ada.id)
        with pytest.raises(WriteConflict):
            async with t.savepoint():
                await t.conversations.move("telegram", "bot", "1", "-100")


async def test_every_script_and_odd_character_comes_back_as_it_was(
    database: Database, chat: Conversation
) -> None:
    text = 'שלום 👩‍👩‍👧 "quotes" \\ \u202e \u2028 \x07 \0 end'
    async with database.write() as t:
        await say(t, chat, text)
        broken = await say(t, chat, "half \ud83d a pair")
    async with database.read() as t:
        assert texts(await t.messages.transcript(chat.id)) == [text, "half ? a pair"]
        assert (await t.messages.get(broken.id)).text == "half ? a pair"


async def test_history_goes_turn_by_turn_up_to_the_one_being_answered(
    database: Database, chat: Conversation
) -> None:
    async with database.write() as t:
        first = await t.turns.open(chat.id, state=TurnState.QUEUED)
        await say(t, chat, "1", turn_id=first.id)
        second = await t.turns.open(chat.id, state=TurnState.QUEUED)
        await say(t, chat, "2", turn_id=second.id)
        await say(t, chat, "not of any turn")
        await say(t, chat, "1b", turn_id=first.id)
        [claimed] = await t.turns.claim("w")
        await t.turns.finish(TurnResult(first.id, claimed.attempt, TurnState.ANSWERED, "one"))
        assert texts(await t.messages.history(chat.id)) == ["1", "1b", "one", "2"]
        upto = await t.messages.history_up_to(chat.id, first.id)
        assert texts(upto) == ["1", "1b", "one"]
        newest = await t.messages.history_up_to(chat.id, second.id, most=2)
        assert texts(newest) == ["one", "2"]
        assert texts(await t.messages.of_turn(second.id)) == ["2"]


async def test_beginning_anew_leaves_the_past_out_of_prompts_only(
    database: Database, chat: Conversation
) -> None:
    async with database.write() as t:
        old = await exchange(t, chat, "old")
        open_turn = await t.turns.open(chat.id, state=TurnState.QUEUED)
        await say(t, chat, "under way", turn_id=open_turn.id)
        revision = (await t.conversations.get(chat.id)).revision
        await t.conversations.begin_anew(chat.id)
        assert (await t.conversations.get(chat.id)).revision == revision + 1
        now = await t.messages.history_up_to(chat.id, open_turn.id)
        assert texts(now) == ["under way"]
        new = await t.turns.open(chat.id, state=TurnState.QUEUED)
        await say(t, chat, "new", turn_id=new.id)
        assert texts(await t.messages.history_up_to(chat.id, new.id)) == ["new"]
        assert texts(await t.messages.history(chat.id)) == ["new"]
        assert texts(await t.messages.history_up_to(chat.id, old)) == ["old", "old!"]
        assert len(await t.messages.transcript(chat.id)) == 4


async def test_an_edit_takes_the_place_of_what_was_said(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    async with database.write() as t:
        turn = await t.turns.open(chat.id, state=TurnState.QUEUED)
        old = await say(t, chat, "helo", turn_id=turn.id, platform_id="m1")
        clock.advance(1)
        await say(t, chat, "there", turn_id=turn.id, platform_id="m2")
        clock.advance(1)
        new = await t.messages.replace(old.id, [TextPart("hello")])
        assert texts(await t.messages.transcript(chat.id)) == ["hello", "there"]
        assert texts(await t.messages.of_turn(turn.id)) == ["hello", "there"]
        assert await t.messages.by_platform_id(chat.id, "m1") == new
        assert await t.messages.by_platform_id(chat.id, "m3") is None
        assert (await t.messages.get(old.id)).text == "helo"  # the row itself stays as it was
        with pytest.raises(NotFound):
            await t.messages.replace(old.id, [TextPart("again")])


async def test_a_transcript_is_read_page_by_page(
    database: Database, chat: Conversation, clock: Clock
) -> None:
    async with database.write() as t:
        said = []
        for number in range(7):
            said.append(await say(t, chat, str(number)))
            clock.advance(number % 2)  # some share their second
        last = await t.messages.transcript(chat.id, limit=3)
        assert texts(last) == ["4", "5", "6"]
        before = await t.messages.transcript(chat.id, before=last[0].id, limit=3)
        assert texts(before) == ["1", "2", "3"]
        assert texts(await t.messages.transcript(chat.id, before=said[1].id)) == ["0"]


async def test_a_message_joins_a_turn(database: Database, chat: Conversation) -> None:
    async with database.write() as t:
        message = await say(t, chat, "hi")
        turn = await t.turns.open(chat.id, state=TurnState.QUEUED)
        await t.messages.attach_to_turn(message.id, turn.id)
        assert texts(await t.messages.of_turn(turn.id)) == ["hi"]
        with pytest.raises(NotFound):
            await t.messages.attach_to_turn(message.id + 1, turn.id)


async def test_an_attachment_is_fetched_by_one_at_a_time(
    database: Database, chat: Conversation, ada: User, clock: Clock
) -> None:
    async with database.write() as t:
        first = await t.attachments.add(chat.id, ada.id, source="file-1", name="cat.png")
        second = await t.attachments.add(chat.id, ada.id, source="file-2")
        stored = await t.attachments.add(chat.id, ada.id, picture=picture("aa"))
        assert (stored.state, stored.picture) == (AttachmentState.READY, picture("aa"))

    async def take(limit: int = 9) -> list[tuple[int, int]]:
        async with database.write() as t:
            found = await t.attachments.pending(limit, lease_owner="b", lease_seconds=30)
        assert all((p.key, p.user_id) == (chat.key, ada.id) for p in found)
        return [(pending.attachment.id, pending.tries) for pending in found]

    taken = await asyncio.gather(take(1), take(1), take(1))
    assert sorted(len(one) for one in taken) in ([0, 1, 1], [0, 0, 1])
    await take()
    assert await take() == []
    async with database.write() as t:
        assert await t.attachments.ready(first.id, picture("bb"))
        assert not await t.attachments.ready(first.id, picture("cc"))
        assert not await t.attachments.refuse(first.id, "refused-picture-type")
        await t.attachments.release(second.id, after=5)
    assert await take() == []
    clock.advance(5)
    assert await take() == [(second.id, 2)]
    clock.advance(30)
    assert await take() == [(second.id, 3)]
    async with database.write() as t:
        assert await t.attachments.refuse(second.id, "refused-picture-type")
        found = await t.attachments.get_many([first.id, second.id, stored.id, 99])
        assert set(found) == {first.id, second.id, stored.id}
        assert found[first.id].picture == picture("bb")
        assert found[first.id].name == "cat.png"
        assert found[second.id].problem == "refused-picture-type"
        assert await t.attachments.get(stored.id) == stored
        assert await t.attachments.owner(stored.id) == ada.id
        assert await t.attachments.get_many([]) == {}
        assert await t.attachments.referenced("bb")
        assert not await t.attachments.referenced("cc")


async def _picture_message(
    t: Transaction, conversation: Conversation, user: User, sha256: str
) -> None:
    attachment = await t.attachments.add(conversation.id, user.id, picture=picture(sha256))
    await t.messages.add(
        conversation.id,
        speaker=Speaker.PERSON,
        parts=[AttachmentPart(attachment.id), TextPart("look")],
        turn_id=None,
        user_id=user.id,
    )


async def test_a_deleted_conversation_leaves_nothing_to_read(
    database: Database, chat: Conversation, ada: User
) -> None:
    async with database.write() as t:
        other = await t.conversations.ensure(ConversationKey("web", "here", "ada"), ada.id)
        await _picture_message(t, chat, ada, "only-here")
        await _picture_message(t, chat, ada, "elsewhere-too")
        await _picture_message(t, other, ada, "elsewhere-too")
        await exchange(t, chat, "secret")
        turn = await t.turns.open(chat.id, state=TurnState.QUEUED)
        await say(t, chat, "more", turn_id=turn.id, platform_id="m9")
        await t.turns.claim("w")
        await t.outbound.add_notice(chat.id, Notice("hello"))
        assert await t.conversations.delete(chat.id) == ["only-here"]
        assert not await t.turns.finish(TurnResult(turn.id, 1, TurnState.ANSWERED, "too late"))
    async with database.write() as t:
        assert await t.messages.transcript(chat.id) == []
        assert await t.messages.history(chat.id) == []
        assert await t.messages.by_platform_id(chat.id, "m9") is None
        assert await t.outbound.notices(chat.id) == []
        assert [c.id for c in await t.conversations.of_user(ada.id)] == [other.id]
        assert await t.conversations.by_key(chat.key) is None
        assert (await t.turns.get(turn.id)).state is TurnState.CANCELLED
        assert not await t.turns.restart(turn.id, in_place=True)
        with pytest.raises(NotFound):
            await t.conversations.delete(chat.id)
        begun = await t.conversations.ensure(chat.key, ada.id)
        assert begun.id == chat.id
        assert await t.messages.transcript(begun.id) == []


async def test_an_erased_person_is_gone_and_their_neighbour_is_not(
    database: Database, chat: Conversation, ada: User
) -> None:
    async with database.write() as t:
        bo = await t.users.ensure("telegram", Sender("2", "Bo"))
        bos = await t.conversations.ensure(ConversationKey("telegram", "bot", "2"), bo.id)
        await _picture_message(t, chat, ada, "mine")
        await _picture_message(t, chat, ada, "shared")
        await _picture_message(t, bos, bo, "shared")
        await exchange(t, chat, "my secret")
        token = await t.web_sessions.add(ada.id, lifetime=99)
        code = await t.codes.add("invitation", user_id=ada.id)
        await t.users.set_role(ada.id, Role.OWNER)
        assert len(await t.messages.of_user(ada.id)) == 4
        assert await t.messages.erase_of_user(ada.id) == ["mine"]
        await t.users.erase(ada.id)
    async with database.write() as t:
        assert await t.messages.of_user(ada.id) == []
        erased = await t.users.get(ada.id)
        assert (erased.name, erased.role, erased.access) == ("", Role.MEMBER, Access.STRANGER)
        assert await t.users.identities(ada.id) == []
        assert await t.conversations.of_user(ada.id) == []
        assert await t.web_sessions.get(token) is None
        assert await t.codes.redeem(code) is None
        assert texts(await t.messages.of_user(bo.id)) == ["look"]
        again = await t.users.ensure("telegram", Sender("1", "Ada"))
        assert again.id != ada.id
        begun = await t.conversations.ensure(chat.key, again.id)
        assert (begun.id, begun.user_id) == (chat.id, again.id)
        assert await t.messages.of_user(again.id) == []


async def test_one_persons_queries_never_return_anothers(
    database: Database, chat: Conversation, ada: User
) -> None:
    async with database.write() as t:
        bo = await t.users.ensure("telegram", Sender("2", "Bo"))
        bos = await t.conversations.ensure(ConversationKey("telegram", "bot", "2"), bo.id)
        await exchange(t, chat, "ada's")
        await exchange(t, bos, "bo's")
        for user, conversation, said in ((ada, chat, "ada's"), (bo, bos, "bo's")):
            expected = [said, f"{said}!"]
            assert texts(await t.messages.of_user(user.id)) == expected
            assert texts(await t.messages.history(conversation.id)) == expected
            assert texts(await t.messages.transcript(conversation.id)) == expected
            assert [c.id for c in await t.conversations.of_user(user.id)] == [conversation.id]
