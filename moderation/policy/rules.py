"""What a policy says, as values. How it is written: `written.py`; what follows: `deciding.py`."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from chat.moderation import Category, Deed, Measure, Place, PlaceKind, Priority, Side

DAY = 24 * 3600.0
# They change what a person may do, so a rule can have somebody confirm them first.
PENALTIES = frozenset({Deed.STRIKE, Deed.MUTE, Deed.BAN})


class Confirmation(StrEnum):
    """Who has to confirm the penalties of a rule before they count."""

    NOBODY = ""
    MODERATOR = "moderator"
    ADMIN = "admin"
    TWO = "two"  # two moderators, of whom none is the other


class CheckRule(Struct, frozen=True):
    """How a check is treated. `limit` in seconds; `closed`: what it cannot look at is refused."""

    limit: float = 1.0
    closed: bool = False
    off: bool = False


class Rule(Struct, frozen=True):
    """What follows from a finding of one of `categories` with at least `score`.

    Empty `sides`, `places` and `regions`, and `restricted` None, stand for all of them. `says` are
    the words that a refused person reads, by language; empty for the ones that ship.
    """

    categories: frozenset[str]
    measures: tuple[Measure, ...]
    score: float = 0.5
    sides: frozenset[Side] = frozenset()
    places: frozenset[PlaceKind] = frozenset()
    regions: frozenset[str] = frozenset()
    restricted: bool | None = None
    priority: Priority = Priority.NORMAL
    confirmed_by: Confirmation = Confirmation.NOBODY
    says: dict[str, str] = {}

    def holds(self, category: str, score: float, side: Side, place: Place) -> bool:
        """Whether it speaks of such a finding, said there."""
        return (
            category in self.categories
            and score >= self.score
            and (not self.sides or side in self.sides)
            and (not self.places or place.kind in self.places)
            and (not self.regions or place.region in self.regions)
            and self.restricted in (None, place.restricted)
        )


class Rung(Struct, frozen=True):
    """What follows when somebody has so many strikes in force."""

    strikes: int
    measure: Measure


class Words(Struct, frozen=True):
    """An operator's own words: phrases by language, and RE2 patterns for every language."""

    category: str
    phrases: dict[str, tuple[str, ...]] = {}
    patterns: tuple[str, ...] = ()
    score: float = 1.0


class Links(Struct, frozen=True):
    """Domains with everything below them; `most` links in one message, None for any number."""

    blocked: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    most: int | None = None


class Policy(Struct, frozen=True):
    """One version. Times in seconds; `number` is given when it is kept.

    `own` are categories beyond those that ship, by id, with their names by language. `exceptions`
    are words of the shipped lists that are harmless here.
    """

    name: str
    number: int = 0
    rules: tuple[Rule, ...] = ()
    checks: dict[str, CheckRule] = {}
    strikes_last: float = 90 * DAY
    warnings_last: float = 30 * DAY
    ladder: tuple[Rung, ...] = ()
    own: dict[str, dict[str, str]] = {}
    words: tuple[Words, ...] = ()
    exceptions: frozenset[str] = frozenset()
    links: Links = Links()

    @property
    def categories(self) -> frozenset[str]:
        """All that its rules may speak of."""
        return frozenset(Category) | frozenset(self.own)

    def name_of(self, category: str, language: str) -> str:
        """What an own category is called in a language, or else the first that it has a name in;
        empty for those that ship, whose names stand in the text catalogues."""
        names = self.own.get(category, {})
        return names.get(language.partition("-")[0].lower()) or next(iter(names.values()), "")

    def check(self, name: str) -> CheckRule:
        """How a check is treated."""
        return self.checks.get(name, CheckRule())
