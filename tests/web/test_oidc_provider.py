"""What is remembered of a provider, and how long; what binds a flow; which settings hold."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from bot.settings import SettingsError, load
from chat.people import Role
from handlers.settings import OidcSettings
from tests.fakes.oidc import Claims, OidcProvider, oidc_provider
from tests.storage.conftest import Clock
from tests.waiting import eventually
from web.oidc.errors import Stale, Untrue
from web.oidc.flow import LIFETIME, Flow
from web.oidc.provider import AGAIN, FRESH, Provider

BACK = "http://127.0.0.1:1/back"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as found:
        found.register(BACK)
        found.knows("ada", name="Ada", email="ada@example.org", email_verified=True)
        yield found


def known(provider: OidcProvider, clock: Clock) -> Provider:
    settings = OidcSettings(
        oidc_issuer=provider.issuer,
        oidc_client_id=provider.client_id,
        oidc_client_secret=provider.client_secret,
    )
    return Provider(settings, clock=clock)


async def comes_back(ours: Provider, provider: OidcProvider, *, issuer: str = "") -> str:
    """A whole sign-in; the subject."""
    flow = Flow.begin(0)
    address = await ours.address(flow, "sign-in", redirect_uri=BACK, language="")
    query = parse_qs(urlsplit(await provider.agree(address, "ada")).query)
    found = await ours.identity(flow, query["code"][0], redirect_uri=BACK, from_issuer=issuer)
    return found.subject


def later(provider: OidcProvider, clock: Clock, key: RSAKey | None = None) -> None:
    """Tokens are made at the clock's time, under the key that is served besides."""

    def forge(claims: Claims) -> str:
        claims |= {"iat": int(clock.now), "exp": int(clock.now) + 60}
        if key is None:
            return provider.signed(claims)
        return jwt.encode({"alg": "RS256", "kid": "new"}, claims, key)

    provider.forge = forge


async def test_description_and_keys_are_asked_for_once_an_hour(provider: OidcProvider) -> None:
    clock = Clock()
    later(provider, clock)
    ours = known(provider, clock)
    for _ in range(3):
        assert await comes_back(ours, provider) == "ada"
    asked = ("/.well-known/openid-configuration", "/jwks")
    assert [provider.asked.count(path) for path in asked] == [1, 1]
    clock.advance(FRESH)
    await comes_back(ours, provider)
    assert [provider.asked.count(path) for path in asked] == [2, 2]


async def test_a_new_key_is_asked_for_but_not_by_every_token(provider: OidcProvider) -> None:
    clock, new = Clock(), RSAKey.generate_key(2048, {"kid": "new"})
    later(provider, clock)
    ours = known(provider, clock)
    await comes_back(ours, provider)
    later(provider, clock, new)
    for _ in range(3):  # of whoever makes keys up
        with pytest.raises(Untrue):
            await comes_back(ours, provider)
    assert provider.asked.count("/jwks") == 1
    provider.tamper["/jwks"] = lambda told: (200, {"keys": [new.as_dict(private=False)]})
    clock.advance(AGAIN)
    assert await comes_back(ours, provider) == "ada"
    assert provider.asked.count("/jwks") == 2


async def test_a_provider_that_was_away_is_asked_again(provider: OidcProvider) -> None:
    ours, path = known(provider, Clock()), "/.well-known/openid-configuration"
    provider.tamper[path] = lambda told: (503, {})

    async def described() -> bool:
        try:
            await ours.describe()
        except Exception:
            del provider.tamper[path]
            return False
        return True

    await eventually(described)
    assert provider.asked.count(path) == 2


async def test_the_answer_names_its_issuer_where_the_provider_says_so(
    provider: OidcProvider,
) -> None:
    clock = Clock()
    later(provider, clock)
    with pytest.raises(Untrue):
        await comes_back(known(provider, clock), provider, issuer="https://evil.example")
    assert await comes_back(known(provider, clock), provider, issuer=provider.issuer) == "ada"
    told = {"authorization_response_iss_parameter_supported": True}
    path = "/.well-known/openid-configuration"
    provider.tamper[path] = lambda about: (200, about | told)
    with pytest.raises(Untrue):
        await comes_back(known(provider, clock), provider)


async def test_a_code_without_its_verifier_is_not_taken(provider: OidcProvider) -> None:
    ours, flow = known(provider, Clock()), Flow.begin(0)
    address = await ours.address(flow, "sign-in", redirect_uri=BACK, language="")
    query = parse_qs(urlsplit(await provider.agree(address, "ada")).query)
    with pytest.raises(Stale):
        await ours.identity(Flow.begin(0), query["code"][0], redirect_uri=BACK, from_issuer="")


async def test_a_host_of_the_settings_may_be_asked_too(provider: OidcProvider) -> None:
    clock = Clock()
    later(provider, clock)
    here, elsewhere = provider.issuer, provider.issuer.replace("localhost", "127.0.0.1")
    path = "/.well-known/openid-configuration"
    provider.tamper[path] = lambda told: (200, told | {"jwks_uri": f"{elsewhere}/jwks"})
    with pytest.raises(Untrue):
        await comes_back(known(provider, clock), provider)
    settings = OidcSettings(
        oidc_issuer=here,
        oidc_client_id=provider.client_id,
        oidc_client_secret=provider.client_secret,
        oidc_hosts=(urlsplit(elsewhere).netloc,),
    )
    assert await comes_back(Provider(settings, clock=clock), provider) == "ada"


def test_a_flow_is_of_one_browser_one_purpose_and_its_time() -> None:
    flow = Flow.begin(1000.9)
    assert Flow.parse(flow.cookie, 1000) == flow
    assert Flow.parse(flow.cookie, 1000 + LIFETIME) == flow
    assert Flow.parse(flow.cookie, 1001 + LIFETIME) is None
    assert Flow.parse(flow.cookie, 900) is None
    for cookie in ("", "1000", "1000.", flow.cookie + "x", f"{flow.cookie}\n", "x" * 9999):
        assert Flow.parse(cookie, 1000) is None
    state = flow.state("link:7")
    assert flow.is_for("link:7", state)
    others = (flow, Flow(1001, flow.secret), Flow.begin(1000))
    assert not any(other.is_for("link:8", state) for other in others)
    assert not any(other.is_for("link:7", state) for other in others[1:])
    assert not flow.is_for("sign-in", state)
    assert not flow.is_for("link:7", "é")
    assert len({flow.state("sign-in"), state, flow.nonce, flow.verifier, flow.secret}) == 5
    assert flow.secret not in flow.state("sign-in") + flow.nonce + flow.verifier


GOOD = {"OIDC_ISSUER": "https://id.example/realm", "OIDC_CLIENT_ID": "us"}


def test_settings_that_hold() -> None:
    more = {"OIDC_CLIENT_SECRET": "planted", "OIDC_ALLOW": "@example.org, birds"}
    roles = {"OIDC_ROLES": "helpers=moderator, a=b=admin"}
    oidc = load(GOOD | more | roles).oidc
    assert oidc.oidc_allow == ("@example.org", "birds")
    assert oidc.roles == {"helpers": Role.MODERATOR, "a=b": Role.ADMIN}
    assert oidc.label == "id.example"
    assert "planted" in load(GOOD | more).secrets()
    assert "planted" not in repr(oidc)
    assert load({"OIDC_ISSUER": "http://localhost:9", "OIDC_CLIENT_ID": "x"}).oidc.oidc_issuer
    assert load({}).oidc.label == ""


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://localhost.evil.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example?x"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example#x"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://us:secret@id.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "id.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://[::1"}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_ROLES": "chiefs=owner"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": "chiefs"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": "=admin"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": "chiefs=king"}, "OIDC_ROLES"),
    ],
)
def test_settings_that_do_not(changed: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load(GOOD | changed)
