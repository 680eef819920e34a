"""What goes wrong between a browser and us."""

from __future__ import annotations

from chat.errors import AssistantError


class WebError(AssistantError):
    """A request cannot be answered as asked; `status` is the HTTP status that says so."""

    status = 400


class NotSignedIn(WebError):
    """There is no session, or it belongs to somebody who may not talk to the assistant."""

    status = 401
    key = "web-error-not-signed-in"


class Forbidden(WebError):
    """The session is not allowed to do this."""

    status = 403
    key = "web-error-forbidden"


class Forged(WebError):
    """The request does not come from a page of ours, or from one that has grown too old."""

    status = 403
    key = "web-error-stale-page"


class TooLarge(WebError):
    """The body of the request is larger than anything that makes sense here."""

    status = 413
    key = "web-error-too-large"


class TooManyTries(WebError):
    """This address has tried too often."""

    status = 429
    key = "web-error-too-many-tries"


class ExposureError(AssistantError):
    """The settings would show the web chat to a network that it must not be shown to."""
