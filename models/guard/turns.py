"""From what is looked at to the conversation that the guard reads."""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate, groupby

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from chat.moderation import Side
from models.engine import PromptMessage, PromptPicture, PromptText
from models.errors import PromptTooLong
from models.guard.typed import harmless
from models.prompt import readable
from moderation.checks import Said, Shown, Subject

ROLES = {Side.QUESTION: "user", Side.ANSWER: "assistant"}
OVERLAP = 400  # characters that two pieces of a long message share, where they are as long
MOST_BEFORE = 40_000  # characters of what was said before
SMALLEST = 64  # characters: a window that holds less is none


class Turn(Struct, frozen=True):
    """What one side said until the other one did. `role` is user or assistant."""

    role: str
    text: str
    pictures: tuple[PromptPicture, ...] = ()

    @property
    def message(self) -> PromptMessage:
        """The same as part of a prompt, pictures first as the guard's template has them."""
        return PromptMessage(self.role, (*self.pictures, PromptText(self.text)))


Fits = Callable[[Sequence[Turn]], bool]


def turns_of(subject: Subject, pictures: Sequence[PromptPicture] = ()) -> tuple[Turn, ...]:
    """User and assistant in turn, the user first and what is looked at last.

    The pictures are those of the person's last turn. Where an answer has no question, an empty one
    stands for it: the guard's template wants one."""
    checked = ROLES[subject.side]
    said = [(ROLES[each.speaker], each.text) for each in _newest(subject.before)]
    turns = [
        Turn(role, harmless(readable("\n".join(text for _, text in group))).strip())
        for role, group in groupby([*said, (checked, subject.text)], key=lambda each: each[0])
    ]
    if turns[0].role != "user":
        turns = turns[1:] if len(turns) > 2 else [Turn("user", ""), *turns]
    shown = len(turns) - 1 if checked == "user" else len(turns) - 2
    turns[shown] = replace(turns[shown], pictures=tuple(pictures))
    return tuple(turns)


def _newest(before: Sequence[Said]) -> Sequence[Said]:
    """Those that might be read at all: what a window cannot hold is not prepared for it."""
    sizes = accumulate(len(each.text) for each in reversed(before))
    count = sum(size <= MOST_BEFORE for size in sizes)
    return before[len(before) - count :]


def fitting(turns: tuple[Turn, ...], fits: Fits) -> list[tuple[Turn, ...]]:
    """The conversation cut to what fits, the oldest first; several where what is looked at does not
    fit by itself, each with a piece of it. Raises PromptTooLong for a window that holds nothing."""
    least = 1 if turns[-1].role == "user" else 2
    exchanges = range((len(turns) - least) // 2 + 1)
    dropped = bisect_left(exchanges, True, key=lambda count: fits(turns[2 * count :]))
    if dropped < len(exchanges):
        return [turns[2 * dropped :]]
    *context, checked = turns[-least:]
    if context and not fits((replace(context[0], text=""), replace(checked, text="x" * SMALLEST))):
        context = [replace(context[0], pictures=())]
    context = [replace(turn, text=turn.text[-OVERLAP:]) for turn in context]
    size = len(checked.text)
    while size >= SMALLEST:
        pieces = overlapping(checked.text, size)
        asked = [(*context, replace(checked, text=piece)) for piece in pieces]
        if all(fits(each) for each in asked):
            return asked[:1] + [_without_pictures(each) for each in asked[1:]]
        size //= 2
    raise PromptTooLong("the guard's window holds no piece of this message")


def _without_pictures(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """A further piece: its pictures were looked at with the first one."""
    return tuple(replace(turn, pictures=()) for turn in turns)


def overlapping(text: str, size: int) -> list[str]:
    """Pieces of at most `size` characters. Two that follow each other share some, so that what is
    said across a cut is whole in one of them."""
    step = size - min(OVERLAP, size // 4)
    return [text[start : start + size] for start in range(0, max(1, len(text) - size + step), step)]


def prompt_picture(shown: Shown) -> PromptPicture:
    """A stored picture as part of a prompt; only its size is read."""
    with Image.open(io.BytesIO(shown.content)) as picture:
        width, height = picture.size
    return PromptPicture(shown.sha256, shown.media_type, width, height, shown.content)
