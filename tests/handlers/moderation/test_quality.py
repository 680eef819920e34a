"""What staff are told of how well it goes, and what they are not."""

from __future__ import annotations

import math

import pytest

from chat.people import Role
from handlers.moderation.deciding import Choice
from handlers.moderation.quality import CHECKS, QualityReports, share
from handlers.moderation.rights import NotPermitted
from storage.repositories import ReviewVerdict
from tests.handlers.moderation.test_reviews import Office, office

__all__ = ["office"]


def test_the_interval_is_that_of_a_worked_example() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    found = share(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (1, 1), (0, 10), (5, 10), (10, 10), (7, 900)])
def test_its_ends_are_what_the_share_just_does_not_contradict(hits: int, count: int) -> None:
    found = share(hits, count)
    assert found.value == hits / count
    for end in (found.low, found.high):
        deviation = 1.959964 * math.sqrt(end * (1 - end) / count)
        assert abs(found.value - end) == pytest.approx(deviation, abs=1e-6)
    assert 0 <= found.low < found.high <= 1


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0).value is None


async def test_a_decision_shows_once_it_counts_and_names_are_for_admins(office: Office) -> None:
    reports = QualityReports(database=office.world.database, clock=office.world.clock)
    grace, olga = await office.staff("grace"), await office.staff("olga", Role.ADMIN)
    flag = await office.flag()
    office.world.clock.now += 30
    await office.reviews.decide(grace, flag.id, Choice(ReviewVerdict.WARN))
    words = (await reports.get(grace, 7)).checks[0].counts
    assert (words.raised, words.decided) == (1, 0)
    await office.later(10)
    report = await reports.get(grace, 7)
    assert [row.counts.check for row in report.checks] == list(CHECKS)
    assert (report.checks[0].precision.hits, report.checks[0].precision.count) == (1, 1)
    assert [(wait.decided, round(wait.p50)) for wait in report.waits] == [(1, 30)]
    assert (report.reviewers, report.colleagues) == (None, {})
    full = await reports.get(olga, 7)
    assert [(each.user_id, each.decided) for each in full.reviewers or ()] == [(grace.id, 1)]
    assert full.colleagues[grace.id].name == "grace"
    office.world.clock.now += 7 * 24 * 3600
    assert (await reports.get(grace, 7)).checks[0].counts.raised == 0
    with pytest.raises(NotPermitted):
        await reports.get(await office.ada.user(), 7)


async def test_thumbs_are_counted_by_day_and_model_without_who_pressed(office: Office) -> None:
    world, grace = office.world, await office.staff("grace")
    people = [world.person(str(number)) for number in range(100, 103)]
    for person in people:
        await person.says("What is a whimbrel?")
    turns = await world.answer("A bird.", model="tiny")
    for person, turn in zip(people, turns, strict=True):
        verb = "up" if person is people[0] else "down"
        await person.presses(f"{verb}:{turn.id}.{turn.attempt}")
    await people[1].presses(f"why:{turns[1].id}.{turns[1].attempt}:wrong")
    report = await QualityReports(database=world.database, clock=world.clock).get(grace, 7)
    [row] = report.thumbs
    assert (row.date, row.model) == ("2023-11-14", "tiny")
    assert (row.down.hits, row.down.count, report.down.hits) == (2, 3, 2)
    assert report.reasons == {"wrong": 1}
