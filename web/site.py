"""What every page needs: the parts of the product behind the web, handed in once."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from chat.persona import Persona
from handlers.access import Admission
from handlers.settings import AccessSettings, OidcSettings
from handlers.texts import Texts
from moderation.durations import spoken
from storage.broker import Broker
from storage.budgets import Budgets
from storage.database import Database
from web import ids as ids  # which the paths of all sections speak of
from web.settings import WebSettings


async def no_metrics() -> bytes:
    """Where nothing is counted, nothing is shown."""
    return b""


def no_links(code: str) -> Sequence[str]:
    """Where no messenger is connected, a code has no further links."""
    return ()


@dataclass(frozen=True, slots=True)
class Site:
    """The parts behind the web chat and the dashboard.

    `public_url` is the address of the web chat once it is known, without a slash at its end;
    `code_links` makes the links that redeem a code on messengers, and `metrics` the text of
    /metrics in Prometheus' format. `oidc` names a provider that people may sign in by.
    """

    database: Database
    broker: Broker
    budgets: Budgets
    admission: Admission
    texts: Texts
    persona: Persona
    access: AccessSettings
    settings: WebSettings
    public_url: Callable[[], str]
    code_links: Callable[[str], Sequence[str]] = no_links
    metrics: Callable[[], Awaitable[bytes]] = no_metrics
    oidc: OidcSettings = field(default_factory=OidcSettings)

    def since(self, seconds: float) -> tuple[int, str]:
        """How long ago a time (epoch seconds) was, as people say it: a number and its unit."""
        return spoken(max(0.0, time.time() - seconds))

    def when(self, seconds: float) -> datetime:
        """Epoch seconds as a time of the operator's day."""
        return datetime.fromtimestamp(seconds, ZoneInfo(self.persona.timezone))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site with a folder of its own, holding `templates/` and `static/`.

    Everything in `static` is served to everybody under /static/VERSION/NAME/.
    """

    name: str
    folder: Path
    routes: Sequence[BaseRoute] = field(default_factory=tuple)
