"""What people may use of the assistant, as the operator writes it: `30 messages/minute, ...`."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct

EXAMPLE = "limits such as 30 messages/minute, 200 pictures/day, 500000 tokens/day, or none"
LONGEST = 366 * 24 * 3600  # seconds


class What(StrEnum):
    """What is counted: messages and pictures as they are taken, tokens as they are computed."""

    MESSAGES = "messages"
    PICTURES = "pictures"
    TOKENS = "tokens"


class Scope(StrEnum):
    """Whose use is counted together. A chat is the messenger's, with all its threads."""

    PERSON = "person"
    CHAT = "chat"
    TOTAL = "total"


class Allowance(Struct, frozen=True):
    """`amount` of something within any `seconds`."""

    amount: int
    what: What
    seconds: int


_NOUNS = {
    "message": What.MESSAGES,
    "question": What.MESSAGES,
    "picture": What.PICTURES,
    "image": What.PICTURES,
    "photo": What.PICTURES,
    "token": What.TOKENS,
}
_MULTIPLES = {"": 1, "k": 1_000, "m": 1_000_000}
_UNITS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hr": 3600,
    "hour": 3600,
    "d": 24 * 3600,
    "day": 24 * 3600,
    "w": 7 * 24 * 3600,
    "week": 7 * 24 * 3600,
    "month": 30 * 24 * 3600,
}
# 30 messages/minute; 500,000 tokens per 30 days; 2M tokens a day
_LIMIT = re.compile(
    r"(?P<amount>\d{1,3}(?:[_., ]\d{3})+|\d+) ?(?P<multiple>(?:[km]\b)?) ?"
    r"(?P<noun>[a-z]+?)s? ?(?:/| per | an? | every | each ) ?"
    r"(?P<count>\d*) ?(?P<unit>[a-z]+?)s?(?= |,|;|$)"
)
_BETWEEN = re.compile(r" ?[,;]? ?(?:and )?")


def parse_budget(text: str) -> tuple[Allowance, ...]:
    """The limits that a budget is written as; `none` and nothing stand for no limit at all.

    Raises ValueError, which says what was not understood."""
    words = " ".join(text.lower().split())
    if words in ("", "none"):
        return ()
    found: list[Allowance] = []
    at = 0
    while at < len(words):
        match = _LIMIT.match(words, at)
        if match is None:
            raise ValueError(f"{EXAMPLE}; {words[at:]!r} is not understood")
        found.append(_allowance(match))
        if len({(each.what, each.seconds) for each in found}) < len(found):
            raise ValueError(f"one limit for each time, not a second one in {match[0]!r}")
        between = _BETWEEN.match(words, match.end())
        at = between.end() if between else match.end()
    return tuple(found)


def _allowance(match: re.Match[str]) -> Allowance:
    what, unit = _NOUNS.get(match["noun"]), _UNITS.get(match["unit"])
    amount = int(re.sub(r"\D", "", match["amount"])) * _MULTIPLES[match["multiple"]]
    if what is None:
        raise ValueError(f"messages, pictures or tokens, not {match['noun']!r}, in {match[0]!r}")
    if unit is None:
        raise ValueError(f"a minute, hour, day or 30 days, not {match['unit']!r}, in {match[0]!r}")
    seconds = int(match["count"] or 1) * unit
    if amount < 1:
        raise ValueError(f"at least 1, not {match[0]!r}")
    if not 1 <= seconds <= LONGEST:
        raise ValueError(f"a time from a second to 366 days, not {match[0]!r}")
    return Allowance(amount, what, seconds)


DAY = 24 * 3600  # seconds
MOST = 10**12  # of anything in a budget of one's own


@lru_cache
def own_limits(budget: str, usual: tuple[Allowance, ...]) -> tuple[Allowance, ...]:
    """The limits of somebody with a budget of their own: of what it names, it takes the place of
    the usual limits of a day and longer. Shorter ones stay, which keep floods out.

    Raises ValueError where it is none."""
    own = parse_budget(budget)
    named = {each.what for each in own}
    return (*(each for each in usual if each.what not in named or each.seconds < DAY), *own)


def with_own(budget: str, what: What, amount: int | None) -> str:
    """A budget of one's own with another amount a day of something; None takes the limit out.

    Raises ValueError for an amount that is none."""
    if amount is not None and not 1 <= amount <= MOST:
        raise ValueError(f"from 1 to {MOST}, not {amount}")
    kept = {each.what: each.amount for each in parse_budget(budget)}
    kept.pop(what, None)
    if amount is not None:
        kept[what] = amount
    return ", ".join(f"{kept[each]} {each}/day" for each in What if each in kept)


PERSON = "60 messages/minute, 2000 messages/day, 300 pictures/day, 3000000 tokens/day"


class BudgetSettings(Struct, frozen=True):
    """`person_waiting` bounds one person's questions that are not answered yet, `person_at_once`
    those of them that are being answered. Raises ValueError, which names the variable."""

    person_budget: str = PERSON
    chat_budget: str = PERSON
    total_budget: str = "100000000 tokens/day"
    person_waiting: Annotated[int, Meta(ge=1, le=100_000)] = 20
    person_at_once: Annotated[int, Meta(ge=1, le=100_000)] = 2

    def __post_init__(self) -> None:
        for name in ("person_budget", "chat_budget", "total_budget"):
            try:
                parse_budget(getattr(self, name))
            except ValueError as error:
                raise ValueError(f"{name.upper()} wants {error}") from None

    def allowances(self) -> dict[Scope, tuple[Allowance, ...]]:
        """The limits of each scope that has any."""
        texts = {
            Scope.PERSON: self.person_budget,
            Scope.CHAT: self.chat_budget,
            Scope.TOTAL: self.total_budget,
        }
        return {scope: limits for scope, text in texts.items() if (limits := parse_budget(text))}


NO_BUDGETS = BudgetSettings(
    person_budget="none",
    chat_budget="none",
    total_budget="none",
    person_waiting=100_000,
    person_at_once=100_000,
)
