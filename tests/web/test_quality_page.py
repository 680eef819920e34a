"""The Quality page and its CSV: the same figures, and names for admins alone."""

from __future__ import annotations

import csv
import io
import re

import pytest

from chat.people import Role, User
from storage.repositories import DecisionState, RestrictionKind, ReviewVerdict
from tests.web.house import House
from tests.web.test_queue import flagged


async def decided(house: House, subject: User, by: User) -> None:
    """Four flags, of which three were right; one of two appeals, too."""
    verdicts = [ReviewVerdict.MUTE, ReviewVerdict.MUTE, ReviewVerdict.WARN, ReviewVerdict.DISMISS]
    for verdict in verdicts:
        flag = await flagged(house, subject)
        async with house.database.write() as tx:
            await tx.flags.close(flag.id)
            await tx.decisions.add(
                verdict,
                decided_by=by.id,
                category="hate",
                policy=0,
                state=DecisionState.IN_FORCE,
                due_at=0.0,
                flag_id=flag.id,
            )
    await flagged(house, subject)
    async with house.database.write() as tx:
        for overturned in (True, False):
            mute = await tx.restrictions.add(
                subject.id, RestrictionKind.MUTE, category="hate", until=None
            )
            made = await tx.appeals.add(subject.id, mute.id, conversation_id=None, words="no")
            await tx.appeals.decide(
                made.id, overturned=overturned, by=by.id, note="", same_person=False
            )


def words_of(page: str) -> str:
    """What a page says, without what it is made of."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_the_page_says_how_often_checks_and_people_were_right(house: House) -> None:
    max_ = await house.add_user("Max", Role.MODERATOR)
    await decided(house, await house.add_user("Anna"), max_)
    async with house.signed_in(max_) as browser:
        page = (await browser.get("/dashboard/quality")).text
        said = words_of(page)
        assert "Words 75 % of 4 (30 to 95 %) 3 4 5" in said
        assert "Llama Guard Nothing decided 0 0 0" in said
        assert "2 appeals were decided; one of them was right" in said
        assert "50 % of 2 (9 to 91 %)" in said
        assert "Decisions by person" not in said
        assert "Max" not in said
        assert 'd="M30.1 7H95.4"' in page
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        said = words_of((await browser.get("/dashboard/quality?days=7")).text)
        assert "Max 4 3 0" in said


async def test_the_csv_has_the_same_figures(house: House) -> None:
    max_ = await house.add_user("Max", Role.MODERATOR)
    await decided(house, await house.add_user("Anna"), max_)
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        response = await browser.get("/dashboard/quality/export?days=90")
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert "whimbrel-quality-90-days.csv" in response.headers["content-disposition"]
        rows = {(row["of"], row["name"]): row for row in csv.DictReader(io.StringIO(response.text))}
    words = rows["check", "words"]
    assert (words["raised"], words["decided"], words["upheld"]) == ("5", "4", "3")
    assert (words["share"], words["share_low"], words["share_high"]) == ("0.75", "0.3006", "0.9544")
    assert rows["check", "guard"]["share"] == ""
    assert rows["appeals", ""]["overturned"] == "1"
    assert rows["priority", "normal"]["decided"] == "4"
    assert float(rows["priority", "normal"]["p90_seconds"]) < 60
    assert rows["reviewer", str(max_.id)]["upheld"] == "3"
    async with house.signed_in(max_) as browser:
        assert "reviewer," not in (await browser.get("/dashboard/quality/export")).text


@pytest.mark.parametrize("days", ["8", "0", "-7", "x", "", "9" * 30])
async def test_other_spans_are_not_offered(house: House, days: str) -> None:
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        for path in ("/dashboard/quality", "/dashboard/quality/export"):
            assert (await browser.get(path, params={"days": days})).status_code == 400
