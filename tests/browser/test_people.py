"""People in a browser: looked for, written about and muted by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from chat.people import Role, User
from storage.repositories import DecisionState, RestrictionKind
from tests.browser.conftest import Stage
from tests.browser.test_queue import PHONE, moderator, serious, shoot
from tests.web.house import House
from tests.web.test_queue import flagged


async def with_a_past(house: House) -> User:
    """Somebody of whom a lot is known."""
    anna = await house.add_user("Anna Lovelace-Montgomery")
    rosa = await house.add_user("Rosa", Role.REVIEWER)
    await flagged(house, anna)
    async with house.database.write() as tx:
        await tx.users.link(anna.id, "telegram", "4711471147114711")
        await tx.restrictions.add(anna.id, RestrictionKind.MUTE, category="hate", until=2e9)
        await tx.restrictions.add(anna.id, RestrictionKind.STRIKE, category="hate", until=1e9)
        given = await tx.restrictions.add(
            anna.id, RestrictionKind.STRIKE, category="profanity", until=2e9
        )
        await tx.appeals.add(anna.id, given.id, conversation_id=None, words="I only quoted that.")
        await tx.notes.add(
            anna.id, "Writes from a school; the account is shared.", author_id=rosa.id
        )
    return anna


async def test_somebody_is_found_noted_and_muted_by_keys(stage: Stage) -> None:
    anna = await with_a_past(stage.house)
    page = await moderator(stage)
    await page.goto(f"{stage.house.url}/dashboard/people")
    await page.get_by_label("Name, number or account").focus()
    await page.keyboard.type("anna l")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/dashboard/people?q=anna+l*")
    found = page.get_by_role("link", name="Anna Lovelace-Montgomery")
    await found.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/dashboard/people/{anna.id}")
    timeline = page.get_by_role("region", name="What happened")
    await expect(timeline).to_contain_text("the account is shared")
    await expect(timeline).to_contain_text("Reviewer ")
    await expect(page.get_by_text("One strike in force")).to_be_visible()

    await page.get_by_label("Seen by everybody who reviews").focus()
    await page.keyboard.type("Spoke to the teacher.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(timeline).to_contain_text("Spoke to the teacher.")

    await page.get_by_role("button", name="Mute for a day").click()
    await expect(page.get_by_label("Under which rule")).to_be_focused()  # nothing was sent
    await page.keyboard.type("hatred")
    await page.get_by_label("Why (for the record)").focus()
    await page.keyboard.type("Again today")
    await page.get_by_role("button", name="Mute for a day").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?done=*")
    await expect(timeline).to_contain_text("Again today")
    await page.get_by_role("button", name="Undo").click()
    await page.wait_for_url(f"**/dashboard/people/{anna.id}")
    await page.get_by_role("button", name="Lift: mute").click()
    await expect(page.get_by_role("button", name="Lift: mute")).to_have_count(0)
    async with stage.house.database.read() as tx:
        (decision,) = await tx.decisions.of_user(anna.id)
        kinds = [each.kind for each in await tx.restrictions.in_force(anna.id)]
    assert (decision.state, decision.category) == (DecisionState.UNDONE, "hate")
    assert kinds == ["strike"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone", "narrow"])
async def test_nothing_serious_stands_in_anybodys_way(
    stage: Stage, scheme: str, device: str
) -> None:
    anna = await with_a_past(stage.house)
    narrow = {**PHONE, "viewport": {"width": 360, "height": 740}}
    sizes: dict[str, dict[str, object]] = {"desk": {}, "phone": dict(PHONE), "narrow": narrow}
    page = await moderator(stage, color_scheme=scheme, **sizes[device])
    for name, path in (("people", "people"), ("person", f"people/{anna.id}")):
        await page.goto(f"{stage.house.url}/dashboard/{path}")
        await shoot(page, f"{name}-{device}-{scheme}")
        assert await serious(page) == []
        # a phone makes its window wider where something sticks out, but not its screen
        width = await page.evaluate("document.documentElement.scrollWidth - screen.width")
        assert width <= 0, "nothing sticks out"
