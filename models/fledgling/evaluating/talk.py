"""Questions without a picture: definitions and small talk."""

from collections.abc import Iterator

from models.fledgling.concepts import CONCEPTS
from models.fledgling.drawn.speech import article
from models.fledgling.evaluating import rows, wording
from models.fledgling.evaluating.fledgling import system, user
from models.fledgling.evaluating.hall import Hall
from models.fledgling.evaluating.matching import same_sentence, says_all
from models.fledgling.evaluating.questions import Question
from models.fledgling.talking import replies

_MOST = 56


def definitions(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """What some of the concepts are, of those that a definition is known of."""
    defined = [concept for concept in CONCEPTS if replies.definition(concept)]
    for concept in hall.rng.sample(defined, min(counts[rows.DEFINITIONS], len(defined))):
        single = concept.said in (article(concept.name), f"the {concept.name}")
        text = f"What is {concept.said}?" if single else f"What does {concept.name} mean?"
        truth = replies.definition(concept)
        yield Question(rows.DEFINITIONS, [system(), user(text)], truth, same_sentence, most=_MOST)


def small_talk() -> Iterator[Question]:
    """Each of the fixed questions once."""
    for text, facts in wording.SMALL_TALK:
        yield Question(rows.TALK, [system(), user(text)], facts, says_all, most=_MOST)
