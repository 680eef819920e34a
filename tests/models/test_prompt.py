"""What a prompt is made of, and what is left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat.conversations import ConversationKey
from chat.messages import (
    Attachment,
    AttachmentPart,
    AttachmentState,
    Message,
    Part,
    Speaker,
    StoredPicture,
    TextPart,
)
from chat.persona import Persona
from chat.turns import ClaimedTurn
from models.endpoint.engine import HttpEngine
from models.engine import Prompt, PromptPicture, PromptText
from models.errors import PromptTooLong
from models.history import History
from models.prompt import PromptBuilder, readable
from models.window import REFILL, first_kept

SUNDAY = 1_795_341_600.0  # 22 November 2026, 10:00 UTC


def claimed(turn_id: int = 1, language: str = "en") -> ClaimedTurn:
    key = ConversationKey("telegram", "bot", "1")
    return ClaimedTurn(turn_id, 1, 1, key, 1, "Ada", language, 0, False, SUNDAY)


def engine(*, window: int = 4000, pictures: int = 5) -> HttpEngine:
    """An engine that is only asked for its limits and counts."""
    return HttpEngine("http://127.0.0.1:9/v1", context_window=window, max_pictures=pictures)


def said(turn_id: int, *parts: str | int, by: Speaker = Speaker.PERSON) -> Message:
    """Words, and attachments by their ids."""
    spoken: tuple[Part, ...] = tuple(
        TextPart(part) if isinstance(part, str) else AttachmentPart(part) for part in parts
    )
    return Message(0, 1, turn_id, by, spoken, 0.0)


def ready(attachment_id: int) -> Attachment:
    picture = StoredPicture(str(attachment_id) * 64, "image/jpeg", 100, 80, 1000)
    return Attachment(attachment_id, 1, AttachmentState.READY, picture=picture)


def build(
    *messages: Message,
    attachments: Sequence[Attachment] = (),
    window: int = 4000,
    pictures: int = 5,
    max_tokens: int = 500,
) -> Prompt:
    turn_id = messages[-1].turn_id
    assert turn_id is not None
    history = History(
        tuple(message for message in messages if message.turn_id != turn_id),
        tuple(message for message in messages if message.turn_id == turn_id),
        {attachment.id: attachment for attachment in attachments},
    )
    return PromptBuilder(persona=Persona(), clock=lambda: SUNDAY).build(
        claimed(turn_id),
        history,
        engine=engine(window=window, pictures=pictures),
        max_tokens=max_tokens,
    )


def shown(prompt: Prompt) -> list[tuple[str, str]]:
    """Roles and words, pictures as <number>."""
    return [
        (
            message.role,
            " ".join(
                part.text if isinstance(part, PromptText) else f"<{part.sha256[0]}>"
                for part in message.parts
            ),
        )
        for message in prompt.messages[1:]
    ]


def test_the_system_message_says_who_and_when() -> None:
    builder = PromptBuilder(
        persona=Persona("Curlew", "Be brief.", timezone="Pacific/Auckland"), clock=lambda: SUNDAY
    )
    told = "You are Curlew, an assistant in a messenger. Today is Sunday, 22 November 2026."
    shipped = replace(engine().info, demonstration=True)
    assert builder.system(claimed(), shipped) == f"{told}\nBe brief."
    other = builder.system(claimed(language="de"), engine().info)
    assert other.startswith(f"{told}\nBe brief.\n")
    assert "de" in other.removeprefix(told)


def test_the_day_is_the_operators() -> None:
    late = SUNDAY + 13 * 3600
    utc = PromptBuilder(persona=Persona(), clock=lambda: late)
    auckland = PromptBuilder(persona=Persona(timezone="Pacific/Auckland"), clock=lambda: late)
    assert "Sunday, 22 November" in utc.system(claimed(), engine().info)
    assert "Monday, 23 November" in auckland.system(claimed(), engine().info)


def test_words_and_pictures_stay_in_the_order_they_were_said() -> None:
    prompt = build(said(1, "One", 1, "two", 2), attachments=[ready(1), ready(2)])
    assert shown(prompt) == [("user", "One <1> two <2>")]


def test_messages_of_one_speaker_become_one() -> None:
    prompt = build(
        said(1, "Unanswered"),
        said(2, "Hello"),
        said(2, "Hi!", by=Speaker.ASSISTANT),
        said(3, 1),
        said(3, "what?"),
        attachments=[ready(1)],
    )
    assert shown(prompt) == [
        ("user", "Unanswered\nHello"),
        ("assistant", "Hi!"),
        ("user", "<1> what?"),
    ]


@pytest.mark.parametrize(
    ("attachment", "marker"),
    [
        (None, "deleted"),
        (Attachment(1, 1, AttachmentState.PENDING), "not arrived"),
        (Attachment(1, 1, AttachmentState.REFUSED, problem="x"), "could not be read"),
    ],
)
def test_a_picture_that_is_not_there_is_told_in_words(
    attachment: Attachment | None, marker: str
) -> None:
    prompt = build(said(1, 1, "what?"), attachments=[attachment] if attachment else [])
    assert prompt.pictures == []
    assert marker in shown(prompt)[0][1]


def test_the_newest_pictures_are_kept() -> None:
    prompt = build(
        said(1, 1, 2, "look"),
        said(2, 3, "and this"),
        attachments=[ready(1), ready(2), ready(3)],
        pictures=2,
    )
    assert [picture.sha256[0] for picture in prompt.pictures] == ["2", "3"]
    assert "earlier picture" in shown(prompt)[0][1]


def test_where_none_is_taken_the_model_hears_that_it_cannot_see() -> None:
    prompt = build(said(1, 1, "look"), attachments=[ready(1)], pictures=0)
    assert prompt.pictures == []
    assert "cannot see" in shown(prompt)[0][1]


def test_control_characters_are_left_out_and_everything_else_kept() -> None:
    assert readable("a\x00b\x1b[31m\u202eabc\u202c\n\té\ud800🙂\x85") == (
        "ab[31m\u202eabc\u202c\n\té🙂"
    )


def conversation(turns: int, words: int) -> list[Message]:
    """Questions and answers, the last question unanswered."""
    messages = []
    for turn in range(1, turns + 1):
        messages.append(said(turn, f"question {turn} " + "word " * words))
        messages.append(said(turn, f"answer {turn} " + "word " * words, by=Speaker.ASSISTANT))
    return messages[:-1]


def test_the_oldest_turns_go_and_the_current_one_stays() -> None:
    prompt = build(*conversation(30, 50), window=2000)
    said_now = shown(prompt)
    assert said_now[0][0] == "user"
    assert said_now[-1][1].startswith("question 30 ")
    assert engine(window=2000).count(prompt) <= 1500


def test_the_cut_stays_where_it_is_until_the_next_overflow() -> None:
    firsts = []
    for turns in range(1, 41):
        prompt = build(*conversation(turns, 50), window=2000)
        firsts.append(shown(prompt)[0][1].split()[1])
    moves = sum(before != after for before, after in pairwise(firsts))
    assert 3 <= moves <= 14
    assert firsts[-1] != "1"


def test_a_turn_that_is_too_long_alone_is_refused() -> None:
    with pytest.raises(PromptTooLong):
        build(said(1, "Hello"), said(2, "word " * 3000), window=2000)


def test_a_long_turn_drops_all_the_rest() -> None:
    prompt = build(*conversation(5, 50), said(9, "word " * 800), window=2000)
    assert len(shown(prompt)) == 1


def test_pictures_count_towards_the_window() -> None:
    messages = [said(turn, turn, "look") for turn in range(1, 9)]
    prompt = build(
        *messages, attachments=[ready(turn) for turn in range(1, 9)], window=2000, pictures=8
    )
    assert 1 <= len(prompt.pictures) < 5
    assert isinstance(prompt.messages[-1].parts[-2], PromptPicture)


SIZES = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50)), min_size=1, max_size=40)


@given(SIZES, st.integers(60, 400))
def test_what_is_kept_fits_and_the_cut_never_goes_back(
    exchanges: list[tuple[int, int]], budget: int
) -> None:
    starts = [
        first_kept(exchanges[: length + 1], fixed=10, budget=budget)
        for length in range(len(exchanges))
    ]
    assert starts == sorted(starts)
    for length, start in enumerate(starts):
        kept = 10 + sum(map(sum, exchanges[start:length])) + exchanges[length][0]
        assert kept <= budget or start == length
        if length and start > starts[length - 1]:
            assert kept <= budget * REFILL or start == length
