"""Speaks with the one provider of the settings: its description, its keys, and codes for tokens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx2
import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from joserfc.jwk import KeySet
from msgspec import Struct

from handlers.oidc import Identity
from handlers.settings import OidcSettings
from web.oidc.errors import ProviderUnavailable, Stale, Untrue
from web.oidc.flow import Flow
from web.oidc.tokens import Expected, UnknownKey, checked, keys_of

T = TypeVar("T")

PATIENCE = 10.0  # seconds for one answer as a whole
LONGEST = 512 * 1024  # bytes of one answer
FRESH = 3600.0  # seconds for which description and keys are believed
AGAIN = 30.0  # seconds after which keys are asked for again, where one is not among them
MOST_GROUPS = 1000
PLAIN = {"accept": "application/json", "accept-encoding": "identity"}  # nothing to be unpacked


class Description(Struct, frozen=True):
    """What we need of a provider's metadata (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    scopes_supported: tuple[str, ...] = ()
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(Struct, frozen=True):
    """What a code was exchanged for."""

    id_token: str
    access_token: str = ""


class Provider:
    """One provider. Of its hosts only those of the settings are ever asked, by https, and where
    they lead elsewhere nobody follows."""

    def __init__(self, settings: OidcSettings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._hosts = {urlsplit(settings.oidc_issuer).netloc.lower()}
        self._hosts |= {host.lower() for host in settings.oidc_hosts}
        self._scheme = urlsplit(settings.oidc_issuer).scheme
        self._asking = asyncio.Lock()
        self._description: tuple[float, Description] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def describe(self) -> Description:
        """What the provider says of itself. Raises ProviderUnavailable and Untrue."""
        async with self._asking:
            if self._description is None or self._is_old(self._description[0], FRESH):
                self._description = (self._clock(), await self._ask_description())
            return self._description[1]

    async def address(self, flow: Flow, purpose: str, *, redirect_uri: str, language: str) -> str:
        """Where the browser goes. Raises ProviderUnavailable and Untrue."""
        about = await self.describe()
        scopes = ["openid", "profile", "email"]
        scopes += ["groups"] if "groups" in about.scopes_supported else []
        return str(
            prepare_grant_uri(
                about.authorization_endpoint,
                client_id=self._settings.oidc_client_id,
                response_type="code",
                redirect_uri=redirect_uri,
                scope=" ".join(scopes),
                state=flow.state(purpose),
                nonce=flow.nonce,
                code_challenge=create_s256_code_challenge(flow.verifier),
                code_challenge_method="S256",
                ui_locales=language or None,
            )
        )

    async def identity(
        self, flow: Flow, code: str, *, redirect_uri: str, from_issuer: str
    ) -> Identity:
        """Who has come back with this code; `from_issuer` as the answer names it (RFC 9207).

        Raises Stale, ProviderUnavailable and Untrue.
        """
        about = await self.describe()
        wanted = from_issuer or about.authorization_response_iss_parameter_supported
        if wanted and from_issuer != about.issuer:
            raise Untrue("the answer is another issuer's")
        tokens = await self._exchange(about, flow, code, redirect_uri)
        expected = Expected(
            issuer=self._settings.oidc_issuer,
            client_id=self._settings.oidc_client_id,
            nonce=flow.nonce,
            access_token=tokens.access_token,
            now=self._clock(),
        )
        claims = await self._claims(about, tokens.id_token, expected)
        return self._identity(claims, await self._user_info(about, claims, tokens.access_token))

    async def _claims(self, about: Description, token: str, expected: Expected) -> dict[str, Any]:
        try:
            return checked(token, await self._known_keys(about, FRESH), expected)
        except UnknownKey:
            return checked(token, await self._known_keys(about, AGAIN), expected)

    async def _known_keys(self, about: Description, age: float) -> KeySet:
        async with self._asking:
            if self._keys is None or self._is_old(self._keys[0], age):
                document = _decoded(await self._ask("GET", about.jwks_uri), dict[str, Any])
                self._keys = (self._clock(), keys_of(document))
            return self._keys[1]

    async def _ask_description(self) -> Description:
        issuer = self._settings.oidc_issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        about = _decoded(await self._ask("GET", address), Description)
        if about.issuer != issuer:
            raise Untrue("the provider describes itself as another issuer than OIDC_ISSUER")
        self._check_address(about.authorization_endpoint)
        return about

    async def _exchange(
        self, about: Description, flow: Flow, code: str, redirect_uri: str
    ) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": flow.verifier,
        }
        name, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret
        methods = about.token_endpoint_auth_methods_supported
        basic = None
        if secret and ("client_secret_basic" in methods or "client_secret_post" not in methods):
            basic = (quote(name, safe=""), quote(secret, safe=""))  # RFC 6749, section 2.3.1
        else:
            form |= {"client_id": name} | ({"client_secret": secret} if secret else {})
        answer = await self._ask("POST", about.token_endpoint, data=form, auth=basic)
        return _decoded(answer, Tokens)

    async def _user_info(
        self, about: Description, claims: dict[str, Any], access_token: str
    ) -> dict[str, Any]:
        """What the provider says besides the token, where that lacks something that we ask for."""
        asked = {"name"}
        if self._settings.oidc_allow or self._settings.oidc_roles:
            asked |= {"email", "groups"}
        if asked <= claims.keys() or not about.userinfo_endpoint or not access_token:
            return {}
        headers = {"authorization": f"Bearer {access_token}"}
        answer = await self._ask("GET", about.userinfo_endpoint, headers=headers)
        found = _decoded(answer, dict[str, Any])
        if found.get("sub") != claims["sub"]:
            raise Untrue("the provider says more of somebody else")
        return found

    def _identity(self, claims: dict[str, Any], more: dict[str, Any]) -> Identity:
        # An address, and whether it was verified, are of one source.
        mail = more if "email" in more else claims
        names = (each.get(key) for key in ("name", "preferred_username") for each in (claims, more))
        return Identity(
            issuer=claims["iss"],
            subject=claims["sub"],
            name=next((name for name in names if isinstance(name, str) and name), ""),
            email=_text(mail, "email") if mail.get("email_verified") in (True, "true") else "",
            groups=_texts(claims.get("groups", more.get("groups"))),
        )

    def _is_old(self, when: float, age: float) -> bool:
        return not 0 <= self._clock() - when < age

    def _check_address(self, address: str) -> None:
        """Raises Untrue for every address that is not the provider's own."""
        try:
            parts = urlsplit(address)
            own = parts.scheme == self._scheme and parts.netloc.lower() in self._hosts
        except ValueError:
            own = False
        if not own:
            raise Untrue(f"the provider names an address elsewhere (see OIDC_HOSTS): {address!r}")

    async def _ask(self, method: str, address: str, **options: Any) -> bytes:
        """The body of an answer. Raises Stale where the provider does not take a code."""
        self._check_address(address)
        headers = {"accept": "application/json", "accept-encoding": "identity"} | options.pop(
            "headers", {}
        )
        try:
            async with (
                asyncio.timeout(PATIENCE),
                httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client,
                client.stream(method, address, headers=headers, **options) as response,
            ):
                content = await _body(response)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            raise ProviderUnavailable(f"no answer: {type(error).__name__}") from error
        if response.status_code != 200:
            reason = _error_of(content)
            if reason == "invalid_grant":  # a code that was used, is too old, or another browser's
                raise Stale("the provider does not take the code")
            raise ProviderUnavailable(f"status {response.status_code} of {address}: {reason}")
        return content


async def _body(response: httpx2.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LONGEST:
            raise ProviderUnavailable("the answer is too long")
    return content


def _decoded(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProviderUnavailable(f"an answer that cannot be read: {error}") from None


def _error_of(content: bytes) -> str:
    """The code of an error (RFC 6749, section 5.2), for the log."""
    try:
        return _text(msgspec.json.decode(content, type=dict[str, Any]), "error")[:60]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return "without a reason"


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(each for each in listed[:MOST_GROUPS] if isinstance(each, str))
