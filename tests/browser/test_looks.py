"""How the pages look and read: light and dark, phone and desk, for everybody, in two languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from chat.people import Role
from chat.turns import WorkerInfo
from tests.browser.conftest import Stage

PHONE = {"viewport": {"width": 375, "height": 760}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 820}}
PATHS = (
    "/",
    "/dashboard",
    "/account",
    "/account/factor",
    "/first-password",
    "/connect",
    "/pair/x",
    "/nothing-here",
)
GROUND = {"light": "rgb(246, 244, 239)", "dark": "rgb(20, 24, 26)"}


async def ground(page: Page) -> str:
    colour = await page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    return str(colour)


async def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    width = await page.locator("html").evaluate("html => [html.scrollWidth, html.clientWidth]")
    assert width[0] <= width[1], page.url


async def assert_accessible(page: Page) -> None:
    results = await Axe().run(page)
    problems = [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in results.response["violations"]
    ]
    assert problems == [], page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["phone", "desk"])
async def test_every_page_fits_reads_well_and_follows_the_systems_colours(
    stage: Stage, scheme: str, device: str
) -> None:
    # axe is run by the test as a script in the page, which the policy forbids to everybody else.
    options = PHONE if device == "phone" else DESK
    page = await stage.owner_page(**options, color_scheme=scheme, bypass_csp=True)
    await stage.house.broker.announce(WorkerInfo("w2", "tiny", "f32", 512, 2, demonstration=True))
    await stage.house.admission.ask(name="Grace")
    stage.ways.words_per_second = 0
    for path in PATHS:
        if path == "/nothing-here":
            stage.watched.expected = ["404"]
        await page.goto(stage.house.url + path)
        assert await ground(page) == GROUND[scheme]
        await assert_fits(page)
        await assert_accessible(page)
    await page.goto(stage.house.url)
    await page.get_by_role("button", name="A red circle").click()
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".assistant footer")).to_be_visible()
    await page.get_by_role("textbox", name="Write a message").fill("/delete")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_be_visible()
    await assert_fits(page)
    await assert_accessible(page)
    if device == "phone":
        await page.get_by_role("button", name="Conversations").click()
        await expect(page.get_by_role("button", name="Close").first).to_be_focused()
    await page.get_by_role("button", name="Use on another device").click()
    await expect(page.locator("#move-dialog")).to_be_visible()
    await assert_accessible(page)


async def test_the_theme_is_chosen_and_kept(stage: Stage) -> None:
    page = await stage.owner_page(color_scheme="light")
    await page.get_by_role("button", name="Light or dark").click()
    await expect(page.locator("body")).to_have_css("background-color", GROUND["dark"])
    await page.reload()
    await expect(page.locator("body")).to_have_css("background-color", GROUND["dark"])
    await page.get_by_role("button", name="Light or dark").click()
    await expect(page.locator("body")).to_have_css("background-color", GROUND["light"])


async def test_the_page_speaks_the_browsers_language(stage: Stage) -> None:
    page = await stage.watched.page(locale="de-DE")
    code = await stage.house.admission.owner_code()
    await page.goto(f"{stage.house.url}/pair/{code}")
    await page.get_by_role("button", name="Hier anmelden").click()
    await page.get_by_role("button", name="Nicht jetzt").click()
    await page.wait_for_url(f"{stage.house.url}/")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await page.get_by_role("textbox", name="Schreib eine Nachricht").fill("/privacy")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("Wer")


async def test_the_keyboard_reaches_what_matters_in_order(stage: Stage) -> None:
    page = await stage.owner_page()
    await expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
    reached = []
    await page.locator(".skip").focus()
    for _ in range(16):
        reached.append(
            await page.evaluate(
                """() => {
                    const { id, dataset, className } = document.activeElement;
                    return id || (dataset.sample && "sample") || className;
                }"""
            )
        )
        await page.keyboard.press("Tab")
    assert reached[0] == "skip"
    for before, after in (("new", "theme"), ("theme", "move"), ("move", "scroll")):
        assert reached.index(before) < reached.index(after), reached
    assert reached.count("sample") == 6


async def test_without_a_connection_the_shell_says_so(stage: Stage) -> None:
    stage.watched.expected = ["ERR_INTERNET_DISCONNECTED"]
    page = await stage.owner_page()
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    await page.context.set_offline(True)
    await page.goto(f"{stage.house.url}/connect")
    await expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    kept = await page.evaluate(
        """async () => {
            const names = await caches.keys();
            const caches_ = await Promise.all(names.map((name) => caches.open(name)));
            const all = await Promise.all(caches_.map((cache) => cache.keys()));
            return all.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    assert "/offline" in kept
    assert all(path == "/offline" or path.startswith("/static/") for path in kept)
    await page.context.set_offline(False)


async def test_the_owner_lets_a_stranger_in_on_the_dashboard(stage: Stage) -> None:
    stranger = await stage.watched.page()
    await stranger.goto(stage.house.url)
    await stranger.get_by_role("textbox", name="Your name").fill("Grace")
    await stranger.get_by_role("button", name="Ask to be let in").click()
    await expect(stranger.get_by_text("on its way")).to_be_visible()
    owner = await stage.owner_page()
    await owner.goto(f"{stage.house.url}/dashboard")
    await expect(owner.get_by_text("Grace")).to_be_visible()
    await owner.get_by_role("button", name="Let them in").click()
    await expect(owner.get_by_text("Nobody waits.")).to_be_visible()
    await stranger.get_by_role("link", name="Look again").click()
    await expect(stranger.get_by_role("textbox", name="Write a message")).to_be_visible()
    await stranger.goto(f"{stage.house.url}/welcome")
    await stranger.wait_for_url(f"{stage.house.url}/")


@pytest.mark.parametrize("device", ["phone", "desk"])
async def test_the_owner_has_a_failed_question_answered_once_more(
    stage: Stage, device: str
) -> None:
    options = PHONE if device == "phone" else DESK
    page = await stage.owner_page(**options, bypass_csp=True)
    stage.ways.status = 400
    await page.get_by_role("textbox", name="Write a message").fill("What does a wagtail eat?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
    chat = page.url
    stage.ways.status = 200
    await page.goto(f"{stage.house.url}/dashboard")
    await expect(page.get_by_text("What does a wagtail eat?")).to_be_visible()
    await assert_fits(page)
    await assert_accessible(page)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("None in the last 30 days.")).to_be_visible()
    await page.goto(chat)
    await expect(page.locator(".assistant footer")).to_be_visible()


async def test_a_password_is_set_and_used_in_another_browser(stage: Stage) -> None:
    stage.watched.expected = ["422"]
    page = await stage.owner_page(**PHONE, bypass_csp=True)
    await page.goto(f"{stage.house.url}/account")
    await page.get_by_label("Name to sign in with").fill("Ada")
    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
    await page.get_by_label("Name to sign in with").fill("Ada")
    await page.get_by_label("New password").fill("plover dunlin knot")
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_text("You can sign in as ada.")).to_be_visible()
    await assert_accessible(page)
    other = await stage.watched.page(**DESK, bypass_csp=True)
    await other.goto(stage.house.url)
    await other.get_by_role("link", name="Sign in with name and password").click()
    await assert_fits(other)
    await assert_accessible(other)
    await other.get_by_label("Name to sign in with").fill("ada")
    await other.get_by_label("Password").fill("plover dunlin knot")
    await other.get_by_role("button", name="Sign in").click()
    await expect(other.get_by_role("textbox", name="Write a message")).to_be_visible()


async def test_a_member_has_no_dashboard(stage: Stage) -> None:
    stage.watched.expected = ["403"]
    page = await stage.watched.page()
    await stage.pair(page, await stage.house.add_user("Grace", Role.MEMBER))
    await page.locator("summary").click()
    await expect(page.get_by_role("link", name="Dashboard")).to_have_count(0)
    await page.goto(f"{stage.house.url}/dashboard")
    await expect(page.get_by_role("alert")).to_contain_text("not allowed")
