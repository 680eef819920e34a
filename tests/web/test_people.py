"""People on the web: found, read about, written about, decided about; by whom it may be."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest

from chat.budgets import BudgetSettings
from chat.people import Access, Role, User
from storage.repositories import RestrictionKind
from tests.web.house import House, open_house
from tests.web.test_queue import flagged, press

SEVEN = "7"


async def listed(browser: httpx2.AsyncClient, **asked: str) -> list[str]:
    """The names that a search finds."""
    page = (await browser.get("/dashboard/people", params=asked)).text
    return re.findall(r'<strong dir="auto">([^<]*)</strong>', page)


async def test_people_are_found_by_name_number_account_and_standing(house: House) -> None:
    anna, berta = await house.add_user("Anna"), await house.add_user("Berta")
    await house.add_user("Bruno", access=Access.BLOCKED)
    async with house.database.write() as tx:
        await tx.users.link(anna.id, "telegram", "4711")
        await tx.restrictions.add(berta.id, RestrictionKind.BAN, category="hate", until=None)
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        assert await listed(browser) == ["Bruno", "Berta", "Anna"]
        assert await listed(browser, q="b") == ["Berta", "Bruno"]
        assert await listed(browser, q="b", access="blocked") == ["Bruno"]
        assert await listed(browser, restricted="yes") == ["Berta"]
        assert await listed(browser, q=str(anna.id)) == ["Anna"]
        assert await listed(browser, q="telegram:4711") == ["Anna"]
        page = (await browser.get("/dashboard/people", params={"q": "zz"})).text
        assert "There is nobody like that." in page


async def test_pages_follow_each_other_with_the_same_search(house: House) -> None:
    for number in range(53):
        await house.add_user(f"Anna {number:02}")
    await house.add_user("Berta")
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = (await browser.get("/dashboard/people", params={"q": "anna"})).text
        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following
        last = (await browser.get(following[1].replace("&amp;", "&"))).text
        assert re.findall(r"Anna \d\d", last) == ["Anna 50", "Anna 51", "Anna 52"]
        assert "Berta" not in last
        assert 'rel="next"' not in last


async def test_a_page_says_all_that_is_known_and_runs_none_of_it(house: House) -> None:
    anna = await house.add_user("<b>Anna</b>")
    flag = await flagged(house, anna)
    async with house.database.write() as tx:
        given = await tx.restrictions.add(
            anna.id, RestrictionKind.STRIKE, category="hate", until=None
        )
        await tx.restrictions.add(anna.id, RestrictionKind.STRIKE, category="hate", until=1.0)
        await tx.appeals.add(anna.id, given.id, conversation_id=None, words="<i>unfair</i>")
        await tx.notes.add(anna.id, "<u>called</u> her", author_id=99)
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = (await browser.get(f"/dashboard/people/{anna.id}")).text
    for words in (
        "&lt;b&gt;Anna",
        f"web:{anna.id}",
        f"/dashboard/queue/{flag.id}",
        "One strike in force",
        "ended 1970-01-01",
        "&lt;i&gt;unfair",
        "&lt;u&gt;called",
    ):
        assert words in page
    assert not re.search(r"<(b|i|u)>", page)


async def test_a_decision_needs_a_rule_and_a_reason_and_can_be_undone(house: House) -> None:
    anna = await house.add_user("Anna")
    path = f"/dashboard/people/{anna.id}"
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        for form in (
            {"option": "6", "category": "hate", "reason": "  "},
            {"option": "6", "category": "", "reason": "rude"},
            {"option": "6", "category": "made-up", "reason": "rude"},
        ):
            response = await browser.post(f"{path}/act", data=form)
            assert response.status_code == 422
            assert "Say which rule it is about" in response.text
        assert ">rude</textarea>" in response.text
        page = (
            await press(browser, f"{path}/act", option="6", category="hate", reason="r00d")
        ).text
        assert "r00d" in page
        assert "can be undone" in page
        undo = re.search(r"/dashboard/decisions/(\d+)/undo", page)
        assert undo
        page = (await press(browser, undo[0], person=str(anna.id))).text
        assert ">undone<" in page
        assert "Anna" in page
    async with house.database.read() as tx:
        actions = [entry.action for entry in await tx.audit.read(None, 10)]
    assert actions == ["decision.made", "decision.undone"]


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.REVIEWER, {"4"}), (Role.MODERATOR, set("456789")), (Role.ADMIN, set("456789"))],
)
async def test_each_role_is_offered_what_it_may_decide(
    house: House, role: Role, offered: set[str]
) -> None:
    anna = await house.add_user("Anna")
    path = f"/dashboard/people/{anna.id}"
    async with house.signed_in(await house.add_user("Max", role)) as browser:
        page = (await browser.get(path)).text
        assert set(re.findall(r'name="option" value="(\d)"', page)) == offered
        form = {"category": "hate", "reason": "rude"}
        response = await browser.post(f"{path}/act", data={"option": "1", **form})
        assert response.status_code == 403
        response = await browser.post(f"{path}/act", data={"option": SEVEN, **form})
        assert response.status_code == (303 if SEVEN in offered else 403)


async def test_a_mute_is_lifted_once_and_by_whom_it_may_be(house: House) -> None:
    anna, eve = await house.add_user("Anna"), await house.add_user("Eve")
    async with house.database.write() as tx:
        mute = await tx.restrictions.add(anna.id, RestrictionKind.MUTE, category="hate", until=None)
    path = f"/dashboard/people/{anna.id}/restrictions/{mute.id}/lift"
    async with house.signed_in(await house.add_user("Rosa", Role.REVIEWER)) as browser:
        assert path not in (await browser.get(f"/dashboard/people/{anna.id}")).text
        assert (await browser.post(path)).status_code == 422
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        elsewhere = path.replace(f"people/{anna.id}", f"people/{eve.id}")
        assert (await browser.post(elsewhere)).status_code == 404
        assert path in (await browser.get(f"/dashboard/people/{anna.id}")).text
        page = (await press(browser, path)).text
        assert "Nothing restricts them." in page
        assert (await browser.post(path)).status_code == 422
    async with house.database.read() as tx:
        assert await tx.restrictions.in_force(anna.id) == []
        assert [each.action for each in await tx.audit.read(None, 9)] == ["restriction.lifted"]


async def _code(house: House, user: User) -> str:
    async with house.database.read() as tx:
        return (await tx.people.colleagues([user.id]))[user.id].code


async def test_notes_are_seen_by_colleagues_and_name_nobody_below_an_admin(house: House) -> None:
    anna, rosa = await house.add_user("Anna"), await house.add_user("Rosa R.", Role.REVIEWER)
    path = f"/dashboard/people/{anna.id}"
    async with house.signed_in(rosa) as browser:
        response = await browser.post(f"{path}/notes", data={"text": " \n "})
        assert response.status_code == 422
        page = (await press(browser, f"{path}/notes", text="Writes from school")).text
        assert "Writes from school" in page
        assert "by you" in page
    pseudonym = f"Reviewer {await _code(house, rosa)}"
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = (await browser.get(path)).text
        assert "Writes from school" in page
        assert pseudonym in page
        assert "Rosa" not in page
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        assert "Rosa R." in (await browser.get(path)).text
        assert pseudonym in (await browser.get(f"/dashboard/people/{rosa.id}")).text
    async with house.database.read() as tx:
        (entry,) = await tx.audit.read(None, 9)
    assert (entry.action, entry.object_id) == ("note.added", str(anna.id))
    assert "school" not in entry.details


async def test_colleagues_and_accounts_are_not_there_for_who_may_not_see_them(
    house: House,
) -> None:
    anna, rosa = await house.add_user("Anna"), await house.add_user("Rosa", Role.REVIEWER)
    mia = await house.add_user("Mia", Role.MODERATOR)
    flag = await flagged(house, mia)
    async with house.signed_in(rosa) as browser:
        assert await listed(browser) == ["Anna"]
        assert await listed(browser, role="moderator") == ["Anna"]
        for words in ("mia", str(mia.id), f"web:{mia.id}", f"web:{anna.id}"):
            assert await listed(browser, q=words) == []
        for path in (f"/dashboard/people/{mia.id}", f"/dashboard/people/{rosa.id}"):
            assert (await browser.get(path)).status_code == 404
            response = await browser.post(f"{path}/notes", data={"text": "x"})
            assert response.status_code == 404
        assert f"web:{anna.id}" not in (await browser.get(f"/dashboard/people/{anna.id}")).text
        assert "Mia" not in (await browser.get(f"/dashboard/queue/{flag.id}")).text
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        assert await listed(browser, role="moderator") == ["Mia"]
        page = (await browser.get(f"/dashboard/queue/{flag.id}")).text
        assert f'href="/dashboard/people/{mia.id}"' in page


@pytest.mark.parametrize(
    "place", ["", "nan:flag:1", "1:flag:x", "1:nothing:1", "1e999:flag:1", "x"]
)
async def test_an_odd_place_in_a_time_line_is_its_beginning(house: House, place: str) -> None:
    anna = await house.add_user("Anna")
    await flagged(house, anna)
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = await browser.get(f"/dashboard/people/{anna.id}", params={"before": place})
        assert page.status_code == 200
        assert "What happened" in page.text
        assert "Nothing so far" not in page.text


async def test_a_long_time_line_goes_on(house: House) -> None:
    anna, max_ = await house.add_user("Anna"), await house.add_user("Max", Role.MODERATOR)
    async with house.database.write() as tx:
        for number in range(32):
            await tx.notes.add(anna.id, f"note-{number:02}.", author_id=max_.id)
    async with house.signed_in(max_) as browser:
        page = (await browser.get(f"/dashboard/people/{anna.id}")).text
        seen = re.findall(r"note-(\d\d)\.", page)
        following = re.search(r'rel="next" href="([^"#]+)#timeline"', page)
        assert following
        page = (await browser.get(following[1])).text
    assert seen + re.findall(r"note-(\d\d)\.", page) == [f"{n:02}" for n in range(31, -1, -1)]


async def test_what_is_left_of_a_budget_is_told(tmp_path: Path, valkey_url: str) -> None:
    budgets = BudgetSettings(person_budget="30 messages/day, 1000 tokens/minute")
    async with open_house(tmp_path, valkey_url, budgets=budgets) as house:
        anna = await house.add_user("Anna")
        async with house.signed_in(anna) as browser:
            made = await browser.post("/conversations")
            number = made.json()["conversation"]
            await browser.post(f"/c/{number}/messages", data={"text": "hello"})
        async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
            page = (await browser.get(f"/dashboard/people/{anna.id}")).text
    assert re.search(r"Messages in 24 hours</th><td>1</td><td>29</td>", page)
    assert re.search(r"Tokens in 60 seconds</th><td>0</td><td>1,000</td>", page)


async def test_a_budget_of_ones_own_is_set_and_given_back(tmp_path: Path, valkey_url: str) -> None:
    budgets = BudgetSettings("1000 messages/day", "none", "none")
    async with open_house(tmp_path, valkey_url, budgets=budgets) as house:
        anna = await house.add_user("Anna")
        path = f"/dashboard/people/{anna.id}"
        async with house.signed_in(await house.add_user("Max", Role.ADMIN)) as browser:
            assert "Messages in" in (await browser.get(path)).text
            form = {"do": "set", "what": "messages", "amount": "25"}
            page = (await press(browser, f"{path}/budget", **form)).text
            assert "a budget of their own" in page
            assert "<td>0</td><td>25</td>" in page
            page = (await press(browser, f"{path}/budget", do="usual")).text
            assert "<td>0</td><td>1,000</td>" in page
            assert "a budget of their own" not in page
            wrong = await browser.post(f"{path}/budget", data={"what": "love", "amount": "1"})
            assert wrong.status_code == 400
        async with house.signed_in(await house.add_user("Eva", Role.REVIEWER)) as browser:
            assert "budget-amount" not in (await browser.get(path)).text
        async with house.database.read() as tx:
            actions = [entry.action for entry in await tx.audit.read(None, 10)]
        assert actions == ["budget.set", "budget.set"]
