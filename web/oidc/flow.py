"""What binds a sign-in to the browser that has begun it, without a table and a secret of ours.

The browser keeps one random secret in a cookie that no script reads. State, nonce and the verifier
of PKCE (RFC 7636) are HMACs of it, so that whoever comes back with the state but without the
cookie, or with the cookie of another sign-in, fits nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from msgspec import Struct

LIFETIME = 600  # seconds, for whoever has to look for a second factor at the provider
AHEAD = 60  # by which the clock of another of our machines may go before ours
_COOKIE = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


class Flow(Struct, frozen=True):
    """One sign-in that is under way; `begun` in epoch seconds."""

    begun: int
    secret: str

    @classmethod
    def begin(cls, now: float) -> Flow:
        """A fresh one."""
        return cls(int(now), secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, cookie: str, now: float) -> Flow | None:
        """The one that a cookie speaks of, where it is not too old."""
        found = _COOKIE.fullmatch(cookie)
        flow = cls(int(found[1]), found[2]) if found else None
        return flow if flow and -AHEAD <= now - flow.begun <= LIFETIME else None

    @property
    def cookie(self) -> str:
        """What the browser keeps."""
        return f"{self.begun}.{self.secret}"

    def state(self, purpose: str) -> str:
        """What the provider sends back: it also says what for, so that signing in can never end
        in linking."""
        return self._derived(f"state:{purpose}")

    @property
    def nonce(self) -> str:
        """What the provider signs."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What the provider gets for the code, and had a hash of before."""
        return self._derived("verifier")

    def is_for(self, purpose: str, state: str) -> bool:
        """Whether this state was made here for this purpose."""
        return hmac.compare_digest(self.state(purpose).encode(), state.encode())

    def _derived(self, what: str) -> str:
        text = f"{what}:{self.begun}".encode()
        return hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
