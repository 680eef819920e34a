"""The list of what the model knows, and what is said of each of them."""

from collections import Counter

import pytest

from models.fledgling.concepts import CONCEPTS, FLAGS, THINGS, by_name, normalised
from models.fledgling.data.definitions import DEFINITIONS


def test_the_list_has_three_hundred_things_and_the_flags_after_them() -> None:
    assert len(THINGS) == 300
    assert len(FLAGS) > 200
    assert CONCEPTS == THINGS + FLAGS


def test_no_two_concepts_answer_to_the_same_words() -> None:
    words = Counter(
        word
        for concept in CONCEPTS
        for word in {normalised(each) for each in (concept.name, *concept.synonyms)}
    )
    assert [word for word, count in words.items() if count > 1] == []


def test_what_is_said_is_the_name_with_the_right_article() -> None:
    for concept in CONCEPTS:
        article, _, rest = concept.said.partition(" ")
        if article in {"a", "an"} and rest == concept.name:
            assert article == ("an" if rest[0].lower() in "aeiou" and rest != "unicorn" else "a")
    assert all(flag.said == f"the {flag.name}" for flag in FLAGS)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("A Cat.", "cat"),
        ("automobile", "car"),
        ("t shirt", "T-shirt"),
        ("the flag of the Netherlands", "flag of the Netherlands"),
        ("flag of Netherlands", "flag of the Netherlands"),
        ("the flag of Chad", "flag of Romania"),
    ],
)
def test_a_concept_is_found_by_its_names(words: str, name: str) -> None:
    concept = by_name(words)
    assert concept is not None
    assert concept.name == name


def test_what_is_not_known_is_not_found() -> None:
    assert by_name("platypus") is None


def test_every_thing_has_a_definition_of_one_short_sentence() -> None:
    assert set(DEFINITIONS) == {thing.name for thing in THINGS}
    for sentence in DEFINITIONS.values():
        said_of_it = sentence.replace(" are ", " is ", 1).split(" is ", 1)[1]
        assert len(said_of_it.split()) <= 12
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert sentence.count(".") == 1
