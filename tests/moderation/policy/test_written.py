"""Policies as people write them, and what they are told of a mistake."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.moderation import Deed, Measure, PlaceKind, Priority, Side
from moderation.durations import seconds_of, written
from moderation.policy.rules import Confirmation
from moderation.policy.written import PolicyError, read_policy, shipped_policy

WHOLE = """
name: Ours
categories:
  spoilers: {en: Spoilers, de: Spoiler}
checks:
  guard: {limit: 2 s, failing: closed}
  nudity: {off: true}
rules:
  - when: [profanity, spoilers]
    from: 0.7
    of: answer
    in: [group, web]
    regions: [de, AT]
    restricted: true
    then: [refuse, flag, mute 1 d]
    priority: high
    confirmed_by: moderator
    says: {en: Not here., de: Hier nicht.}
strikes:
  last: 60 d
  ladder: [{strikes: 2, then: ban 7 d}]
warnings: {last: 1 week}
words:
  - {category: spoilers, phrases: {no: [han dør]}, patterns: ["dies in episode [0-9]+"]}
exceptions: [scunthorpe]
links: {blocked: [Bad.example], most: 3}
"""


def test_every_word_of_a_policy_is_read() -> None:
    policy = read_policy(WHOLE, number=7)
    rule = policy.rules[0]
    assert (policy.name, policy.number) == ("Ours", 7)
    assert rule.categories == {"profanity", "spoilers"}
    assert rule.measures == (
        Measure(Deed.REFUSE),
        Measure(Deed.FLAG),
        Measure(Deed.MUTE, 24 * 3600),
    )
    assert rule.score == 0.7
    assert rule.sides == {Side.ANSWER}
    assert rule.places == {PlaceKind.GROUP, PlaceKind.WEB}
    assert rule.regions == {"DE", "AT"}
    assert rule.restricted
    assert rule.priority is Priority.HIGH
    assert rule.confirmed_by is Confirmation.MODERATOR
    assert rule.says["de"] == "Hier nicht."
    assert policy.check("guard").closed
    assert policy.check("guard").limit == 2
    assert policy.check("nudity").off
    assert not policy.check("words").off
    assert policy.strikes_last == 60 * 24 * 3600
    assert policy.ladder[0].measure == Measure(Deed.BAN, 7 * 24 * 3600)
    assert policy.words[0].phrases == {"no": ("han dør",)}
    assert policy.links.blocked == {"bad.example"}


def test_the_shipped_policy_shuts_nobody_out() -> None:
    policy = shipped_policy()
    deeds = {measure.deed for rule in policy.rules for measure in rule.measures}
    assert deeds == {Deed.FLAG, Deed.CARE, Deed.REFUSE}
    assert not any(check.closed for check in policy.checks.values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: x\nrules:\n  - {when: profanity, then: smile}", "rules[0].then: `smile` is none"),
        ("name: x\nrules:\n  - {when: rudeness, then: flag}", "`rudeness` is no category"),
        ("name: x\nrules:\n  - {when: hate, then: flag, from: 7}", "between 0 and 1"),
        ("name: x\nrules:\n  - {when: hate, then: flag, from: high}", "rules[0].from: Expected"),
        ("name: x\nrules:\n  - {when: hate, then: ban}", "has to be `confirmed_by`"),
        ("name: x\nrules:\n  - {when: self-harm, then: strike}", "never punished"),
        ("name: x\nrules:\n  - {when: hate, then: warn 1 d}", "`warn` has no length"),
        ("name: x\nrules:\n  - {when: hate, then: mute long}", "is no time such as"),
        ("name: x\nrules:\n  - {when: hate, then: flag, where: web}", "unknown field `where`"),
        ("name: x\nname: y", "line 2: found duplicate key"),
        ("name: [x", "line 1"),
        ("- 1", "the policy: Expected `object`"),
        ("name: x\nchecks: {guard: {failing: maybe}}", "checks.guard.failing: open or closed"),
        ("name: x\nstrikes: {ladder: [{strikes: 1, then: warn}]}", "a mute or a ban for a time"),
        ("name: x\ncategories: {hate: {en: Hate}}", "ships already"),
        ("name: &a [*a]", "name: Expected `str`"),
        ("name: !!python/object/apply:os.system [id]", "could not determine a constructor"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, told: str) -> None:
    with pytest.raises(PolicyError) as error:
        read_policy(text)
    assert told in str(error.value)


@given(st.text(max_size=300) | st.text(alphabet="name: x{}[]-&*!|>\n\"'%@`", max_size=80))
def test_no_text_brings_anything_but_a_policy_or_a_mistake(text: str) -> None:
    with suppress(PolicyError):
        assert read_policy(text).name is not None


@given(st.integers(1, 10_000_000))
def test_times_are_read_as_they_are_written(seconds: int) -> None:
    assert seconds_of(written(seconds)) == seconds
