"""A whole small evaluation with answers that are known beforehand."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP
from models.fledgling.data.artwork import TRAIN, UNSEEN_STYLE, UNSEEN_THING, Artwork
from models.fledgling.data.photographs import Photographs
from models.fledgling.evaluate import questions_of
from models.fledgling.evaluating import rows
from models.fledgling.evaluating.fledgling import Answering, Chat
from models.fledgling.evaluating.hall import Hall
from models.fledgling.evaluating.questions import Question, ask_all
from models.fledgling.evaluating.table import AIMS, Row, table_of

_SIDE = 48
_FLAG = next(n for n, concept in enumerate(CONCEPTS) if concept.group == FLAG_GROUP)
_INVERSE = ("the same, wrongly refused", "unseen photographs, confidently wrong", "not sure")


class _Canned(Answering):
    """Answers every question with the truth, or never."""

    def __init__(self, questions: Sequence[Question], *, truthful: bool) -> None:
        self._truths = {id(question.chat): question.truth for question in questions}
        self._truthful = truthful

    def answers(self, chats: Sequence[Chat], *, most: int = 64) -> list[str]:
        return [self._truths[id(chat)] if self._truthful else "I see nonsense." for chat in chats]


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return list(questions_of(_hall(seed=3), 150))


def _hall(*, seed: int) -> Hall:
    concept = np.array([*range(6), _FLAG, _FLAG + 1, *range(6), -1, -1], np.int64)
    split = np.array([TRAIN] * 8 + [UNSEEN_STYLE] * 6 + [UNSEEN_THING] * 2, np.int64)
    count = len(concept)
    random = np.random.default_rng(1)
    artwork = Artwork(
        pixels=random.integers(0, 256, (count, 112, 112, 4), np.uint8),
        concept=concept,
        style=np.arange(count) % 3,
        split=split,
        plain=np.zeros(count, np.bool_),
    )
    photographs = Photographs(
        pixels=random.integers(0, 256, (12, 176, 176, 3), np.uint8),
        concept=np.array([0, 1, 2, 3, -1, -1] * 2, np.int64),
        split=np.array([0] * 6 + [1] * 6, np.int64),
    )
    return Hall(artwork, photographs, side=_SIDE, seed=seed)


def _table(questions: Sequence[Question], *, truthful: bool) -> dict[str, Row]:
    told = list(ask_all(_Canned(questions, truthful=truthful), questions))
    assert len(told) == len(questions)
    return {row.name: row for row in table_of(told)}


def test_whoever_tells_the_truth_has_all_of_it_right(questions: Sequence[Question]) -> None:
    table = _table(questions, truthful=True)
    assert set(AIMS) <= set(table)
    for name, row in table.items():
        assert row.asked > 0, name
        assert row.share == (0 if name in _INVERSE else 1), name


def test_whoever_tells_nonsense_has_nothing_right(questions: Sequence[Question]) -> None:
    table = _table(questions, truthful=False)
    assert table["unseen photographs, confidently wrong"].share == 1
    for name, row in table.items():
        assert row.share == 0 or name == "unseen photographs, confidently wrong", name
        assert row.aim is None or row.aim.at_most or not row.aim.met(row.share), name


def test_nothing_is_asked_that_training_saw(questions: Sequence[Question]) -> None:
    by_row: dict[str, list[Question]] = {}
    for question in questions:
        by_row.setdefault(question.row, []).append(question)
    assert len(by_row[rows.PHOTOGRAPHS]) == 4  # the held-out ones that have a name, once each
    truths = {question.truth for question in by_row[rows.FLAGS]}
    assert truths == {f"I see {CONCEPTS[n].said}." for n in (_FLAG, _FLAG + 1)}


def test_the_same_seed_asks_the_same(questions: Sequence[Question]) -> None:
    again, other = (list(questions_of(_hall(seed=seed), 150)) for seed in (3, 4))
    assert [_key(one) for one in questions] == [_key(one) for one in again]
    assert [_key(one) for one in questions] != [_key(one) for one in other]


def _key(question: Question) -> tuple[str, str, str, list[bytes]]:
    pictures = [
        part["image"].tobytes()
        for message in question.chat
        for part in message["content"]
        if isinstance(part.get("image"), Image.Image)
    ]
    return question.row, question.asked, question.truth, pictures
