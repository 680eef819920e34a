"""What the model learns to answer: true of the pictures, and the same whenever asked the same."""

from collections.abc import Iterator
from random import Random

import pytest

from models.fledgling.concepts import CONCEPTS, by_name
from models.fledgling.drawn.facts import Spelled
from models.fledgling.talking import replies
from models.fledgling.talking.conversations import Said, Shown, conversation
from models.fledgling.talking.guessing import guess
from tests.models.fledgling.talking_samples import (
    ALL,
    BOTH,
    CAT,
    CIRCLE,
    DOG,
    FLAG,
    GRAPES,
    STAR,
    STARS,
    STOP,
    TEXTURE,
    UNKNOWN,
    anything,
    only,
)


def text(parts: tuple[str | Shown | Spelled, ...]) -> str:
    """The words of a message."""
    return "".join(part.text if isinstance(part, Spelled) else str(part) for part in parts)


def turns(talk: list[Said]) -> Iterator[tuple[Said, str]]:
    """Each message of a person with its answer."""
    said = [each for each in talk if each.role != "system"]
    for asked, answered in zip(said[::2], said[1::2], strict=True):
        yield asked, text(answered.parts)


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (CAT, "I see a cat."),
        (BOTH, "I see a cat and a dog."),
        (GRAPES, "I see grapes."),
        (FLAG, "I see the flag of France."),
        (CIRCLE, "I see a red circle."),
        (STARS, "I see three blue stars."),
        (STOP, "It says STOP."),
        (UNKNOWN, replies.UNKNOWN),
        (TEXTURE, replies.UNKNOWN),
    ],
)
def test_what_it_sees(picture: Shown, told: str) -> None:
    assert text(replies.sees(picture)) == told


def test_how_it_tells_of_two_pictures() -> None:
    shown = "The first picture shows a cat, the second one a red circle."
    assert text(replies.both_show(CAT, CIRCLE)) == shown
    assert text(replies.same(CAT, CAT)) == "Yes, both show a cat."
    assert text(replies.same(CAT, DOG)).startswith("No, the first picture shows a cat, ")
    assert text(replies.same(CAT, UNKNOWN)) == replies.NOT_SURE
    assert replies.which_is("red", True, False) == "The first one is red."
    assert text(replies.surely(STOP)) == "I can be wrong, but it says STOP."
    assert replies.is_it(CAT, True) == "Yes, it is a cat."
    assert replies.is_it(GRAPES, False) == "No, they are grapes."


def test_a_cat_is_never_called_anything_else() -> None:
    others = {concept.said for concept in CONCEPTS} - {"a cat"}
    for seed in range(300):
        for _, answer in turns(conversation(Random(seed), only(CAT), turns=4)):
            if answer.startswith(("I see", "Yes, it", "No, it", "Yes, both", "The ")):
                told = answer.rstrip(".").split(", ")[-1]
                assert not any(told.endswith(f" {other}") for other in others), answer


def test_of_an_unknown_picture_it_says_nothing_but_that() -> None:
    for picture in (UNKNOWN, TEXTURE):
        for seed in range(200):
            for asked, answer in turns(conversation(Random(seed), only(picture), turns=3)):
                assert not answer.startswith(("I see a", "It is", "Yes, it", "No, it")), answer
                if len(asked.parts) == 1 and asked.parts == (picture,):
                    assert answer == replies.UNKNOWN


def test_a_picture_alone_is_answered_by_what_it_sees() -> None:
    alone = 0
    for seed in range(200):
        for asked, answer in turns(conversation(Random(seed), anything, turns=3)):
            if len(asked.parts) == 1 and isinstance(picture := asked.parts[0], Shown):
                assert answer == text(replies.sees(picture))
                alone += 1
    assert alone > 30


def test_the_same_chance_gives_the_same_talk() -> None:
    once = [conversation(Random(seed), anything, turns=5) for seed in range(40)]
    assert once == [conversation(Random(seed), anything, turns=5) for seed in range(40)]


@pytest.mark.parametrize("picture", ALL)
def test_the_same_question_about_the_same_has_one_answer(picture: Shown) -> None:
    known: dict[tuple[object, ...], str] = {}
    for seed in range(600):
        talk = conversation(Random(seed), only(picture), turns=1)
        if talk[0].role != "system":
            for asked, answer in turns(talk):
                words = (part.casefold() for part in asked.parts if isinstance(part, str))
                pictures = sum(isinstance(part, Shown) for part in asked.parts)
                question = (pictures, *(each.strip("?.! ") for each in words))
                assert known.setdefault(question, answer) == answer, question
    assert len(known) > 100


def test_it_goes_back_to_the_right_picture_after_other_talk() -> None:
    wanted = {0: "first", 1: "second"}
    far = 0
    for seed in range(600):
        seen: list[Shown] = []
        since = 0
        for asked, answer in turns(conversation(Random(seed), anything, turns=6)):
            new = [part for part in asked.parts if isinstance(part, Shown)]
            seen, since = [*seen, *new], 0 if new else since + 1
            for place, word in wanted.items():
                if answer.startswith(f"The {word} picture shows") and ", the" not in answer:
                    assert answer == text(replies.nth_shows(place, seen[place]))
                    far += since > 3
    assert far > 20


def test_what_was_shown_alone_is_remembered_after_other_talk() -> None:
    far = 0
    for seed in range(300):
        since = 0
        for asked, answer in turns(conversation(Random(seed), only(STAR), turns=6)):
            since = 0 if any(isinstance(part, Shown) for part in asked.parts) else since + 1
            if answer.startswith("I see a "):
                assert answer == "I see a blue star."
                far += since > 3
    assert far > 10


def test_its_name_and_the_day_come_from_the_system_message() -> None:
    named = 0
    for seed in range(800):
        talk = conversation(Random(seed), anything, turns=4)
        told = text(talk[0].parts) if talk[0].role == "system" else ""
        for _, answer in turns(talk):
            if answer.startswith("My name is "):
                assert f"You are {answer.removeprefix('My name is ')[:-1]}, " in told
                named += 1
            elif answer.startswith("Today is "):
                assert answer[:-1] in told
            elif answer in (replies.NO_NAME, replies.NO_DAY):
                assert not told
    assert named > 10


def test_a_wrong_guess_is_surely_wrong() -> None:
    rng = Random(3)
    for _ in range(3000):
        picture = Shown(0, concept=rng.randrange(len(CONCEPTS)))
        words, right = guess(rng, picture)
        concept = CONCEPTS[picture.concept]
        assert (by_name(words) == concept) is right, (words, concept)


def test_without_a_picture_it_asks_for_one() -> None:
    asks = 0
    for seed in range(400):
        talk = conversation(Random(seed), anything, turns=3)
        pictures = 0
        for asked, answer in turns(talk):
            pictures += sum(isinstance(part, Shown) for part in asked.parts)
            asks += answer == replies.NO_PICTURE
            assert answer != replies.NO_PICTURE or not pictures
    assert asks > 10
