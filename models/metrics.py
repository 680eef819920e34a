"""What a worker counts, under the names of DESIGN.md §5."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from chat.turns import TurnResult, TurnState

FIRST_TOKEN = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 180)
CHECK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
WHOLE_TURN = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 180, 600)


class WorkerMetrics:
    """Turns that end in this worker, counted once each, and what they cost."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.turns = Counter(
            "whimbrel_turns_total",
            "Turns that ended, by the channel they came from and how they ended.",
            ["channel", "state"],
            registry=registry,
        )
        self.generated = Counter(
            "whimbrel_generated_tokens_total", "Tokens of answers.", registry=registry
        )
        self.prompts = Counter(
            "whimbrel_prompt_tokens_total",
            "Tokens of prompts; cached ones were not computed again.",
            ["cached"],
            registry=registry,
        )
        self.first_token = Histogram(
            "whimbrel_first_token_seconds",
            "From the finished prompt to the first text of its answer.",
            buckets=FIRST_TOKEN,
            registry=registry,
        )
        self.turn = Histogram(
            "whimbrel_turn_seconds",
            "From the question's arrival to its end.",
            buckets=WHOLE_TURN,
            registry=registry,
        )

        self.check_seconds = Histogram(
            "whimbrel_check_seconds",
            "How long a check took to look at a question or an answer.",
            ["check"],
            buckets=CHECK,
            registry=registry,
        )
        self.check_findings = Counter(
            "whimbrel_check_findings_total", "What checks found.", ["check"], registry=registry
        )
        self.check_failures = Counter(
            "whimbrel_check_failures_total",
            "Looks without an answer: the check was late, or raised an error of this kind.",
            ["check", "reason"],
            registry=registry,
        )

    def looked(self, check: str, *, seconds: float, found: int) -> None:
        """Count a look of a check; see moderation.pipeline.CheckMetrics."""
        self.check_seconds.labels(check=check).observe(seconds)
        self.check_findings.labels(check=check).inc(found)

    def failed(self, check: str, reason: str) -> None:
        """Count a look that gave no answer."""
        self.check_failures.labels(check=check, reason=reason).inc()

    def ended(self, channel: str, result: TurnResult, *, seconds: float) -> None:
        """Count a turn whose end this worker committed, `seconds` after it was opened."""
        self.turn_ended(channel, result.state)
        self.generated.inc(result.generated_tokens)
        self.prompts.labels(cached="true").inc(result.cached_tokens)
        self.prompts.labels(cached="false").inc(result.prompt_tokens - result.cached_tokens)
        self.turn.observe(max(0.0, seconds))

    def turn_ended(self, channel: str, state: TurnState) -> None:
        """Count a turn that ended without an answer of this worker's."""
        self.turns.labels(channel=channel, state=state.value).inc()
