"""What the handlers count, under the names of DESIGN.md §5."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from chat.turns import TurnState


class HandlerMetrics:
    """Turns that handlers end, and the queue as SQL sees it.

    `turns` may be handed in where another house has registered the counter in the same registry.
    """

    def __init__(self, registry: CollectorRegistry, *, turns: Counter | None = None) -> None:
        self.turns = turns or Counter(
            "whimbrel_turns_total",
            "Turns that ended, by the channel they came from and how they ended.",
            ["channel", "state"],
            registry=registry,
        )
        self.queue_depth = Gauge(
            "whimbrel_queue_depth", "Turns that wait for a worker.", registry=registry
        )
        self.queue_age = Gauge(
            "whimbrel_queue_age_seconds", "How long the oldest turn has waited.", registry=registry
        )

        self.refusals = Counter(
            "whimbrel_budget_refusals_total",
            "Messages that were not answered, by whose budget or room was used up, and of what.",
            ["scope", "what"],
            registry=registry,
        )

    def refused(self, scope: str, what: str) -> None:
        """Count a message that there was no budget or no room for."""
        self.refusals.labels(scope=scope, what=what).inc()

    def turn_ended(self, channel: str, state: TurnState) -> None:
        """Count a turn that ended here."""
        self.turns.labels(channel=channel, state=state.value).inc()
