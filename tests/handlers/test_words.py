"""Bad input in words: each gets a sentence, none is lost, none breaks anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.inbound import InboundKind
from handlers.cleaning import clean
from handlers.commands import parse_command
from handlers.settings import StaffSettings
from tests.handlers.world import World


@pytest.mark.parametrize("text", [" \n\t ", "\u200b\u2060 \ufeff"])
async def test_a_message_of_which_nothing_is_seen_is_answered_in_words(
    world: World, text: str
) -> None:
    ada = world.person("1")
    await ada.says(text)
    assert await ada.last_words() == (
        "There was nothing in that message. Write me something, or send me a picture."
    )
    assert await ada.turns() == []


async def test_a_hundred_thousand_characters_are_one_question(world: World) -> None:
    ada = world.person("1", channel="web")
    text = "word " * 19_999 + "words"
    assert len(text) == 100_000
    await ada.says(text)
    assert await ada.questions() == [text]


async def test_more_than_that_is_refused_in_words(world: World) -> None:
    ada = world.person("1", channel="web")
    await ada.says("x" * 100_001)
    assert "100,000 characters" in await ada.last_words()
    assert await ada.turns() == []


@pytest.mark.parametrize("text", ["🐦", "👩‍👩‍👧‍👦❤️‍🔥", "🏳️‍🌈🏴󠁧󠁢󠁷󠁬󠁳󠁿"])
async def test_only_emoji_are_a_question(world: World, text: str) -> None:
    ada = world.person("1")
    await ada.says(text)
    assert await ada.questions() == [text]


async def test_control_characters_go_and_direction_marks_stay(world: World) -> None:
    ada = world.person("1")
    await ada.says("a\x00b\x1b[31m\r\n\u202eשלום\u200f\tc\x85")
    assert await ada.questions() == ["ab[31m\n\u202eשלום\u200f\tc"]


async def test_half_a_surrogate_pair_can_be_stored(world: World) -> None:
    ada = world.person("1", name="A\ud83d")
    await ada.says("broken \ud83d, whole \ud83d\udc26")
    assert await ada.questions() == ["broken \ufffd, whole 🐦"]


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_can_always_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert "\r" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean(cleaned) == cleaned


async def test_an_unknown_command_is_named_and_help_offered(world: World) -> None:
    ada = world.person("1", language="de")
    await ada.says("/fly home")
    assert await ada.last_words() == "/fly kenne ich nicht. /help zeigt, was ich kann."
    assert await ada.turns() == []


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("/start", ("start", "")),
        ("/START abc", ("start", "abc")),
        ("/help@whimbrel_bot", ("help", "")),
        ("/invite@whimbrel_bot  3  14 ", ("invite", "3  14")),
        ("/invite\n3", ("invite", "3")),
        ("/etc/passwd", None),
        ("/", None),
        ("/ help", None),
        ("see /help", None),
        ("/-", None),
        ("/über", None),
    ],
)
def test_what_a_command_is(text: str, parsed: tuple[str, str] | None) -> None:
    assert parse_command(text) == parsed


async def test_a_slash_elsewhere_is_text(world: World) -> None:
    ada = world.person("1")
    await ada.says("/etc/passwd, what is it?")
    assert await ada.questions() == ["/etc/passwd, what is it?"]


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("voice", "voice messages"),
        ("sticker", "sticker"),
        ("video", "videos"),
        ("video_note", "videos"),
        ("document", "files"),
        ("location", "map"),
        ("poll", "polls"),
        ("dice", "kind of message"),
    ],
)
async def test_every_other_kind_gets_one_sentence(world: World, what: str, word: str) -> None:
    ada = world.person("1")
    await ada.says(kind=InboundKind.UNSUPPORTED, what=what)
    assert word in await ada.last_words()
    assert len(await ada.notices()) == 1


async def test_a_group_is_told_that_groups_come_later_and_left(world: World) -> None:
    group = world.person("1", chat="-100")
    await group.says(kind=InboundKind.GROUP)
    async with world.database.write() as tx:
        jobs = await tx.outbound.take(
            "bot-1", lease_seconds=10, channels=[("telegram", "bot")], limit=10
        )
    assert [(job.row.kind.value, job.key.chat) for job in jobs] == [("leave", "-100")]
    assert jobs[0].row.notice is not None
    assert "Groups come later" in world.texts.say(jobs[0].row.notice, "en")


async def test_an_owner_is_told_how_a_group_becomes_the_one_for_moderators(world: World) -> None:
    ada, group = world.person("1"), world.person("1", chat="-100")
    await ada.says("hello")
    await world.promote(await ada.user())
    await group.says(kind=InboundKind.GROUP)
    async with world.database.write() as tx:
        jobs = await tx.outbound.take(
            "bot-1", lease_seconds=10, channels=[("telegram", "bot")], limit=10
        )
    (notice,) = [job.row.notice for job in jobs if job.key.chat == "-100"]
    assert notice is not None
    assert "MODERATORS_CHAT=telegram:-100" in world.texts.say(notice, "en")
    world.staff = StaffSettings(moderators_chat="telegram:-200")
    world.rewire()
    await world.person("1", chat="-200").says(kind=InboundKind.GROUP)
    await world.person("7", chat="-300").says(
        kind=InboundKind.GROUP_BUTTON, action="desk:dismiss-1", press_id="p"
    )
    async with world.database.read() as tx:
        for chat in ("-200", "-300"):
            key = world.person("1", chat=chat).key
            assert await tx.conversations.by_key(key) is None
        assert await tx.users.by_identity("telegram", "7") is None


async def test_somebody_who_blocks_us_is_not_written_to_until_they_are_back(world: World) -> None:
    ada = world.person("1")
    await ada.says("Hello")
    await ada.says(kind=InboundKind.BLOCKED)
    assert not (await ada.conversation()).reachable
    assert await ada.turns() == []
    await ada.says(kind=InboundKind.UNBLOCKED)
    assert (await ada.conversation()).reachable
    await ada.says(kind=InboundKind.BLOCKED)
    await ada.says("I am back")
    assert (await ada.conversation()).reachable
