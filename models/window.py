"""What of a conversation fits the context window, so that the cut moves seldom."""

from __future__ import annotations

from collections.abc import Sequence

REFILL = 0.6


def first_kept(exchanges: Sequence[tuple[int, int]], *, fixed: int, budget: int) -> int:
    """Index of the first exchange that the prompt keeps; the last exchange is the current turn.

    `exchanges` are (question, answer) sizes in tokens, `fixed` what every prompt begins with. Goes
    through the conversation as it grew: whenever a prompt would have been over `budget`, the oldest
    exchanges were dropped down to 60% of it at once. So the next turns begin with the same tokens
    and find them computed, and the same history always gives the same cut. The current turn alone
    may still be over the budget.
    """
    start, kept = 0, fixed
    for index, (question, answer) in enumerate(exchanges):
        if kept + question > budget:
            while start < index and kept + question > budget * REFILL:
                kept -= sum(exchanges[start])
                start += 1
        kept += question + answer
    return start
