"""How much of prompts a step computes beside those who wait for their next token."""

from __future__ import annotations

import pytest

from models.local.pace import ALONE, LEAST, MOST, UNKNOWN, Pace
from models.local.threads import Threads


def paced(*, usual: float = 0.01, token: float = 0.0005) -> Pace:
    """After some steps of `usual` seconds, and prompts of `token` seconds a token."""
    pace = Pace()
    for _ in range(50):
        pace.stepped(usual, speaking=1, prompt_tokens=0)
        pace.stepped(usual + 100 * token, speaking=1, prompt_tokens=100)
    return pace


@pytest.mark.parametrize("each", [0.0001, 0.0005, 0.001])
def test_a_long_prompt_beside_speakers_keeps_the_gap_under_three_times(each: float) -> None:
    pace, usual, fixed = Pace(), 0.01, 0.005
    for _ in range(30):
        pace.stepped(usual, speaking=4, prompt_tokens=0)
    took = []
    for _ in range(100):
        tokens = pace.part(4)
        took.append(usual + fixed + each * tokens)
        pace.stepped(took[-1], speaking=4, prompt_tokens=tokens)
    assert max(took[50:]) < 3 * usual
    assert min(took[50:]) > 2 * usual  # and is not shy of it


def test_alone_a_prompt_takes_a_second_at_most() -> None:
    assert Pace().beside(0) == paced().beside(0) == ALONE
    assert paced(token=0.01).part(0) == ALONE / 0.01
    assert paced(token=0.01).tokens(ALONE) == ALONE / 0.01
    assert paced(token=1e-6).tokens(ALONE) == MOST
    assert paced(token=10).tokens(ALONE) == LEAST
    assert Pace().tokens(ALONE) == UNKNOWN


def test_few_tokens_cost_more_each_than_many() -> None:
    pace = paced(token=0.001)
    for _ in range(50):
        pace.stepped(0.2, speaking=0, prompt_tokens=1000)
    assert pace.tokens(0.05) == 50
    assert 745 < pace.tokens(0.15) <= 750
    assert pace.tokens(0.128) >= 128


def test_at_least_one_tile_is_looked_at() -> None:
    pace = paced()
    pace.looked(5.0, tiles=1)
    assert pace.tiles(0.01) == 1
    assert pace.tiles(10.0) == 2


def test_short_steps_leave_a_core_to_the_rest_of_the_bot() -> None:
    assert Threads(14_000_000, most=8).for_tokens(1) == 1
    assert Threads(200_000_000, most=8).for_tokens(1) == 7
    assert Threads(200_000_000, most=1).for_tokens(1) == 1
    assert Threads(17_000_000_000, most=8).for_tokens(1) == 8


def test_prompts_have_all_cores_where_they_are_work() -> None:
    assert Threads(14_000_000, most=8).for_tokens(300) == 8
    assert Threads(200_000_000, most=8).for_tokens(20) == 8
    assert Threads(100_000, most=8).for_tokens(300) == 1
