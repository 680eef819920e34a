"""Many people who talk at once, each with habits drawn from a seed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from random import Random

from tests.chaos.parrot import AT_LENGTH, QUESTION, question
from tests.fakes.telegram import FakeTelegram, Person, Shown
from tests.handlers.pictures import drawing, encoded

PICTURE = encoded(drawing(size=(160, 120)), "PNG")
HEARD = "I heard: "
STOP, RETRY, SEND_AGAIN = "Stop", "Try again", "Send again"
ENDLESS = 10**9  # questions: talk until told to stop
PATIENCE = 120.0  # seconds after which a person takes their question for lost


@dataclass(slots=True)
class Talker:
    """One person and their chat. `asked` names their questions in the order they were sent,
    `shown` says how many pictures went with one; `pressed` are messages whose button was used."""

    person: Person
    number: int
    dice: Random
    plain: bool = False  # one question at a time and nothing else
    asked: list[str] = field(default_factory=list)
    shown: dict[str, int] = field(default_factory=dict)
    retried: int = 0
    sent_again: int = 0
    abouts: int = 0
    waits: list[float] = field(default_factory=list)
    _pressed: set[int] = field(default_factory=set)
    _read: int = 0  # messages of the chat that were read when everything had been answered
    _known: list[str] = field(default_factory=list)  # the questions answered in those

    async def talk(self, *, questions: int, stop: asyncio.Event) -> None:
        """Ask so many questions, or fewer where `stop` comes first; wait for their answers."""
        while len(self.asked) < questions and not stop.is_set():
            began = time.monotonic()
            self._ask()
            if not self.plain and self.dice.random() < 0.1:
                await asyncio.sleep(self.dice.random() / 5)  # more comes to their mind
                continue
            await self._hears()
            self.waits.append(time.monotonic() - began)
        await self._hears()

    def answers(self, since: int = 0) -> list[Shown]:
        """Messages that hold an answer which grows no more; `since` leaves the first ones out."""
        return [
            each
            for each in self.person.chat.everything[since:]
            if each.from_bot
            and not each.deleted
            and (HEARD in each.text or self.plain)
            and STOP not in each.buttons
        ]

    def heard(self, since: int = 0) -> list[str]:
        """The questions that are answered in the chat, in the order of its messages."""
        named = [QUESTION.findall(each.text.split(HEARD)[-1]) for each in self.answers(since)]
        return [question(int(chat), int(number)) for found in named for chat, number in found]

    def missed(self) -> set[str]:
        """The questions without an answer. What was read once is not read again."""
        if self.plain:
            return set(self.asked[-1:] if len(self.answers()) < len(self.asked) else ())
        new = self.heard(self._read)
        missed = set(self.asked[len(self._known) :]) - set(new)
        if not missed:
            self._read = len(self.person.chat.everything)
            self._known = list(self.asked)
        return missed

    def _ask(self) -> None:
        name = question(self.number, len(self.asked) + 1)
        self.asked.append(name)
        habit = 1.0 if self.plain else self.dice.random()
        if habit < 0.12:
            self.person.says(f"{name}, tell me {AT_LENGTH}")
        elif habit < 0.18:
            self.person.sends_photo(PICTURE, name)
            self.shown[name] = 1
        elif habit < 0.21:
            self.person.sends_album([PICTURE, PICTURE], name)
            self.shown[name] = 2
        else:
            self.person.says(f"{name}, what do you say?")
        if habit > 0.97 and not self.plain:
            self.abouts += 1
            self.person.says("/about")

    async def _hears(self) -> None:
        """Wait for the answers to all questions, and do what the buttons offer meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not self._is_answered():
            try:
                await self.person.chat.until(
                    lambda _: self._is_answered() or bool(self._offers()),
                    within=deadline - time.monotonic(),
                )
            except AssertionError:
                return  # what is missing the verdict tells
            for shown, label in self._offers():
                self._press(shown, label)

    def _is_answered(self) -> bool:
        return not self.missed()

    def _offers(self) -> list[tuple[Shown, str]]:
        """Buttons that a person would press who misses an answer."""
        missed = self.missed()
        return [
            (shown, label)
            for shown in self.person.chat.everything[self._read :]
            for label in (RETRY, SEND_AGAIN)
            if label in shown.buttons
            and shown.id not in self._pressed
            and (label == RETRY or self._question_of(shown) in missed)
        ]

    def _question_of(self, shown: Shown) -> str:
        """The question that a message of the bot's quotes; of an album any picture may be quoted,
        and one has the words."""
        quoted = shown.body.get("reply_to_message", {})
        album = quoted.get("media_group_id")
        together = [
            each.body
            for each in self.person.chat.everything
            if album and each.body.get("media_group_id") == album
        ]
        words = (body.get("text") or body.get("caption") for body in (quoted, *together))
        return next((str(each) for each in words if each), "").partition(",")[0]

    def _press(self, shown: Shown, label: str) -> None:
        self._pressed.add(shown.id)
        self.retried += label == RETRY
        self.sent_again += label == SEND_AGAIN
        self.person.presses(shown, label)


def crowd(telegram: FakeTelegram, *, chats: int, seed: int, plain: bool = False) -> list[Talker]:
    """So many people, the same ones for the same seed."""
    return [
        Talker(telegram.person(f"Person {number}"), number, Random(f"{seed}/{number}"), plain=plain)
        for number in range(1, chats + 1)
    ]
