"""How answers are judged: what does not count, and what does."""

import pytest

from models.fledgling.concepts import CONCEPTS
from models.fledgling.evaluating.matching import (
    named,
    names_all,
    refused,
    same_reading,
    same_sentence,
    says_all,
)


@pytest.mark.parametrize(
    ("told", "truth"),
    [
        ("I see a cat.", "I see a cat."),
        ("It is a cat.", "I see a cat."),
        ("Yes, it is a cat.", "I see a cat."),
        ("a kitten", "I see a cat."),
        ("I SEE CAT!", "I see a cat."),
        ("I see a bunny and a plane.", "I see an aeroplane and a rabbit."),
        ("It is the flag of Trinidad and Tobago.", "I see the flag of Trinidad and Tobago."),
        ("I see the flag of Trinidad and Tobago and a cat.",
         "I see a cat and the flag of Trinidad and Tobago."),
        ("They are footprints.", "I see footprints."),
    ],
)  # fmt: skip
def test_the_same_thing_in_other_words_is_right(told: str, truth: str) -> None:
    assert names_all(told, truth)


@pytest.mark.parametrize(
    ("told", "truth"),
    [
        ("I see a dog.", "I see a cat."),
        ("I see a cat and a dog.", "I see a cat."),
        ("I see a cat.", "I see a cat and a dog."),
        ("I see a caterpillar.", "I see a cat."),
        ("It is not a cat.", "I see a cat."),
        ("", "I see a cat."),
        ("I see.", "I see a cat."),
        ("I am not sure what this is: it may be a cat.", "I see a cat."),
        ("I see the flag of Chile.", "I see the flag of China."),
        ("", ""),
    ],
)
def test_another_thing_more_or_less_is_wrong(told: str, truth: str) -> None:
    assert not names_all(told, truth)


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.name)
def test_every_concept_is_named_by_its_own_words(concept: object) -> None:
    said, name = concept.said, concept.name  # type: ignore[attr-defined]
    assert named(f"I see {said}.") == {name}
    assert named(f"No, it is {said}.") == {name}


@pytest.mark.parametrize(
    ("told", "truth", "right"),
    [
        ("I see three blue stars.", "i see three blue stars", True),
        ("Its color is red.", "Its colour is red.", True),
        ("The first picture shows a kitten.", "The first picture shows a cat.", True),
        ("I see a red circle", "I see the red circle.", True),
        ("I see two blue stars.", "I see three blue stars.", False),
        ("Yes, it is red.", "No, it is red.", False),
        ("The first one is red.", "The second one is red.", False),
        ("The first picture shows a cat, the second one a dog.",
         "The first picture shows a dog, the second one a cat.", False),
    ],
)  # fmt: skip
def test_sentences(told: str, truth: str, right: bool) -> None:
    assert same_sentence(told, truth) is right


@pytest.mark.parametrize(
    ("told", "truth", "right"),
    [
        ("It says stop.", "It says STOP.", True),
        ("It says THE.", "It says A.", False),
        ("It says rat.", "It says mouse.", False),
        ("It says COLOR.", "It says COLOUR.", False),
        ("3 + 4 is 7.", "3 + 4 is 7", True),
        ("3 - 4 is 7.", "3 + 4 is 7.", False),
    ],
)
def test_what_was_read_counts_letter_by_letter(told: str, truth: str, right: bool) -> None:
    assert same_reading(told, truth) is right


def test_all_facts_are_wanted() -> None:
    assert says_all("No, I am a small program.", "no|PROGRAM")
    assert not says_all("I am a small program.", "program|llama")


def test_refusals() -> None:
    assert refused("I am Not Sure what this is.")
    assert not refused("I see a cat.")
    assert not refused("")
