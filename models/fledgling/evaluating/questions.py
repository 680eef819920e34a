"""A question with its true answer, and the rows of the table that it counts for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from models.fledgling.evaluating.fledgling import Answering, Chat, system, user
from models.fledgling.evaluating.matching import Judge

_TOGETHER = 512  # questions whose pictures are held in memory as tensors at a time


@dataclass(frozen=True, slots=True)
class Question:
    """`row` and `parts` are names of rows, `most` the tokens that an answer may take."""

    row: str
    chat: Chat
    truth: str
    judge: Judge
    parts: tuple[str, ...] = ()
    most: int = 24

    @property
    def asked(self) -> str:
        """The texts of the last message, as one line."""
        content = self.chat[-1]["content"]
        return " ".join(part["text"] for part in content if part["type"] == "text")


@dataclass(frozen=True, slots=True)
class Told:
    """A question and what was answered."""

    question: Question
    answer: str

    @property
    def right(self) -> bool:
        """Whether the answer is the true one."""
        return self.question.judge(self.answer, self.question.truth)


def sent(picture: Image.Image, text: str = "") -> Chat:
    """The chat of somebody who sends one picture, with or without words."""
    return [system(), user(picture, *([text] if text else []))]


def ask_all(answering: Answering, questions: Sequence[Question]) -> Iterator[Told]:
    """Ask them, those that may take the same number of tokens together; in that order."""
    order = sorted(questions, key=lambda question: question.most)
    for most in sorted({question.most for question in questions}):
        alike = [question for question in order if question.most == most]
        for start in range(0, len(alike), _TOGETHER):
            part = alike[start : start + _TOGETHER]
            answers = answering.answers([question.chat for question in part], most=most)
            yield from (Told(*pair) for pair in zip(part, answers, strict=True))
