"""What follows from findings."""

from __future__ import annotations

from chat.moderation import Deed, Finding, Measure, Place, PlaceKind, Priority, Side
from moderation.policy.deciding import decide, words_for
from moderation.policy.written import read_policy, shipped_policy

HERE = Place()


def rules(*lines: str) -> str:
    return "name: x\nrules:\n" + "\n".join(f"  - {{{line}}}" for line in lines)


def found(category: str, score: float = 1.0, side: Side = Side.QUESTION) -> Finding:
    return Finding("words", category, score, side)


def test_nothing_follows_from_what_no_rule_speaks_of() -> None:
    verdict = decide(shipped_policy(), [found("advice"), found("profanity", 0.5)], HERE)
    assert verdict.measures == ()
    assert not verdict.stops


def test_talk_of_self_harm_is_answered_with_care() -> None:
    verdict = decide(shipped_policy(), [found("self-harm"), found("profanity")], HERE)
    assert {measure.deed for measure in verdict.measures} == {Deed.CARE, Deed.FLAG}
    assert verdict.category == "self-harm"
    assert verdict.priority is Priority.HIGH


def test_all_rules_that_hold_are_added_up_and_the_longest_counts() -> None:
    policy = read_policy(
        rules(
            "when: hate, then: [flag, mute 1 h]",
            "when: profanity, then: [warn, mute 1 d], priority: urgent",
        )
    )
    verdict = decide(policy, [found("hate"), found("profanity")], HERE)
    assert verdict.measures == (
        Measure(Deed.FLAG),
        Measure(Deed.WARN),
        Measure(Deed.MUTE, 24 * 3600),
    )
    assert verdict.priority is Priority.URGENT


def test_a_penalty_to_be_confirmed_is_proposed_and_flagged() -> None:
    policy = read_policy(rules("when: hate, then: [refuse, ban], confirmed_by: two"))
    verdict = decide(policy, [found("hate")], HERE)
    assert verdict.measures == (Measure(Deed.FLAG), Measure(Deed.REFUSE))
    assert verdict.proposed == (Measure(Deed.BAN),)
    assert verdict.confirmed_by == "two"
    assert verdict.stops


def test_a_rule_holds_only_where_and_of_whom_it_speaks() -> None:
    policy = read_policy(
        rules(
            "when: hate, then: refuse, in: web, regions: [DE], of: answer, restricted: true",
        )
    )
    place = Place(PlaceKind.WEB, "DE", restricted=True)
    answer = [found("hate", side=Side.ANSWER)]
    assert decide(policy, answer, place).stops
    assert not decide(policy, [found("hate")], place).stops
    assert not decide(policy, answer, Place(PlaceKind.GROUP, "DE", restricted=True)).stops
    assert not decide(policy, answer, Place(PlaceKind.WEB, "FR", restricted=True)).stops
    assert not decide(policy, answer, Place(PlaceKind.WEB, "DE")).stops


def test_a_policys_own_words_are_said_in_the_persons_language() -> None:
    policy = read_policy(rules("when: hate, then: refuse, says: {en: No., de: Nein.}"))
    verdict = decide(policy, [found("hate")], HERE)
    assert words_for(policy, verdict, "de-AT") == "Nein."
    assert words_for(policy, verdict, "fr") == "No."
    assert words_for(shipped_policy(), verdict, "en") == ""
