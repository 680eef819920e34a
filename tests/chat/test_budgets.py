"""Budgets as operators write them, right the first time in most people's notation."""

from __future__ import annotations

import pytest

from chat.budgets import (
    LONGEST,
    NO_BUDGETS,
    Allowance,
    BudgetSettings,
    Scope,
    What,
    parse_budget,
)

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("text", "amount", "what", "seconds"),
    [
        ("30 messages/minute", 30, What.MESSAGES, 60),
        ("30 Messages per minute", 30, What.MESSAGES, 60),
        ("1 message / minute", 1, What.MESSAGES, 60),
        ("5 messages/min", 5, What.MESSAGES, 60),
        ("5 messages/10 seconds", 5, What.MESSAGES, 10),
        ("200 pictures a day", 200, What.PICTURES, DAY),
        ("200 images/day", 200, What.PICTURES, DAY),
        ("1 photo an hour", 1, What.PICTURES, 3600),
        ("500000 tokens/day", 500_000, What.TOKENS, DAY),
        ("500,000 tokens/24 hours", 500_000, What.TOKENS, DAY),
        ("500_000 tokens/24h", 500_000, What.TOKENS, DAY),
        ("500.000 tokens/day", 500_000, What.TOKENS, DAY),
        ("500k tokens each day", 500_000, What.TOKENS, DAY),
        ("20M tokens/30 days", 20_000_000, What.TOKENS, 30 * DAY),
        ("20 m tokens/month", 20_000_000, What.TOKENS, 30 * DAY),
        ("3 messages/week", 3, What.MESSAGES, 7 * DAY),
        ("3 messages/366 days", 3, What.MESSAGES, LONGEST),
    ],
)
def test_a_limit_is_understood(text: str, amount: int, what: What, seconds: int) -> None:
    assert parse_budget(text) == (Allowance(amount, what, seconds),)


@pytest.mark.parametrize("between", [", ", ",", "; ", " ", " and ", ", and ", "\n"])
def test_several_limits_are_told_apart(between: str) -> None:
    words = ("30 messages/minute", "500,000 tokens/day", "200 pictures/day")
    assert parse_budget(between.join(words)) == (
        Allowance(30, What.MESSAGES, 60),
        Allowance(500_000, What.TOKENS, DAY),
        Allowance(200, What.PICTURES, DAY),
    )


@pytest.mark.parametrize("text", ["none", "None", "", "  "])
def test_none_is_no_limit(text: str) -> None:
    assert parse_budget(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "30",
        "messages/minute",
        "30/minute",
        "30 messages",
        "30 messages/minute, 5",
        "30 messages/minute or so",
        "-5 messages/day",
        "2.5M tokens/day",
        "5 apples/day",
        "5 messages/fortnight",
        "0 messages/day",
        "5 messages/0 days",
        "5 messages/367 days",
        "5 messages/day, 9 messages/24 hours",
        "none, 5 messages/day",
        "unlimited",
    ],
)
def test_what_is_not_understood_is_refused_with_the_name_of_the_variable(text: str) -> None:
    with pytest.raises(ValueError, match=r"^CHAT_BUDGET wants "):
        BudgetSettings(chat_budget=text)


def test_the_defaults_bind_a_person_a_chat_and_all_and_can_be_taken_away() -> None:
    assert set(BudgetSettings().allowances()) == set(Scope)
    assert NO_BUDGETS.allowances() == {}
