"""How much of the prompts a step may compute while others wait for their next token."""

from __future__ import annotations

from collections import deque
from statistics import median

MOST = 2048  # tokens of prompts in a step
LEAST = 8
UNKNOWN = 512  # before anything was measured
UNKNOWN_TILES = 4
ALONE = 1.0  # seconds of prompts in a step that nobody waits for: long ones show signs of life
BURST = 0.5  # seconds that short prompts may take together, so that all who ask at once begin soon
LONGER = 2.4  # times the usual is what a step with a part of a long prompt may take: under three
_SMALL = 128  # tokens: fewer have hardly an expert in common, so that each costs more
_FIRST = 32  # tokens of a long prompt beside others, before it was learnt what they may be
_TURN = 1.1  # how fast that follows
_STEPS = 31
_NEW = 0.2  # the weight of the latest step in the means


class Pace:
    """Learns from the steps that were made what a token of a prompt and a picture tile cost."""

    def __init__(self) -> None:
        self._usual = 0.0  # seconds of a step without prompts, the middle of the latest
        # Not their mean: reading a long prompt slows the steps that go before its computation.
        self._steps: deque[float] = deque(maxlen=_STEPS)
        self._token = {True: 0.0, False: 0.0}  # of one more token, in few (True) or many
        self._tile = 0.0  # seconds of a picture tile
        self._part = float(_FIRST)  # tokens of long prompts in a step in which others speak

    def beside(self, speaking: int) -> float:
        """Seconds that large pictures may take in a step in which so many answers speak."""
        return (LONGER - 1) * self._usual if speaking and self._usual else ALONE

    def part(self, speaking: int) -> int:
        """Tokens of long prompts in a step in which so many answers speak."""
        return int(self._part) if speaking else self.tokens(ALONE)

    def tiles(self, seconds: float) -> int:
        """So many picture tiles; at least one, since none can be split."""
        return max(1, int(seconds / self._tile)) if self._tile else UNKNOWN_TILES

    def tokens(self, seconds: float) -> int:
        """So many tokens of prompts, computed in one step."""
        few = self._token[True] or self._token[False]
        many = self._token[False] or few
        if not few:
            return UNKNOWN
        tokens = int(seconds / few)
        if tokens > _SMALL:
            tokens = max(_SMALL, int(seconds / many))
        return max(LEAST, min(MOST, tokens))

    def stepped(self, seconds: float, *, speaking: int, prompt_tokens: int) -> None:
        """Take note of a step."""
        if not prompt_tokens:
            self._steps.append(seconds)
            self._usual = median(self._steps)
        elif prompt_tokens >= LEAST:
            beside = self._usual if speaking else 0.0
            if speaking and self._usual and prompt_tokens == int(self._part):
                # What few tokens cost has a part that does not depend on their number: so their
                # number follows what steps took.
                quick = seconds < LONGER * self._usual
                turned = self._part * _TURN if quick else self._part / _TURN
                self._part = max(LEAST, min(MOST, turned))
            few = prompt_tokens <= _SMALL
            cost = max(seconds - beside, 0.0) / prompt_tokens
            self._token[few] = _mean(self._token[few], cost)

    def looked(self, seconds: float, *, tiles: int) -> None:
        """Take note of pictures that were encoded."""
        self._tile = _mean(self._tile, seconds / tiles)


def _mean(before: float, now: float) -> float:
    return now if not before else before + _NEW * (now - before)
