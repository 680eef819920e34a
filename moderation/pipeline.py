"""All checks side by side, each within its own limit; one that fails delays nobody for longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from msgspec import Struct

from chat.moderation import Category, Finding
from moderation.checks import Check, Subject
from moderation.policy.rules import CheckRule, Policy

log = structlog.get_logger()


class CheckMetrics(Protocol):
    """Where checks are counted."""

    def looked(self, check: str, *, seconds: float, found: int) -> None: ...

    def failed(self, check: str, reason: str) -> None: ...


class Looked(Struct, frozen=True):
    """What was found, and the checks that gave no answer."""

    findings: tuple[Finding, ...]
    failed: tuple[str, ...] = ()


class Pipeline:
    """Runs the checks that a policy has not switched off.

    `made` makes those that are made of the policy itself, its words and its links, once for each
    version."""

    def __init__(
        self,
        checks: Sequence[Check],
        *,
        metrics: CheckMetrics,
        made: Callable[[Policy], Sequence[Check]] = lambda policy: (),
    ) -> None:
        self._checks = tuple(checks)
        self._made = made
        self._metrics = metrics
        self._of_policy: tuple[Policy, Sequence[Check]] | None = None

    async def look(self, subject: Subject, policy: Policy) -> Looked:
        """What all checks find. Takes no longer than the longest limit, whatever a check does."""
        checks = (*self._checks, *self._from(policy))
        rules = [(check, policy.check(check.name)) for check in checks]
        wanted = [(check, rule) for check, rule in rules if not rule.off]
        outcomes = await asyncio.gather(
            *(self._one(check, rule, subject) for check, rule in wanted)
        )
        findings: list[Finding] = []
        failed: list[str] = []
        for (check, rule), found in zip(wanted, outcomes, strict=True):
            if found is not None:
                findings += found
                continue
            failed.append(check.name)
            if rule.closed:
                findings.append(_unchecked(check, subject))
        return Looked(tuple(findings), tuple(failed))

    def _from(self, policy: Policy) -> Sequence[Check]:
        if self._of_policy is None or self._of_policy[0] is not policy:
            self._of_policy = (policy, self._made(policy))
        return self._of_policy[1]

    async def _one(
        self, check: Check, rule: CheckRule, subject: Subject
    ) -> Sequence[Finding] | None:
        """What it finds, or None where it failed."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(rule.limit):
                found = await check.look(subject)
        except TimeoutError:
            self._fail(check, "late")
            return None
        except Exception as error:  # whatever a check raises, the message goes its way
            # its kind only: what it says may repeat what was looked at
            self._fail(check, type(error).__name__)
            return None
        self._metrics.looked(check.name, seconds=time.perf_counter() - began, found=len(found))
        return found

    def _fail(self, check: Check, reason: str) -> None:
        log.warning("check-failed", check=check.name, reason=reason)
        self._metrics.failed(check.name, reason)


def _unchecked(check: Check, subject: Subject) -> Finding:
    return Finding(check.name, Category.UNCHECKED, 1.0, subject.side)
