"""An OpenID provider on loopback, which others wrote, and what can be wrong with one.

The provider is `oidc-provider-mock`, on Authlib's server side. Around it stands what it leaves out
(PKCE is checked, by Authlib) and what tests need: answers that were tampered with, and a key that
is served as the provider's own, so that wrong claims come under a right signature.
"""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jws, jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

Claims = dict[str, Any]
Answer = tuple[int, Any]


class OidcProvider:
    """The provider, and what it was asked. `forge` makes another ID token of right claims,
    `tamper` another answer (status and JSON) for a path, `moved` lets a path lead elsewhere."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._challenges: dict[str, str] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "another", "use": "sig"})
        self.issuer = self.client_id = self.client_secret = ""
        self.asked: list[str] = []
        self.authorizations: list[dict[str, str]] = []
        self.forge: Callable[[Claims], str] | None = None
        self.tamper: dict[str, Callable[[Any], Answer]] = {}
        self.moved: dict[str, str] = {}

    def signed(self, claims: Claims, **header: Any) -> str:
        """A token under the key that is served besides the provider's own."""
        return jwt.encode({"alg": "RS256", "kid": "another"} | header, claims, self.key)

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody has an account, and these claims."""
        httpx2.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def register(self, redirect_uri: str) -> None:
        """A client, whose secret and address are checked from then on."""
        answer = httpx2.post(
            f"{self.issuer}/oauth2/clients", json={"redirect_uris": [redirect_uri]}
        )
        told = answer.raise_for_status().json()
        self.client_id, self.client_secret = told["client_id"], told["client_secret"]

    async def agree(self, address: str, subject: str) -> str:
        """Somebody at the provider's form says yes: where the browser is sent."""
        async with httpx2.AsyncClient() as browser:
            assert (await browser.get(address)).status_code == 200
            answer = await browser.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def __call__(self, environ: Any, start: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = BytesIO(body)
        request = Request(environ)
        self.asked.append(request.path)
        if request.path in self.moved:
            return Response(status=302, headers={"location": self.moved[request.path]})(
                environ, start
            )
        if request.path == "/oauth2/token" and not self._verified(request):
            refused = Response('{"error": "invalid_grant"}', 400, mimetype="application/json")
            return refused(environ, start)
        environ["wsgi.input"] = BytesIO(body)  # what was looked at is read once more
        content, status, headers = run_wsgi_app(self._app, environ)
        response = Response(b"".join(content), status, headers)
        if request.path == "/oauth2/authorize" and request.method == "POST":
            self._remember(request, response)
        elif response.mimetype == "application/json":
            self._change(request.path, response)
        return response(environ, start)

    def _remember(self, request: Request, response: Response) -> None:
        self.authorizations.append(request.args.to_dict())
        query = parse_qs(urlsplit(response.location or "").query)
        if "code" in query and request.args.get("code_challenge_method") == "S256":
            self._challenges[query["code"][0]] = request.args["code_challenge"]

    def _verified(self, request: Request) -> bool:
        from authlib.oauth2.rfc7636 import challenge as pkce  # type: ignore[import-untyped]

        challenge = self._challenges.get(request.form["code"], "")
        verifier = request.form.get("code_verifier", "")
        return bool(challenge and pkce.compare_s256_code_challenge(verifier, challenge))

    def _change(self, path: str, response: Response) -> None:
        told, status = json.loads(response.get_data()), response.status_code
        if path == "/jwks" and self.forge is not None:
            told["keys"].append(self.key.as_dict(private=False))
        if path == "/oauth2/token" and self.forge is not None and "id_token" in told:
            told["id_token"] = self.forge(claims_of(told["id_token"]))
        if path in self.tamper:
            status, told = self.tamper[path](told)
        response.status_code = status
        response.set_data(told if isinstance(told, bytes) else json.dumps(told).encode())


def claims_of(token: str) -> Claims:
    """What a token says, whoever signed it."""
    found: Claims = json.loads(jws.extract_compact(token.encode()).payload)
    return found


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    """A provider that listens on a free port of this machine until the end."""
    import authlib.deprecate  # type: ignore[import-untyped]  # noqa: F401  # sets a filter of its own

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what Authlib has newer names for
        from oidc_provider_mock import app  # type: ignore[import-untyped]

        provider = OidcProvider(app(require_client_registration=True))
        server = make_server("localhost", 0, provider, threaded=True, request_handler=_Quiet)
        provider.issuer = f"http://localhost:{server.port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
