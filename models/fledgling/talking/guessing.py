"""What a person may take a picture for: often right, else another thing that it surely is not."""

from random import Random

from models.fledgling.concepts import CONCEPTS, FLAGS, THINGS, Concept, by_name
from models.fledgling.talking.messages import Shown
from models.fledgling.talking.replies import plural
from models.fledgling.talking.typed import a

# An owl is a bird too: such words are never a wrong guess within their group.
_WIDE = frozenset(
    """
    animal bird fish insect dog cat monkey bear flower plant tree leaf fruit vegetable berry nut
    bread cake sweet drink meal car truck lorry boat ship train bus bicycle aeroplane vehicle face
    emoji smile person man woman child baby hat cap shoe boot coat shirt clothes ball house
    building tower tool box bag bottle cup glass bowl plate clock watch phone telephone computer
    book sign arrow symbol heart star circle square light lamp chair table toy game cloud weather
    sun moon guitar drum instrument horse cow pig sheep whale mouse snake bell key flag
    """.split()  # noqa: SIM905 - words read better as prose
)


def guess(rng: Random, picture: Shown) -> tuple[str, bool]:
    """Words as they stand in a sentence ("a cat"), and whether they are true of the picture."""
    true = [CONCEPTS[place] for place in (picture.concept, picture.second) if place >= 0]
    if true and rng.random() < 0.5:
        return _called(rng, rng.choice(true)), True
    while True:
        wrong = _another(rng, true[0] if true else None)
        if not any(_may_be(wrong, concept) for concept in true):
            return _called(rng, wrong), False


def is_called(what: str, picture: Shown) -> bool:
    """Whether these words, as `guess` gives them, name what is in the picture of one thing."""
    concept = CONCEPTS[picture.concept]
    return what in {concept.said, *(a(each) for each in concept.synonyms)}


def _another(rng: Random, like: Concept | None) -> Concept:
    """Any concept, half the time one of the same group."""
    if like is not None and rng.random() < 0.5:
        return rng.choice(_GROUPS[like.group])
    return rng.choice(THINGS if rng.random() < 0.9 else FLAGS)


def _may_be(guessed: Concept, true: Concept) -> bool:
    """Whether a picture of the one could pass for the other."""
    if not _names(guessed).isdisjoint(_names(true)):
        return True
    words = {word for name in _names(guessed) for word in name.split()}
    others = {word for name in _names(true) for word in name.split()}
    if guessed.group == "flag" and true.group == "flag":
        return False
    if guessed.group == true.group and (words | others) & _WIDE:
        return True
    return guessed.name in others or true.name in words


def _names(concept: Concept) -> set[str]:
    return {concept.name, *concept.synonyms}


def _called(rng: Random, concept: Concept) -> str:
    """The concept's words, sometimes those of a synonym that takes an article as well."""
    counted = concept.said in (a(concept.name), f"a {concept.name}", f"an {concept.name}")
    own = [each for each in concept.synonyms if by_name(each) == concept]
    simple = [each for each in own if not each.endswith("s")]
    if counted and simple and not plural(concept) and rng.random() < 0.2:
        return a(rng.choice(simple))
    return concept.said


_GROUPS = {
    group: [concept for concept in CONCEPTS if concept.group == group]
    for group in {concept.group for concept in CONCEPTS}
}
