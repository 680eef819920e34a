"""What tests want of a machine beyond Python: named in the summary where it was not found."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def summarise(terminal: pytest.TerminalReporter) -> None:
    """Name what was missing, with how many tests that kept from running."""
    reasons = [_reason(report) for report in terminal.stats.get("skipped", [])]
    counted = {reason: reasons.count(reason) for reason in sorted(set(reasons)) if reason}
    terminal.section("not found on this machine", sep="-", blue=True)
    for line in _lines(counted):
        terminal.line(line)


def _lines(counted: dict[str, int]) -> Iterable[str]:
    if not counted:
        yield "nothing is missing: every test could run"
    for reason, number in counted.items():
        yield f"{reason}: {number} tests did not run"


def _reason(report: object) -> str:
    where = getattr(report, "longrepr", None)
    text = where[2] if isinstance(where, tuple) else str(where or "")
    return text.removeprefix("Skipped: ")
