"""Checks side by side: what fails, hangs or raises costs the message no more than its limit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from chat.moderation import Category, Finding, Place, Side
from moderation.checks import Said, Subject
from moderation.pipeline import Pipeline
from moderation.policy.deciding import decide
from moderation.policy.written import read_policy

SUBJECT = Subject(Side.QUESTION, (Said(Side.QUESTION, "hello"),))


@dataclass
class Counted:
    """Implements CheckMetrics."""

    found: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def looked(self, check: str, *, seconds: float, found: int) -> None:
        self.found[check] = found

    def failed(self, check: str, reason: str) -> None:
        self.failures[check] = reason


@dataclass
class Scripted:
    """Finds one thing, once `gate` is open; raises where it is told to."""

    name: str
    gate: asyncio.Event | None = None
    error: Exception | None = None

    async def look(self, subject: Subject) -> Sequence[Finding]:
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [Finding(self.name, Category.HATE, 1.0, subject.side)]


async def test_checks_run_side_by_side() -> None:
    """Each waits for the other one, so that neither would end alone."""
    first, second = asyncio.Event(), asyncio.Event()

    class Meeting(Scripted):
        async def look(self, subject: Subject) -> Sequence[Finding]:
            (first if self.name == "a" else second).set()
            await (second if self.name == "a" else first).wait()
            return await super().look(subject)

    pipeline = Pipeline([Meeting("a"), Meeting("b")], metrics=Counted())
    looked = await pipeline.look(SUBJECT, read_policy("name: x"))
    assert [finding.check for finding in looked.findings] == ["a", "b"]


async def test_a_check_that_hangs_or_raises_is_left_out() -> None:
    metrics = Counted()
    checks = [
        Scripted("hangs", gate=asyncio.Event()),
        Scripted("raises", error=RuntimeError("of the message itself")),
        Scripted("works"),
    ]
    policy = read_policy("name: x\nchecks: {hangs: {limit: 20 ms}}")
    looked = await Pipeline(checks, metrics=metrics).look(SUBJECT, policy)
    assert [finding.check for finding in looked.findings] == ["works"]
    assert looked.failed == ("hangs", "raises")
    assert metrics.failures == {"hangs": "late", "raises": "RuntimeError"}
    assert metrics.found == {"works": 1}


async def test_what_a_closed_check_could_not_look_at_is_refused() -> None:
    policy = read_policy("name: x\nchecks: {guard: {failing: closed}, words: {failing: open}}")
    checks = [Scripted(name, error=OSError()) for name in ("guard", "words")]
    looked = await Pipeline(checks, metrics=Counted()).look(SUBJECT, policy)
    assert [finding.check for finding in looked.findings] == ["guard"]
    verdict = decide(policy, looked.findings, Place())
    assert verdict.stops
    assert verdict.category == Category.UNCHECKED


async def test_a_check_that_is_switched_off_does_not_run() -> None:
    policy = read_policy("name: x\nchecks: {a: {off: true}}")
    looked = await Pipeline([Scripted("a"), Scripted("b")], metrics=Counted()).look(SUBJECT, policy)
    assert [finding.check for finding in looked.findings] == ["b"]
