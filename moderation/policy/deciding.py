"""From findings to what follows: every rule that holds, added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chat.moderation import Deed, Finding, Measure, Place, Priority, Verdict
from moderation.policy.rules import PENALTIES, Confirmation, Policy, Rule

_ORDER = tuple(Deed)
_FIRST_TO_LAST = tuple(Confirmation)  # the more people, the later


def decide(policy: Policy, findings: Sequence[Finding], place: Place) -> Verdict:
    """What follows. A penalty that somebody has to confirm is proposed only, beside a flag."""
    held = [
        (rule, finding)
        for finding in findings
        for rule in policy.rules
        if rule.holds(finding.category, finding.score, finding.side, place)
    ]
    if not held:
        return Verdict(findings=tuple(findings), policy=policy.number)
    rules = [rule for rule, _ in held]
    proposed = _proposed(rules)
    measures = _added(measure for rule in rules for measure in _immediate(rule))
    if proposed and not any(measure.deed is Deed.FLAG for measure in measures):
        measures = (Measure(Deed.FLAG), *measures)
    return Verdict(
        findings=tuple(findings),
        measures=measures,
        proposed=proposed,
        confirmed_by=max((rule.confirmed_by for rule in rules), key=_FIRST_TO_LAST.index),
        category=_leading(held),
        priority=max((rule.priority for rule in rules), default=Priority.LOW),
        policy=policy.number,
    )


def words_for(policy: Policy, verdict: Verdict, language: str) -> str:
    """What the policy's own words say of a refusal, in the language or else the first that it
    has; empty where the words that ship are to be used."""
    for rule in policy.rules:
        if verdict.category in rule.categories and rule.says:
            short = language.partition("-")[0].lower()
            return rule.says.get(short) or next(iter(rule.says.values()))
    return ""


def _immediate(rule: Rule) -> tuple[Measure, ...]:
    if not rule.confirmed_by:
        return rule.measures
    return tuple(measure for measure in rule.measures if measure.deed not in PENALTIES)


def _proposed(rules: Iterable[Rule]) -> tuple[Measure, ...]:
    return _added(
        measure
        for rule in rules
        if rule.confirmed_by
        for measure in rule.measures
        if measure.deed in PENALTIES
    )


def _added(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """One of each deed, the longest, from the mildest to the gravest."""
    longest: dict[Deed, Measure] = {}
    for measure in measures:
        known = longest.get(measure.deed)
        if known is None or _length(measure) > _length(known):
            longest[measure.deed] = measure
    return tuple(longest[deed] for deed in _ORDER if deed in longest)


def _length(measure: Measure) -> float:
    return float("inf") if measure.seconds is None else measure.seconds


def _leading(held: Sequence[tuple[Rule, Finding]]) -> str:
    """The category with the gravest consequence; of equal ones the surest."""

    def weight(pair: tuple[Rule, Finding]) -> tuple[int, int, float]:
        rule, finding = pair
        gravest = max(_ORDER.index(measure.deed) for measure in rule.measures)
        return gravest, rule.priority, finding.score

    return max(held, key=weight)[1].category
