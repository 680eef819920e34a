"""Finds pictures that are known already, also scaled, compressed, mirrored or turned by 90°."""

from __future__ import annotations

from collections.abc import Sequence

from chat.moderation import Finding
from moderation.checks import Shown, Subject
from moderation.pictures.checker import Known, PictureChecker
from moderation.pictures.live import LiveBank
from moderation.pictures.looking import look_at_all

# Below it a hash is made of noise, and flat pictures of all kinds are alike (Meta's advice).
LEAST_QUALITY = 50
BITS = 256


class KnownPicturesCheck:
    """Compares the PDQ hash of each picture with those of the bank.

    Cropped pictures, and such as were turned by a few degrees, are not found: that is what the hash
    can do. The score is the share of bits that are equal, 1 for the very picture.
    """

    name = "known-pictures"

    def __init__(self, checker: PictureChecker, bank: LiveBank | None = None) -> None:
        """`bank` keeps what the checker knows up to date."""
        self._checker = checker
        self._bank = bank

    @property
    def why_off(self) -> str:
        """Why it cannot look at anything here; empty where it can."""
        return self._checker.why_off

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """The nearest entry of each category, for each picture. Raises PictureUnchecked,
        PictureChecksOff."""
        if self._bank is not None and subject.pictures:
            await self._bank.refresh()
        if not self._checker.knows_pictures:
            return []

        async def find(picture: Shown) -> list[Finding]:
            seen = await self._checker.see(picture)
            if seen.quality < LEAST_QUALITY:
                return []
            nearest: dict[str, Known] = {}
            for known in await self._checker.known(seen):
                nearest.setdefault(known.entry.category, known)
            return [self._finding(known, picture, subject) for known in nearest.values()]

        return await look_at_all(subject, find)

    def _finding(self, known: Known, picture: Shown, subject: Subject) -> Finding:
        return Finding(
            check=self.name,
            category=known.entry.category,
            score=1 - known.distance / BITS,
            side=subject.side,
            evidence=(known.entry.label,),
            message_id=picture.message_id,
            attachment_id=picture.attachment_id,
        )
