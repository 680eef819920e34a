"""How many threads compute a step on a CPU."""

from __future__ import annotations

import torch

from models.machine import cores

LARGE = (
    1_000_000_000  # parameters: below, steps are so short that a core for the rest is worth more
)
SMALL = 100_000_000  # below, threads wait for each other longer than they compute
WORK = 1_000_000_000  # parameters times tokens: from there on all cores are worth waiting for


class Threads:
    """Few for single tokens, all cores for prompts and pictures.

    All threads wait for each other after every operation, so that one which the rest of the bot
    has pushed aside makes all of them wait: short steps leave it a core.
    """

    def __init__(self, parameters: int, *, most: int | None = None) -> None:
        """`most` is how many there are; None: the cores of this process."""
        self._parameters = parameters
        self._most = cores() if most is None else most

    def for_tokens(self, tokens: int) -> int:
        """How many compute so many tokens."""
        if tokens > 1 and self._parameters * tokens >= WORK:
            return self._most
        if self._parameters < SMALL:
            return 1
        return max(1, self._most - 1) if self._parameters < LARGE else self._most

    def use(self, tokens: int) -> None:
        """Have torch compute so many tokens with as many threads."""
        wanted = self.for_tokens(tokens)
        if torch.get_num_threads() != wanted:
            torch.set_num_threads(wanted)
