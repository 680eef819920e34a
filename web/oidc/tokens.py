"""Checks an ID token: whose signature, from whom, for whom, until when, for which sign-in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from msgspec import Struct

from web.oidc.errors import Untrue

# Public keys alone: with HS256 whoever knows a public key could sign, and `none` is nobody's.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
SKEW = 60  # seconds by which a provider's clock may differ
OLDEST = 600  # seconds since a token was made: it comes straight from the provider
LONGEST = 64 * 1024
LONGEST_SUBJECT = 255  # characters (OpenID Connect Core 1.0, section 2)

# Not strict: providers put headers into tokens (such as x5t) that change nothing.
_registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)


class Expected(Struct, frozen=True):
    """What an ID token has to say; `now` in epoch seconds."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    now: float


class UnknownKey(Untrue):
    """The token is signed by a key that we have not seen; the provider may have a new one."""


def keys_of(document: Any) -> KeySet:
    """The keys of a JSON Web Key Set that may sign. Raises Untrue."""
    try:
        public = [key for key in document["keys"] if key.get("kty") in ("RSA", "EC", "OKP")]
        return KeySet.import_key_set({"keys": [each for each in public if _signs(each)]})
    except (JoseError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Untrue(f"the provider's keys cannot be read: {type(error).__name__}") from None


def checked(token: str, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """The claims of a token that holds in every respect. Raises Untrue."""
    if len(token) > LONGEST:
        raise Untrue("the token is too long")
    try:
        found = jwt.decode(token, keys, registry=_registry)
        _check_claims(found.claims, found.header, expected)
    except InvalidKeyIdError as error:
        raise UnknownKey(str(error)) from None
    except (JoseError, LookupError, TypeError, ValueError, AttributeError) as error:
        claim = getattr(error, "claim", "")
        raise Untrue(f"the token does not hold: {type(error).__name__} {claim}".strip()) from None
    return dict(found.claims)


def _check_claims(claims: Mapping[str, Any], header: Mapping[str, Any], expected: Expected) -> None:
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "nonce": {"essential": True},
    }
    known = {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": expected.access_token,
    }
    now = int(expected.now)
    CodeIDToken(claims, header, options, known).validate(now=now, leeway=SKEW)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode()):
        raise ValueError("nonce")
    if claims["iat"] < now - OLDEST:
        raise ValueError("iat")
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise ValueError("sub")


def _signs(key: Mapping[str, Any]) -> bool:
    return bool(key.get("use", "sig") == "sig")
