"""What became of every question, read from the chats as people finally see them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tests.chaos.crowd import SEND_AGAIN, STOP, Talker
from tests.chaos.parrot import QUESTION, question

ABOUT = "What I write is computed by a model"


class Verdict(Struct, frozen=True, kw_only=True):
    """Counts over all chats; `kept` says whether every invariant held.

    `orphans` are messages without content whose id a process took to its grave, `in_doubt` answers
    that were offered a second time because nobody could know whether they had arrived, `retried`
    those that were set aside and asked for again by the button, `notices_lost` sentences of ours
    that are not repeated while it is in doubt whether they arrived: all of them are allowed for.
    """

    seconds: float
    kills: int
    chats: int
    asked: int
    lost: int
    twice: int
    misplaced: int
    disordered: int
    wrong_prompts: int
    leftovers: tuple[str, ...]
    orphans: int
    in_doubt: int
    retried: int
    notices_lost: int
    longest_wait: float

    @property
    def kept(self) -> bool:
        """No question lost or answered twice, order kept, nothing mixed up, nothing left over."""
        broken = (self.lost, self.twice, self.misplaced, self.disordered, self.wrong_prompts)
        return not any(broken) and not self.leftovers


def judge(
    talkers: Sequence[Talker],
    *,
    seconds: float,
    kills: int,
    wrong_prompts: Sequence[str],
    leftovers: Sequence[str],
) -> Verdict:
    """The verdict over everything that was said."""
    judged = [_plainly(each) if each.plain else _by_name(each) for each in talkers]
    lost, twice, misplaced, disordered = (sum(column) for column in zip(*judged, strict=True))
    shown = [message for each in talkers for message in each.person.chat.from_bot]
    return Verdict(
        seconds=seconds,
        kills=kills,
        chats=len(talkers),
        asked=sum(len(each.asked) for each in talkers),
        lost=lost,
        twice=twice,
        misplaced=misplaced,
        disordered=disordered,
        wrong_prompts=len(wrong_prompts),
        leftovers=tuple(leftovers),
        orphans=sum(STOP in message.buttons for message in shown),
        in_doubt=sum(SEND_AGAIN in message.buttons for message in shown),
        retried=sum(each.retried for each in talkers),
        notices_lost=sum(max(0, each.abouts - _abouts(each)) for each in talkers),
        longest_wait=max((wait for each in talkers for wait in each.waits), default=0.0),
    )


def _by_name(talker: Talker) -> tuple[int, int, int, int]:
    """Lost, twice, of another chat, and whether the order is wrong."""
    heard = talker.heard()
    own = [name for name in heard if name in talker.asked]
    lost = sum(name not in own for name in talker.asked) + _unseen(talker)
    twice = len(own) - len(set(own)) + max(0, _abouts(talker) - talker.abouts)
    # An answer that was sent again stands below what came after it.
    disordered = not talker.sent_again and own != sorted(own)
    return lost, twice, len(heard) - len(own), int(disordered)


def _unseen(talker: Talker) -> int:
    """Answers to questions whose pictures the model did not see, each as often as was sent."""
    wrong = 0
    for shown in talker.answers():
        names = [question(int(chat), int(number)) for chat, number in QUESTION.findall(shown.text)]
        sent = sum(talker.shown.get(name, 0) for name in names)
        wrong += (f"I see {sent}." in shown.text) != bool(sent)
    return wrong


def _abouts(talker: Talker) -> int:
    return sum(ABOUT in each.text for each in talker.person.chat.from_bot)


def _plainly(talker: Talker) -> tuple[int, int, int, int]:
    """A model that cannot name its questions: as many answers as questions."""
    found = len(talker.answers())
    return max(0, len(talker.asked) - found), max(0, found - len(talker.asked)), 0, 0


def transcript(talkers: Sequence[Talker]) -> str:
    """The chats in which something is wrong, for whoever looks for the reason."""
    return "\n\n".join(
        f"chat {each.number}, asked {len(each.asked)}, heard {each.heard()}:\n"
        f"{each.person.chat.transcript()}"
        for each in talkers
        if any(_plainly(each) if each.plain else _by_name(each))
    )
