"""How much of prompts a step computes beside those who wait for their next token."""

from __future__ import annotations

from models.local.checkpoint import threads
from models.local.pace import LEAST, MOST, SIGN, UNKNOWN, Pace


def paced(*, usual: float = 0.01, token: float = 0.0005) -> Pace:
    """After some steps of `usual` seconds, and prompts of `token` seconds a token."""
    pace = Pace()
    for _ in range(50):
        pace.stepped(usual, speaking=1, prompt_tokens=0)
        pace.stepped(usual + 100 * token, speaking=1, prompt_tokens=100)
    return pace


def test_a_prompt_beside_a_speaker_keeps_the_gap_under_three_times() -> None:
    pace = paced()
    tokens = pace.tokens(pace.seconds(speaking=1, waiting=1))
    assert tokens > LEAST
    assert 0.01 + tokens * 0.0005 < 3 * 0.01


def test_many_who_wait_are_worth_a_longer_gap() -> None:
    pace = paced()
    one = pace.seconds(speaking=4, waiting=1)
    assert pace.seconds(speaking=4, waiting=4) == one
    assert pace.seconds(speaking=4, waiting=12) == 3 * one
    assert pace.seconds(speaking=1, waiting=10_000) == SIGN


def test_alone_a_prompt_takes_a_second_at_most() -> None:
    assert paced(token=0.01).tokens(Pace().seconds(speaking=0, waiting=1)) == SIGN / 0.01
    assert paced(token=1e-6).tokens(SIGN) == MOST
    assert paced(token=10).tokens(SIGN) == LEAST
    assert Pace().tokens(SIGN) == UNKNOWN


def test_at_least_one_tile_is_looked_at() -> None:
    pace = paced()
    pace.looked(5.0, tiles=1)
    assert pace.tiles(0.01) == 1
    assert pace.tiles(10.0) == 2


def test_threads_leave_a_core_to_the_rest_of_the_bot_where_steps_are_short() -> None:
    assert threads(14_000_000, cores=8) == 1
    assert threads(200_000_000, cores=8) == 7
    assert threads(200_000_000, cores=1) == 1
    assert threads(17_000_000_000, cores=8) == 8
