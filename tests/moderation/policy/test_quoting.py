"""What of a policy stands beside a case: the rules about it, word for word."""

from __future__ import annotations

import pytest

from moderation.policy.quoting import rules_about
from moderation.policy.written import SHIPPED

WRITTEN = """\
name: Ours

rules:
  # About insults.
  - {when: profanity, from: 0.9, then: flag}
  - when: [hate, violent-crimes]
    then:
      - refuse
      - strike  # after the third

  # The next one.
  - {when: hate,
     in: group, then: [mute 1 d]}
strikes: {last: 30 d}
"""


def test_all_rules_about_something_are_quoted_as_they_were_written() -> None:
    assert rules_about(WRITTEN, {"hate"}) == (
        "- when: [hate, violent-crimes]\n"
        "  then:\n"
        "    - refuse\n"
        "    - strike  # after the third\n"
        "- {when: hate,\n"
        "   in: group, then: [mute 1 d]}"
    )
    assert rules_about(WRITTEN, {"profanity", "nudity"}) == (
        "- {when: profanity, from: 0.9, then: flag}"
    )


@pytest.mark.parametrize("text", ["", "name: Ours", "rules: 7", "rules: [7]", "{", "- a", "\t"])
def test_of_what_says_nothing_nothing_is_quoted(text: str) -> None:
    assert rules_about(text, {"hate"}) == ""


def test_the_policy_that_ships_is_quoted_too() -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    assert rules_about(shipped, {"self-harm"}).startswith("- {when: self-harm")
    assert rules_about(shipped, {"reported"}) == ""
