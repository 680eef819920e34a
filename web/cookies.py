"""Names and attributes of our cookies."""

from __future__ import annotations

SESSION = "whimbrel"  # of somebody who is signed in
VISIT = "whimbrel-visit"  # of somebody who is not: forms are bound to it
STEP = "whimbrel-step"  # of somebody who has given a password and still owes a code
FLOW = "whimbrel-oidc"  # of somebody who is at an OpenID provider just now

# Browsers take a cookie of this name only from an https page, for all of its paths, and for this
# host alone: neither a neighbouring subdomain nor somebody on the way can plant one.
PREFIX = "__Host-"


def named(name: str, *, secure: bool) -> str:
    """The name that a cookie has in the browser."""
    return PREFIX + name if secure else name


def cookie(name: str, value: str, *, secure: bool, lifetime: int | None) -> str:
    """A Set-Cookie header; `lifetime` in seconds, 0 takes the cookie away, None is until the
    browser is closed."""
    parts = [f"{named(name, secure=secure)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if lifetime is not None:
        parts.append(f"Max-Age={lifetime}")
    return "; ".join([*parts, "Secure"] if secure else parts)


def old_cookie(name: str) -> str:
    """Takes away a cookie of the name that it had on https once."""
    return f"{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure"
