"""What goes wrong between a provider of OpenID Connect and us."""

from __future__ import annotations

from web.errors import WebError


class OidcError(WebError):
    """Nobody is signed in; `key` is what the person is told, the message what the log says."""

    status = 403


class Stale(OidcError):
    """The browser did not begin this, or too long ago, or has ended it already."""

    key = "web-oidc-stale"


class Denied(OidcError):
    """The provider, or the person there, says no."""

    key = "web-oidc-denied"


class Untrue(OidcError):
    """What the provider says does not hold: a token that is not for us, not now, not signed."""

    key = "web-oidc-untrue"


class ProviderUnavailable(OidcError):
    """The provider does not answer, or not as one does."""

    status = 502
    key = "web-oidc-unavailable"
