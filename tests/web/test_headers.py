"""What every answer carries, and requests that another site could have caused."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.people import Role
from tests.web.house import House, csrf, open_house, pair
from web.settings import WebSettings

PAGES = ["/", "/welcome", "/pair/x", "/connect", "/dashboard", "/offline", "/nothing-here"]


async def test_every_page_forbids_everything_but_our_own_files(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada", Role.OWNER)) as browser:
        nonces = set()
        for path in PAGES:
            headers = (await browser.get(path, headers={"accept": "text/html"})).headers
            policy = headers["content-security-policy"]
            assert policy.startswith("default-src 'none';"), path
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
            nonces.add(policy.split("nonce-")[1].split("'")[0])
        assert len(nonces) == len(PAGES)


async def test_pages_load_nothing_from_outside(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada", Role.OWNER)) as browser:
        for path in PAGES:
            page = (await browser.get(path, headers={"accept": "text/html"})).text
            for attribute in ('src="http', "src='http", 'href="http', 'src="//', "style="):
                assert attribute not in page, (path, attribute)


async def test_pictures_are_served_where_they_can_do_nothing(house: House, png: bytes) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        number = (await browser.post("/conversations")).json()["conversation"]
        files = [("pictures", ("evil.html", png, "text/html"))]
        await browser.post(f"/c/{number}/messages", data={"text": ""}, files=files)
        response = await browser.get("/media/1")
        assert response.headers["content-type"] in ("image/png", "image/jpeg")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "private, no-cache"
        again = await browser.get("/media/1", headers={"if-none-match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_a_change_needs_the_token(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        token = browser.headers.pop("x-csrf-token")
        assert (await browser.post("/conversations")).status_code == 403
        for wrong in ("", "0" * 64, token[:-1]):
            headers = {"x-csrf-token": wrong}
            assert (await browser.post("/conversations", headers=headers)).status_code == 403
        assert (await browser.post("/conversations", data={"csrf": token})).status_code == 201


async def test_one_persons_token_is_no_use_to_another(house: House) -> None:
    ada, eve = await house.add_user("Ada"), await house.add_user("Eve")
    async with house.signed_in(ada) as first, house.signed_in(eve) as second:
        headers = {"x-csrf-token": first.headers["x-csrf-token"]}
        assert (await second.post("/conversations", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_change_from_another_site_is_refused(house: House, headers: dict[str, str]) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        assert (await browser.post("/conversations", headers=headers)).status_code == 403


async def test_a_form_of_our_own_is_taken(house: House) -> None:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        headers = {"origin": house.url, "sec-fetch-site": "same-origin"}
        assert (await browser.post("/conversations", headers=headers)).status_code == 201


async def test_signing_in_needs_the_token_too(house: House) -> None:
    code = await house.admission.owner_code()
    async with house.browser() as browser:
        assert (await browser.post(f"/pair/{code}")).status_code == 403
        assert (await pair(browser, code)).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5", "[", ""])
async def test_other_host_names_are_not_answered(house: House, host: str) -> None:
    async with house.browser() as browser:
        response = await browser.get("/welcome", headers={"host": host})
        assert response.status_code in (400, 421)


@pytest.mark.parametrize("host", ["localhost:8484", "127.0.0.1", "[::1]:99", "chat.example.org"])
async def test_our_own_names_are_answered(tmp_path: Path, valkey_url: str, host: str) -> None:
    web = WebSettings(public_url="https://chat.example.org")
    async with open_house(tmp_path, valkey_url, web=web) as house, house.browser() as browser:
        assert (await browser.get("/welcome", headers={"host": host})).status_code == 200


async def test_behind_https_the_cookie_is_secure(tmp_path: Path, valkey_url: str) -> None:
    web = WebSettings(public_url="https://chat.example.org")
    async with open_house(tmp_path, valkey_url, web=web) as house, house.browser() as browser:
        headers = {"host": "chat.example.org"}
        cookies = (await browser.get("/welcome", headers=headers)).headers.get_list("set-cookie")
        assert cookies
        assert all("Secure" in each for each in cookies)


async def test_forwarded_headers_count_from_trusted_proxies_only(
    tmp_path: Path, valkey_url: str
) -> None:
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7"}
    async with open_house(tmp_path, valkey_url) as house, house.browser() as browser:
        plain = await browser.get("/welcome", headers=forwarded)
        assert "strict-transport-security" not in plain.headers
    web = WebSettings(trusted_proxies=("127.0.0.1/8",))
    async with open_house(tmp_path, valkey_url, web=web) as house, house.browser() as browser:
        trusted = await browser.get("/welcome", headers=forwarded)
        assert "strict-transport-security" in trusted.headers


@pytest.mark.parametrize("path", ["/%0A", "/a%0Ab", "/pair/%0A", "/%0D%0Ax-injected:%20y", "/%00"])
async def test_strange_paths_are_not_found_on_a_page_of_ours(house: House, path: str) -> None:
    async with house.browser() as browser:
        response = await browser.get(path)
        assert "x-injected" not in response.headers
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")


async def test_an_old_page_is_told_to_reload(house: House) -> None:
    async with house.browser() as browser:
        await csrf(browser, "/welcome")
        response = await browser.post("/ask", data={"name": "Ada", "csrf": "old"})
        assert response.status_code == 403
        assert "Reload" in response.text
