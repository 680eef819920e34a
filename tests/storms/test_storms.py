"""Short storms; `make storms` has the long ones."""

from __future__ import annotations

import pytest

from tests.storms import posts, waits
from tests.storms.storms import SHORT, STORMS

pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize("name", STORMS)
async def test_everybody_is_answered_once_and_in_order(name: str) -> None:
    report = await STORMS[name](SHORT, 1)
    assert report.verdict.kept, f"{report.verdict}\n{report.evidence}"
    assert report.early == 0
    assert report.verdict.asked >= SHORT.chats


async def test_placeholders_whose_answer_was_lost_are_one_each_at_most() -> None:
    report = await STORMS["answers to sends lost"](SHORT, 2)
    assert report.trouble["forgotten"] == SHORT.losses
    assert report.verdict.twice == 0
    assert report.verdict.orphans + report.verdict.in_doubt <= SHORT.losses


async def test_the_same_update_five_times_at_once_is_one_turn_and_one_answer() -> None:
    posted = await posts.repeated(10, times=5)
    assert (posted.turns, posted.answers) == (10, 10)


async def test_an_album_in_ten_posts_at_once_is_one_turn() -> None:
    posted = await posts.albums(3)
    assert (posted.turns, posted.answers) == (3, 3)


async def test_posts_are_acknowledged_while_no_model_answers() -> None:
    posted = await posts.without_a_model(20)
    assert (posted.turns, posted.answers) == (20, 20)


async def test_a_stopped_workers_turn_is_answered_by_another() -> None:
    [seconds] = await waits.for_a_stopped_worker(1)
    assert 1 < seconds < waits.LONG
