"""Whether checks and people get it right: precision, appeals, and how long decisions take."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from chat.people import User
from handlers.moderation.rights import seat_of, sees_staff
from storage.database import Database
from storage.repositories import CheckQuality, Colleague, Reviewer, Thumbs, Wait

DAY = 24 * 3600.0
SPANS = (7, 30, 90)  # days
# Those that ship, in the order in which they are told; "people" are reports.
CHECKS = (
    "words",
    "links",
    "attacks",
    "repetition",
    "nudity",
    "known-pictures",
    "guard",
    "people",
)
Z = 1.959963984540054  # the normal distribution holds 95 % between -Z and Z


class Share(Struct, frozen=True):
    """`hits` of `count`, and between what the true share lies in 95 of 100 cases."""

    hits: int
    count: int
    low: float = 0.0
    high: float = 1.0

    @property
    def value(self) -> float | None:
        """The share, between 0 and 1; None where nothing was counted."""
        return self.hits / self.count if self.count else None


class CheckRow(Struct, frozen=True):
    """A check with the share of its decided flags that were upheld."""

    counts: CheckQuality
    precision: Share


class ThumbsRow(Struct, frozen=True):
    """Thumbs of one day and model, with the share of those that point down."""

    date: str
    model: str
    down: Share


class Report(Struct, frozen=True):
    """The figures of so many days. `reviewers` is None for who may not know them."""

    days: int
    checks: tuple[CheckRow, ...]
    waits: tuple[Wait, ...]
    appeals: Share  # overturned, of those that were decided
    reviewers: tuple[Reviewer, ...] | None = None
    colleagues: dict[int, Colleague] = {}
    thumbs: tuple[ThumbsRow, ...] = ()
    down: Share = Share(0, 0)
    reasons: dict[str, int] = {}


class QualityReports:
    """What staff may know of how well it goes."""

    def __init__(self, *, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def get(self, user: User, days: int) -> Report:
        """The last so many days. Raises NotPermitted for who is not staff."""
        seat_of(user)
        since = self._clock() - days * DAY
        async with self._database.read() as tx:
            checks = await tx.quality.checks(since)
            waits = await tx.quality.waits(since)
            decided, overturned = await tx.quality.appeals(since)
            thumbs = await tx.quality.thumbs(since)
            reasons = await tx.quality.reasons(since)
            reviewers = await tx.quality.reviewers(since) if sees_staff(user) else None
            colleagues = await tx.people.colleagues({each.user_id for each in reviewers or ()})
        return Report(
            days=days,
            checks=tuple(CheckRow(each, share(each.upheld, each.decided)) for each in _all(checks)),
            waits=tuple(waits),
            appeals=share(overturned, decided),
            reviewers=None if reviewers is None else tuple(reviewers),
            colleagues=colleagues,
            thumbs=tuple(_thumbs_row(each) for each in thumbs),
            down=share(sum(each.down for each in thumbs), sum(each.count for each in thumbs)),
            reasons=reasons,
        )


def share(hits: int, count: int) -> Share:
    """A share with its Wilson interval of 95 % (E. B. Wilson, Journal of the American Statistical
    Association 22, 1927), which stays within 0 and 1 and is honest about small counts."""
    if not count:
        return Share(hits, count)
    part, spread = hits / count, Z * Z / count
    middle = part + spread / 2
    half = Z * math.sqrt((part * (1 - part) + spread / 4) / count)
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return Share(hits, count, max(0.0, low), min(1.0, high))


def _thumbs_row(thumbs: Thumbs) -> ThumbsRow:
    date = datetime.fromtimestamp(thumbs.day * DAY, UTC).date().isoformat()
    return ThumbsRow(date, thumbs.model, share(thumbs.down, thumbs.count))


def _all(found: list[CheckQuality]) -> list[CheckQuality]:
    """Every check that ships, also where it found nothing, and then any other."""
    known = {each.check: each for each in found}
    names = [*CHECKS, *(name for name in known if name not in CHECKS)]
    return [known.get(name, CheckQuality(name, 0, 0, 0)) for name in names]
