"""What every handler may look at: who we are, where we are found, and which models answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from chat.errors import AssistantError
from chat.persona import Persona
from chat.ports import Capabilities
from chat.turns import WorkerInfo
from handlers.requests import Requests
from handlers.settings import AccessSettings
from handlers.texts import Texts
from handlers.told import Told
from moderation.policy.live import LivePolicy
from storage.allowances import Allowances
from storage.broker import Broker

log = structlog.get_logger()


class KnownModels:
    """The workers that answer, or the last ones that did."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.workers: tuple[WorkerInfo, ...] = ()

    async def refresh(self) -> None:
        """Ask the broker who lives; what is known stays where nobody does."""
        try:
            if workers := await self._broker.workers():
                self.workers = tuple(workers)
        except AssistantError as error:
            log.warning("workers unknown", error=str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of all handlers. `public_url` and `code_links` as in Assistant."""

    capabilities: Mapping[str, Capabilities]
    access: AccessSettings
    persona: Persona
    bot_id: str
    public_url: Callable[[], str]
    code_links: Callable[[str], Sequence[str]]
    models: KnownModels
    clock: Callable[[], float]
    max_waiting: int
    person_waiting: int
    allowances: Allowances
    told: Told
    policy: LivePolicy
    texts: Texts
    plain: Capabilities = field(default_factory=Capabilities)

    @property
    def requests(self) -> Requests:
        """How owners hear of strangers."""
        return Requests(self.persona, self.capabilities)

    def abilities(self, channel: str) -> Capabilities:
        """What a channel can do; one that is not open now can do the least."""
        return self.capabilities.get(channel, self.plain)
