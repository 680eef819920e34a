"""A short chaos: some of the points, and kills at random, on both databases. `make chaos` is the
long one."""

from __future__ import annotations

import pytest

from chat.failpoints import Failpoint
from tests.chaos.runs import Plan, run

pytestmark = pytest.mark.timeout(300)

POINTS = {
    Failpoint.UPDATES_COMMITTED: 5,
    Failpoint.ENDS_COMMITTED: 5,
    Failpoint.PLACEHOLDER_SENT: 1,
}


@pytest.mark.parametrize("point", POINTS)
async def test_kills_at_a_point_lose_and_double_nothing(point: Failpoint) -> None:
    plan = Plan(point=point, every=POINTS[point], deaths=2, chats=8, questions=5)
    outcome = await run(plan)
    assert outcome.verdict.kept, f"{outcome.verdict}\n{outcome.evidence}"
    assert outcome.verdict.kills == 2


async def test_random_kills_lose_and_double_nothing() -> None:
    outcome = await run(Plan(minutes=0.3, chats=8, seed=7, database="postgresql"))
    assert outcome.verdict.kept, f"{outcome.verdict}\n{outcome.evidence}"
    assert outcome.verdict.kills >= 3
    assert outcome.verdict.asked >= 8
