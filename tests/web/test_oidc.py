"""Coming in by an OpenID provider, which runs on loopback and which others wrote."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest

from chat.people import Access, Role, User
from handlers.passwords import Passwords
from handlers.second_factor import SecondFactors
from handlers.settings import OidcSettings
from tests.fakes.oidc import OidcProvider, oidc_provider
from tests.web.house import House, csrf, free_port, open_house
from web.settings import WebSettings

ADDRESS = re.compile(r'<a class="button primary" href="([^"]+)"')
WORDS = "plover dunlin knot sanderling"
ADA = {"name": "Ada Lovelace", "email": "ada@example.org", "email_verified": True}
Opening = Callable[..., Awaitable[House]]


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as found:
        found.knows("ada", **ADA)
        yield found


@pytest.fixture
async def opening(
    provider: OidcProvider, tmp_path: Path, valkey_url: str
) -> AsyncIterator[Opening]:
    """Opens a house that knows the provider, with settings of the test's."""
    async with AsyncExitStack() as stack:

        async def opened(
            *, allow: tuple[str, ...] = (), roles: tuple[str, ...] = (), secret: str = ""
        ) -> House:
            port = free_port()
            provider.register(f"http://127.0.0.1:{port}/sign-in/oidc/callback")
            oidc = OidcSettings(
                oidc_issuer=provider.issuer,
                oidc_client_id=provider.client_id,
                oidc_client_secret=secret or provider.client_secret,
                oidc_name="Birdhouse",
                oidc_allow=allow,
                oidc_roles=roles,
            )
            web = WebSettings(http_port=port)
            house = open_house(tmp_path, valkey_url, web=web, oidc=oidc)
            return await stack.enter_async_context(house)

        yield opened


async def sent_off(browser: httpx2.AsyncClient) -> str:
    """Press the button: the provider's address that the browser goes to."""
    data = {"csrf": await csrf(browser, "/sign-in")}
    page = await browser.post("/sign-in/oidc", data=data)
    assert page.status_code == 200, page.text
    found = ADDRESS.search(page.text)
    assert found, page.text
    return html.unescape(found[1])


async def comes(
    browser: httpx2.AsyncClient, provider: OidcProvider, subject: str = "ada"
) -> httpx2.Response:
    """Sign in as somebody who says yes at the provider."""
    return await browser.get(await provider.agree(await sent_off(browser), subject))


async def links(
    browser: httpx2.AsyncClient, provider: OidcProvider, subject: str, **fields: str
) -> httpx2.Response:
    """Link somebody's account at the provider, on the page of the account."""
    answer = await browser.post("/account/oidc", data=fields)
    found = ADDRESS.search(answer.text)
    if not found:
        return answer
    back = await provider.agree(html.unescape(found[1]), subject)
    return await browser.get(back, headers={"accept": "text/html"})


async def people(house: House) -> list[User]:
    """Everybody there is."""
    found = []
    async with house.database.read() as tx:
        for number in range(1, 20):
            user = await tx.users.get_or_none(number)
            if user is not None:
                found.append(user)
    return found


async def is_outside(browser: httpx2.AsyncClient) -> bool:
    page = await browser.get("/", headers={"accept": "text/html"})
    return str(page.headers.get("location")) == "/welcome"


async def done(house: House) -> list[str]:
    """What the audit log says was done."""
    async with house.database.read() as tx:
        await tx.audit.verify()
        return [entry.action for entry in await tx.audit.read(None, 100)]


async def test_whom_the_settings_list_comes_in_and_stays_the_same_person(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening(allow=("@example.org",))
    async with house.browser() as browser:
        assert "Sign in with Birdhouse" in (await browser.get("/welcome")).text
        answer = await comes(browser, provider)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        first = browser.cookies["whimbrel"]
        assert (await browser.get("/")).status_code == 200
        assert "You are Ada Lovelace." in (await browser.get("/account")).text
        assert "whimbrel-oidc" not in browser.cookies, "it is over"
    async with house.browser() as other:
        assert (await comes(other, provider)).headers["location"] == "/"
        assert other.cookies["whimbrel"] != first, "each sign-in is a session of its own"
    [ada] = await people(house)
    assert (ada.role, ada.access) == (Role.MEMBER, Access.ALLOWED)
    async with house.database.read() as tx:
        identities = await tx.users.identities(ada.id)
    assert set(identities) == {("oidc", f"{provider.issuer}#ada"), ("web", str(ada.id))}


async def test_what_is_sent_to_the_provider(opening: Opening, provider: OidcProvider) -> None:
    house = await opening(allow=("@example.org",))
    async with house.browser() as browser:
        await comes(browser, provider)
        await browser.post("/sign-out", data={"csrf": await csrf(browser, "/")})
        await comes(browser, provider)
    one, other = provider.authorizations
    assert one["response_type"] == "code"
    assert one["code_challenge_method"] == "S256"
    assert {"openid", "email", "profile"} == set(one["scope"].split())
    assert one["redirect_uri"] == f"{house.url}/sign-in/oidc/callback"
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name]) >= 43
        assert one[name] != other[name], f"{name} is of one sign-in"
    assert len({one["state"], one["nonce"], one["code_challenge"]}) == 3
    assert provider.client_secret not in str(provider.authorizations)


@pytest.mark.parametrize(
    ("allow", "claims", "comes_in"),
    [
        (("@EXAMPLE.org",), ADA, True),
        (("@example.org",), ADA | {"email": "Ada@Example.ORG"}, True),
        (("@example.org",), ADA | {"email_verified": False}, False),
        (("@example.org",), {"email": "ada@example.org"}, False),
        (("@example.org",), ADA | {"email": "ada@evil.example.org"}, False),
        (("@example.org",), ADA | {"email": "ada@example.org@evil.example"}, False),
        (("@example.org",), {"email": "example.org", "email_verified": True}, False),
        (("@",), {"email": "", "email_verified": True}, False),
        (("birds", "staff"), {"groups": ["staff"]}, True),
        (("staff",), {"groups": "staff"}, True),
        (("staff",), {"groups": ["stafff", 7, None]}, False),
        (("staff",), {"groups": {"staff": 1}}, False),
        (("@example.org",), {"groups": ["@example.org"]}, False),
        (("staff",), {}, False),
    ],
)
async def test_who_is_listed(
    opening: Opening,
    provider: OidcProvider,
    allow: tuple[str, ...],
    claims: dict[str, object],
    comes_in: bool,
) -> None:
    provider.knows("ada", **claims)
    house = await opening(allow=allow)
    async with house.browser() as browser:
        answer = await comes(browser, provider)
        assert (answer.status_code == 303) is comes_in, answer.text
        assert await is_outside(browser) is not comes_in
    if not comes_in:
        assert "is not among those that may come in here" in answer.text
        assert await people(house) == []


async def test_without_a_list_strangers_stay_outside_and_are_told_the_way(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening()
    async with house.browser() as browser:
        answer = await comes(browser, provider)
        assert answer.status_code == 403
        assert "Birdhouse knows you, but nobody here does yet." in answer.text
        assert await is_outside(browser)
    assert await people(house) == []


async def test_it_speaks_the_persons_language(opening: Opening, provider: OidcProvider) -> None:
    house = await opening()
    async with house.browser() as browser:
        browser.headers["accept-language"] = "de"
        answer = await comes(browser, provider)
        assert "Birdhouse kennt dich, aber hier kennt dich noch niemand." in answer.text
        assert provider.authorizations[-1]["ui_locales"] == "de"


async def test_a_linked_account_opens_the_same_chat(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening()
    anna = await house.add_user("Anna")
    async with house.signed_in(anna) as first, house.browser() as second:
        first.headers["accept"] = "text/html"
        assert "Link Birdhouse" in (await first.get("/account")).text
        answer = await links(first, provider, "ada")
        assert answer.headers["location"] == "/account"
        assert "You can sign in with Birdhouse." in (await first.get("/account")).text
        assert (await comes(second, provider)).headers["location"] == "/"
        assert "You are Anna." in (await second.get("/account")).text
        await first.post("/account/oidc/unlink")
        assert "Link Birdhouse" in (await first.get("/account")).text
    async with house.browser() as third:
        assert (await comes(third, provider)).status_code == 403
    assert await done(house) == ["identity.linked", "identity.unlinked"]


async def test_one_address_is_not_one_person(opening: Opening, provider: OidcProvider) -> None:
    """Whoever is given a mail address that was somebody else's is not given their chats."""
    house = await opening(allow=("@example.org",))
    provider.knows("another-ada", **ADA)
    for subject in ("ada", "another-ada"):
        async with house.browser() as browser:
            assert (await comes(browser, provider, subject)).status_code == 303
    assert [user.name for user in await people(house)] == ["Ada Lovelace"] * 2


async def test_a_link_takes_nobody_elses_account(opening: Opening, provider: OidcProvider) -> None:
    house = await opening()
    anna, ben = await house.add_user("Anna"), await house.add_user("Ben")
    async with house.signed_in(anna) as hers, house.signed_in(ben) as his:
        await links(hers, provider, "ada")
        answer = await links(his, provider, "ada")
        assert answer.status_code == 403
        assert "Somebody else here comes in with this account of Birdhouse." in answer.text
        provider.knows("another")
        answer = await links(hers, provider, "another")
        assert "You come in with another account of Birdhouse." in answer.text
    async with house.browser() as browser:
        await comes(browser, provider)
        assert "You are Anna." in (await browser.get("/account")).text


async def test_linking_wants_the_password_that_there_is(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening()
    anna = await house.add_user("Anna")
    assert await Passwords(house.database).set(anna, "Anna", WORDS, token="") is None
    async with house.signed_in(anna) as browser:
        for path in ("/account/oidc", "/account/oidc/unlink"):
            answer = await browser.post(path, data={"current": "wrong"})
            assert answer.status_code == 422
            assert "This is not your current password." in answer.text
        assert (await links(browser, provider, "ada", current=WORDS)).status_code == 303
        answer = await browser.post("/account/oidc", headers={"x-csrf-token": "x"})
        assert answer.status_code == 403, "not without the token of a form"


async def test_the_second_factor_is_asked_for_here_too(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening()
    anna = await house.add_user("Anna")
    assert await Passwords(house.database).set(anna, "Anna", WORDS, token="") is None
    async with house.signed_in(anna) as browser:
        await links(browser, provider, "ada", current=WORDS)
    factors = SecondFactors(house.database, clock=lambda: 1e9)
    await factors.begin(anna)
    secret = (await factors.state(anna)).secret
    assert await factors.confirm(anna, pyotp.TOTP(secret).at(1_000_000_000), token="")
    async with house.browser() as browser:
        answer = await comes(browser, provider)
        assert answer.headers["location"] == "/sign-in/code"
        assert await is_outside(browser)
        data = {"csrf": await csrf(browser, "/sign-in/code"), "code": pyotp.TOTP(secret).now()}
        answer = await browser.post("/sign-in/code", data=data)
        assert answer.headers["location"] == "/"
        assert not await is_outside(browser)


async def test_who_was_blocked_stays_outside(opening: Opening, provider: OidcProvider) -> None:
    house = await opening(allow=("@example.org",))
    async with house.browser() as browser:
        await comes(browser, provider)
        [ada] = await people(house)
        async with house.database.write() as tx:
            await tx.users.set_access(ada.id, Access.BLOCKED)
        assert await is_outside(browser)
        assert (await comes(browser, provider)).status_code == 403
        assert await is_outside(browser)


async def test_groups_give_roles_and_take_them(opening: Opening, provider: OidcProvider) -> None:
    house = await opening(allow=("birds",), roles=("helpers=moderator", "chiefs=admin"))

    async def role_of(*groups: str) -> Role:
        provider.knows("ada", groups=["birds", *groups])
        async with house.browser() as browser:
            assert (await comes(browser, provider)).status_code == 303
            assert (await browser.get("/")).status_code == 200, "the new session stays"
        [ada] = await people(house)
        return ada.role

    assert await role_of() is Role.MEMBER
    assert await role_of("helpers") is Role.MODERATOR
    assert await role_of("helpers", "chiefs") is Role.ADMIN
    assert await role_of("owner") is Role.MEMBER
    assert await done(house) == ["user.role-changed"] * 3
    [ada] = await people(house)
    async with house.database.write() as tx:
        await tx.users.set_role(ada.id, Role.REVIEWER)
    assert await role_of() is Role.REVIEWER, "a role that the settings do not name is ours"
    async with house.database.write() as tx:
        await tx.users.set_role(ada.id, Role.OWNER)
    assert await role_of("helpers") is Role.OWNER, "nobody at the provider takes this one"


async def test_who_says_no_is_not_signed_in(opening: Opening, provider: OidcProvider) -> None:
    house = await opening(allow=("@example.org",))
    async with house.browser() as browser:
        state = parse_qs(urlsplit(await sent_off(browser)).query)["state"][0]
        back = f"/sign-in/oidc/callback?error=access_denied&state={state}"
        answer = await browser.get(back)
        assert answer.status_code == 403
        assert "You were not signed in: Birdhouse did not agree, or you did not." in answer.text


async def test_what_another_browser_has_begun_signs_nobody_in(
    opening: Opening, provider: OidcProvider
) -> None:
    """Somebody has others open the end of their own sign-in, or catches the end of another's."""
    house = await opening(allow=("@example.org",))
    async with house.browser() as one, house.browser() as other:
        back = await provider.agree(await sent_off(one), "ada")
        for begins in (False, True):
            if begins:
                await sent_off(other)
            asked = len(provider.asked)
            answer = await other.get(back)
            assert len(provider.asked) == asked, "the provider is not even asked"
            assert answer.status_code == 403
            assert "was begun in another browser, or too long ago" in answer.text
            assert await is_outside(other)
        own = parse_qs(urlsplit(await sent_off(other)).query)["state"][0]
        code = parse_qs(urlsplit(back).query)["code"][0]
        answer = await other.get(f"/sign-in/oidc/callback?code={code}&state={own}")
        assert answer.status_code == 403, "a code is of the browser that has its verifier"
        assert await is_outside(other)
        assert (await one.get(back)).status_code == 303, "and is still good where it belongs"


async def test_nothing_is_good_twice(opening: Opening, provider: OidcProvider) -> None:
    house = await opening(allow=("@example.org",))
    async with house.browser() as browser:
        address = await sent_off(browser)
        flow = browser.cookies["whimbrel-oidc"]
        back = await provider.agree(address, "ada")
        assert (await browser.get(back)).status_code == 303
        asked = len(provider.asked)
        for cookie in (None, flow):  # as the browser has it, and as a thief has kept it
            async with house.browser() as thief:
                if cookie:
                    thief.cookies["whimbrel-oidc"] = cookie
                assert (await thief.get(back)).status_code == 403
                assert await is_outside(thief)
        assert len(provider.asked) == asked, "nobody is asked about it again"


async def test_linking_and_signing_in_are_not_mistaken_for_each_other(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening()
    anna, ben = await house.add_user("Anna"), await house.add_user("Ben")
    async with house.signed_in(anna) as browser, house.signed_in(ben) as bens:
        page = (await browser.post("/account/oidc")).text
        back = await provider.agree(html.unescape(ADDRESS.findall(page)[0]), "ada")
        flow = browser.cookies["whimbrel-oidc"]
        bens.cookies["whimbrel-oidc"] = flow
        asked = len(provider.asked)
        assert (await bens.get(back)).status_code == 403, "begun by somebody else"
        async with house.browser() as nobody:
            nobody.cookies["whimbrel-oidc"] = flow
            assert (await nobody.get(back)).status_code == 403
        assert len(provider.asked) == asked, "the provider is not even asked"
    async with house.browser() as browser:
        assert (await comes(browser, provider)).status_code == 403, "nothing was linked"


@asynccontextmanager
async def trouble(opening: Opening, provider: OidcProvider) -> AsyncIterator[list[httpx2.Response]]:
    """A sign-in that is to come to nothing; its answer is put into the list."""
    house = await opening(allow=("@example.org",))
    answers: list[httpx2.Response] = []
    async with house.browser() as browser:
        data = {"csrf": await csrf(browser, "/sign-in")}
        page = await browser.post("/sign-in/oidc", data=data)
        answers.append(page)
        if found := ADDRESS.search(page.text):
            back = await provider.agree(html.unescape(found[1]), "ada")
            answers[0] = await browser.get(back)
        yield answers
        assert await is_outside(browser)
    assert await people(house) == []


async def test_a_wrong_client_secret_is_the_operators_business(
    opening: Opening, provider: OidcProvider
) -> None:
    house = await opening(allow=("@example.org",), secret="wrong")
    async with house.browser() as browser:
        answer = await comes(browser, provider)
        assert answer.status_code == 502
        assert "Birdhouse does not answer as it should." in answer.text
        assert await is_outside(browser)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/oauth2/token"])
@pytest.mark.parametrize("way", ["broken", "long", "nonsense", "list", "elsewhere"])
async def test_a_provider_that_does_not_answer_as_one_signs_nobody_in(
    opening: Opening, provider: OidcProvider, path: str, way: str
) -> None:
    answers = {
        "broken": (500, {}),
        "long": (200, {"keys": ["x" * 600_000]}),
        "nonsense": (200, b"\xff<html>"),
        "list": (200, [1]),
    }
    if way == "elsewhere":
        provider.moved[path] = f"http://127.0.0.1:{free_port()}/"
    else:
        provider.tamper[path] = lambda _: answers[way]
    async with trouble(opening, provider) as [answer]:
        assert answer.status_code == 502
        assert "Birdhouse does not answer as it should." in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", "http://localhost:1"),
        ("issuer", "{issuer}/"),
        ("authorization_endpoint", "http://evil.example/authorize"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("token_endpoint", "http://127.0.0.1:1/token"),
        ("token_endpoint", "{issuer}@evil.example/token"),
        ("jwks_uri", "http://169.254.169.254/latest"),
        ("jwks_uri", "file:///etc/passwd"),
        ("userinfo_endpoint", "https://localhost/userinfo"),
    ],
)
async def test_nobody_is_asked_but_the_provider_itself(
    opening: Opening, provider: OidcProvider, field: str, value: str
) -> None:
    value = value.format(issuer=provider.issuer)
    path = "/.well-known/openid-configuration"
    provider.tamper[path] = lambda told: (200, told | {field: value})
    async with trouble(opening, provider) as [answer]:
        assert answer.status_code == 403
        assert "could not be verified, so nobody was signed in" in answer.text


async def test_more_of_somebody_else_is_not_believed(
    opening: Opening, provider: OidcProvider
) -> None:
    provider.forge = lambda claims: provider.signed(
        {name: claims[name] for name in ("iss", "sub", "aud", "exp", "iat", "nonce")}
    )
    provider.tamper["/userinfo"] = lambda told: (200, told | {"sub": "eve"})
    async with trouble(opening, provider) as [answer]:
        assert answer.status_code == 403
    assert "/userinfo" in provider.asked


async def test_what_only_the_user_info_says_counts(
    opening: Opening, provider: OidcProvider
) -> None:
    provider.forge = lambda claims: provider.signed(
        {name: claims[name] for name in ("iss", "sub", "aud", "exp", "iat", "nonce")}
    )
    house = await opening(allow=("@example.org",))
    async with house.browser() as browser:
        assert (await comes(browser, provider)).status_code == 303
    [ada] = await people(house)
    assert ada.name == "Ada Lovelace"


async def test_while_the_provider_is_away_links_still_open(tmp_path: Path, valkey_url: str) -> None:
    oidc = OidcSettings(oidc_issuer=f"http://localhost:{free_port()}", oidc_client_id="x")
    async with open_house(tmp_path, valkey_url, oidc=oidc) as house:
        async with house.browser() as browser:
            data = {"csrf": await csrf(browser, "/sign-in")}
            answer = await browser.post("/sign-in/oidc", data=data)
            assert answer.status_code == 502
        async with house.signed_in(await house.add_user("Anna")) as browser:
            assert (await browser.get("/")).status_code == 200
