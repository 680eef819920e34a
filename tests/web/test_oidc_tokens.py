"""ID tokens that are not what they should be: each alone, and the gravest through the whole way."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from tests.fakes.oidc import OidcProvider
from tests.web.test_oidc import Opening, opening, provider, trouble
from web.oidc.errors import Untrue
from web.oidc.tokens import OLDEST, SKEW, Expected, UnknownKey, checked, keys_of

__all__ = ["opening", "provider"]

NOW = 1_700_000_000
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})
FOR_SECRECY = RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"})
SAME_FOR_SIGNING = RSAKey.import_key(FOR_SECRECY.as_pem(private=True))
PUBLIC = [each.as_dict(private=False) for each in (KEY, CURVE, FOR_SECRECY)]
KEYS = keys_of({"keys": PUBLIC})
EXPECTED = Expected(
    issuer="https://id.example", client_id="us", nonce="n" * 64, access_token="token", now=NOW + 0.5
)
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "us",
    "sub": "ada",
    "exp": NOW + 300,
    "iat": NOW,
    "nonce": "n" * 64,
}


ANYTHING = JWSRegistry(algorithms=["RS256", "PS256", "ES256"], strict_check_header=False)


def token(claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"} | header, claims, key, registry=ANYTHING)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("changed", "key", "header"),
    [
        ({}, KEY, {}),
        ({}, CURVE, {"alg": "ES256", "kid": "curve"}),
        ({}, KEY, {"alg": "PS256"}),
        ({}, KEY, {"x5t": "what providers put there"}),
        ({"aud": ["us"]}, KEY, {}),
        ({"aud": ["us", "them"], "azp": "us"}, KEY, {}),
        ({"exp": NOW - SKEW + 1}, KEY, {}),
        ({"iat": NOW + SKEW}, KEY, {}),
        ({"nbf": NOW + SKEW}, KEY, {}),
    ],
)
def test_what_is_as_it_should_be_holds(
    changed: dict[str, Any], key: Any, header: dict[str, Any]
) -> None:
    assert checked(token(CLAIMS | changed, key, **header), KEYS, EXPECTED)["sub"] == "ada"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "them"},
        {"aud": []},
        {"aud": ["them"]},
        {"aud": ["us", "them"]},  # for both, and nobody says who asked
        {"aud": ["us", "them"], "azp": "them"},
        {"aud": "us", "azp": "them"},
        {"aud": "us2"},
        {"aud": None},
        {"aud": {"us": "us"}},
        {"iss": "https://id.example/"},
        {"iss": "https://evil.example"},
        {"iss": ["https://id.example"]},
        {"nonce": "m" * 64},
        {"nonce": ""},
        {"nonce": None},
        {"nonce": ["n" * 64]},
        {"exp": NOW - SKEW - 1},
        {"exp": str(NOW + 300)},
        {"exp": None},
        {"exp": float("nan")},
        {"iat": NOW + SKEW + 2},
        {"iat": NOW - OLDEST - 1},
        {"iat": None},
        {"nbf": NOW + SKEW + 2},
        {"sub": ""},
        {"sub": "a" * 256},
        {"sub": 7},
        {"sub": None},
        {"at_hash": "of another token"},
    ],
)
def test_a_claim_that_is_wrong_is_refused(changed: dict[str, Any]) -> None:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    with pytest.raises(Untrue):
        checked(token(claims), KEYS, EXPECTED)


def test_every_claim_that_we_need_has_to_be_there() -> None:
    for name in CLAIMS:
        with pytest.raises(Untrue):
            checked(token({key: CLAIMS[key] for key in CLAIMS if key != name}), KEYS, EXPECTED)


def by_hand(claims: dict[str, Any], secret: bytes, *, kid: str = "one", bits: int = 256) -> str:
    """Signed with something that is no secret as if it were one; libraries refuse to."""
    text = f"{part({'alg': f'HS{bits}', 'kid': kid})}.{part(claims)}"
    signature = hmac.digest(secret, text.encode(), f"sha{bits}")
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def with_more_to_understand() -> str:
    """Rightly signed, under a header that says it is to be refused by who does not know it."""
    header = {"alg": "RS256", "kid": "one", "crit": ["more"], "more": 1}
    text = f"{part(header)}.{part(CLAIMS)}"
    assert KEY.private_key is not None
    signature = KEY.private_key.sign(text.encode(), PKCS1v15(), SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


FORGED: dict[str, Callable[[], str]] = {
    "none": lambda: f"{part({'alg': 'none'})}.{part(CLAIMS)}.",
    "None": lambda: f"{part({'alg': 'None', 'kid': 'one'})}.{part(CLAIMS)}.",
    "no algorithm": lambda: f"{part({'kid': 'one'})}.{part(CLAIMS)}.",
    "public key as secret": lambda: by_hand(CLAIMS, KEY.as_pem(private=False)),
    "and longer": lambda: by_hand(CLAIMS, KEY.as_pem(private=False), bits=512),
    "the key as it is served": lambda: by_hand(CLAIMS, json.dumps(PUBLIC[0]).encode()),
    "another key": lambda: token(CLAIMS, OTHER),
    "a key of its own": lambda: token(CLAIMS, OTHER, jwk=OTHER.as_dict(private=False)),
    "a key to be fetched": lambda: token(CLAIMS, OTHER, jku="http://127.0.0.1:1/keys"),
    "a key for secrecy": lambda: token(CLAIMS, SAME_FOR_SIGNING, kid="enc"),
    "an unknown key": lambda: token(CLAIMS, OTHER, kid="two"),
    "another kind of key": lambda: token(CLAIMS, CURVE, alg="ES256"),
    "must be understood": lambda: with_more_to_understand(),
    "no signature": lambda: token(CLAIMS).rpartition(".")[0] + ".",
    "another's signature": lambda: (
        token(CLAIMS | {"sub": "eve"}).rpartition(".")[0] + "." + token(CLAIMS).split(".")[2]
    ),
    "not a token": lambda: "",
    "too long": lambda: token(CLAIMS | {"more": "x" * 70_000}),
    "a list": lambda: f"{part({'alg': 'RS256'})}.{part([1])}.x",
}


@pytest.mark.parametrize("how", FORGED)
def test_what_nobody_has_signed_is_refused(how: str) -> None:
    with pytest.raises(Untrue) as refused:
        checked(FORGED[how](), KEYS, EXPECTED)
    unknown = how in ("an unknown key", "a key for secrecy", "a list")
    assert isinstance(refused.value, UnknownKey) is unknown
    assert "ada" not in str(refused.value), "what the log says holds nothing of the token"


@given(st.data())
def test_no_changed_character_goes_unseen(data: st.DataObject) -> None:
    whole = token(CLAIMS)
    place = data.draw(st.integers(0, len(whole) - 1))
    sign = data.draw(st.characters(codec="ascii").filter(lambda each: each != whole[place]))
    changed = whole[:place] + sign + whole[place + 1 :]
    try:
        assert checked(changed, KEYS, EXPECTED) == CLAIMS
    except Untrue:
        return
    # The last character of each part has bits that mean nothing.
    assert [bytes_of(each) for each in changed.split(".")] == [
        bytes_of(each) for each in whole.split(".")
    ]


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"keys": []},
        {"keys": "x"},
        {"keys": [7]},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}]},
        {"keys": [{"kty": "RSA", "n": "x", "e": "AQAB"}]},
        {"keys": [FOR_SECRECY.as_dict(private=False)]},
    ],
)
def test_keys_that_sign_nothing_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(Untrue):
        keys_of(document)


def test_a_secret_among_the_keys_is_not_one_of_them() -> None:
    secret = {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "shared"}
    keys = keys_of({"keys": [*PUBLIC, secret]})
    assert isinstance(keys, KeySet)
    assert {key.kid for key in keys.keys} == {"one", "curve"}


THROUGH: dict[str, Callable[[OidcProvider, dict[str, Any]], str]] = {
    "audience": lambda provider, claims: provider.signed(claims | {"aud": "them"}),
    "issuer": lambda provider, claims: provider.signed(claims | {"iss": "https://evil.example"}),
    "nonce": lambda provider, claims: provider.signed(claims | {"nonce": "x"}),
    "expired": lambda provider, claims: provider.signed(claims | {"exp": claims["iat"] - 3600}),
    "none": lambda provider, claims: f"{part({'alg': 'none'})}.{part(claims)}.",
    "HS256": lambda provider, claims: by_hand(
        claims, provider.key.as_pem(private=False), kid="another"
    ),
    "secret": lambda provider, claims: by_hand(claims, provider.client_secret.encode(), kid="?"),
    "stolen": lambda provider, claims: provider.signed({**claims, "sub": "eve", "nonce": ""}),
}


@pytest.mark.parametrize("how", THROUGH)
async def test_a_hostile_token_signs_nobody_in(
    opening: Opening, provider: OidcProvider, how: str
) -> None:
    provider.forge = lambda claims: THROUGH[how](provider, claims)
    async with trouble(opening, provider) as [answer]:
        assert answer.status_code == 403
        assert "could not be verified, so nobody was signed in" in answer.text
