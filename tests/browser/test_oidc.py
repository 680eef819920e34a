"""A real browser goes to an OpenID provider and comes back signed in, under our content policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from handlers.settings import OidcSettings
from tests.browser.chromium import launched
from tests.browser.test_looks import assert_accessible, assert_fits
from tests.fakes.oidc import OidcProvider, oidc_provider
from tests.web.house import free_port, open_house
from web.settings import WebSettings


def settings_of(provider: OidcProvider, port: int) -> OidcSettings:
    """A house at this port is known to the provider."""
    provider.register(f"http://127.0.0.1:{port}/sign-in/oidc/callback")
    provider.knows("ada", name="Ada", email="ada@example.org", email_verified=True)
    return OidcSettings(
        oidc_issuer=provider.issuer,
        oidc_client_id=provider.client_id,
        oidc_client_secret=provider.client_secret,
        oidc_name="Birdhouse",
        oidc_allow=("@example.org",),
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_there_and_back(tmp_path: Path, valkey_url: str, scripts: bool) -> None:
    port = free_port()
    with oidc_provider() as provider:
        oidc, web = settings_of(provider, port), WebSettings(http_port=port)
        async with (
            launched() as browser,
            open_house(tmp_path, valkey_url, web=web, oidc=oidc) as house,
        ):
            page = await browser.new_page(locale="en-US", java_script_enabled=scripts)
            complaints: list[str] = []
            page.on("console", lambda said: complaints.append(said.text))
            await page.goto(house.url)
            await page.get_by_role("button", name="Sign in with Birdhouse").click()
            await page.wait_for_url(f"{provider.issuer}/oauth2/authorize?*")
            # (the provider's own page asks for a style sheet from outside)
            broken = [each for each in complaints if "Content Security Policy" in each]
            assert broken == [], "the way there keeps to our policy"
            await page.locator("input[name=sub]").fill("ada")
            await page.get_by_role("button", name="Authorize").click()
            await page.wait_for_url(f"{house.url}/")
            await page.goto(f"{house.url}/account")
            await expect(page.get_by_text("You are Ada.")).to_be_visible()
            await expect(page.get_by_text("You can sign in with Birdhouse.")).to_be_visible()
            await expect(page.get_by_role("button", name="Take the link away")).to_be_visible()


async def test_the_pages_fit_and_can_be_read_by_everybody(tmp_path: Path, valkey_url: str) -> None:
    port = free_port()
    with oidc_provider() as provider:
        oidc, web = settings_of(provider, port), WebSettings(http_port=port)
        async with (
            launched() as browser,
            open_house(tmp_path, valkey_url, web=web, oidc=oidc) as house,
        ):
            phone = {"width": 390, "height": 844}
            page = await browser.new_page(locale="de-DE", viewport=phone, bypass_csp=True)  # type: ignore[arg-type]
            for path in ("/welcome", "/sign-in", "/sign-in/oidc/callback"):
                await page.goto(f"{house.url}{path}")
                button = page.get_by_role("button", name="Anmelden mit Birdhouse")
                await expect(button).to_be_visible()
                await assert_fits(page)
                await assert_accessible(page)
