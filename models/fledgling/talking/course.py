"""How far a conversation has come: what was said and seen, and what "it" stands for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from models.fledgling.talking.messages import Answer, Said, Shown
from models.fledgling.talking.typed import typed

Asked = Literal["", "look", "colour"]  # what "and the other one?" would ask for
NONE = -1


@dataclass(slots=True)
class Course:
    """One conversation in the making.

    `topic` is the place in `seen` of the picture that "it" stands for, NONE where that would be
    unclear; `asked` is what was asked about it last.
    """

    rng: Random
    pick: Callable[[Random], Shown]
    alike: Callable[[Random, Shown], Shown]
    name: str = ""
    day: str = ""
    said: list[Said] = field(default_factory=list)
    seen: list[Shown] = field(default_factory=list)
    topic: int = NONE
    asked: Asked = ""

    @property
    def it(self) -> Shown | None:
        """The picture that "it" stands for."""
        return self.seen[self.topic] if self.topic != NONE else None

    def see(self, *pictures: Shown) -> None:
        """Take note of pictures that come with the message that is about to be said."""
        self.seen += pictures
        self.topic = len(self.seen) - 1 if len(pictures) == 1 else NONE

    def say(self, *parts: str | Shown, answer: str | Answer, asked: Asked = "") -> bool:
        """A message about the topic and its answer. True, for turns to end with."""
        self.said.append(Said("user", parts))
        self.said.append(Said("assistant", (answer,) if isinstance(answer, str) else answer))
        self.asked = asked
        return True

    def digress(self, question: str, *, answer: str) -> bool:
        """A message about no picture: afterwards "it" is the latest one, or unclear."""
        if self.topic != len(self.seen) - 1:
            self.topic = NONE
        return self.say(question, answer=answer)

    def typed(self, *phrases: tuple[str, ...]) -> str:
        """One of the phrases as people type it."""
        return typed(self.rng, self.rng.choice([each for group in phrases for each in group]))
