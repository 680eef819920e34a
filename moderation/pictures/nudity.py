"""Finds naked people in pictures, by the small model that a package carries."""

from __future__ import annotations

from collections.abc import Sequence

from chat.moderation import Category, Finding
from moderation.checks import Shown, Subject
from moderation.pictures.checker import PictureChecker
from moderation.pictures.looking import look_at_all


class NudityCheck:
    """Scores each picture as Yahoo's Open NSFW does: the likelihood of pornography, 0 to 1.

    Its makers advise that below 0.2 (`floor`) there is nothing to find, and that only above 0.8 one
    may rely on it. Plain squares of colour have been seen to score 0.3, so that a policy is to let
    high scores only have consequences. It was trained on photographs, not on drawings. (The package
    nudenet says which part of a body it sees, but its licence is the AGPL: it is not used.)
    """

    name = "nudity"

    def __init__(self, checker: PictureChecker, *, floor: float = 0.2) -> None:
        self._checker = checker
        self._floor = floor

    @property
    def why_off(self) -> str:
        """Why it cannot look at anything here; empty where it can."""
        return self._checker.why_off

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """One finding for each picture that scores. Raises PictureUnchecked, PictureChecksOff."""

        async def find(picture: Shown) -> list[Finding]:
            score = (await self._checker.see(picture)).nudity or 0.0
            if score < self._floor:
                return []
            return [
                Finding(
                    check=self.name,
                    category=Category.NUDITY,
                    score=score,
                    side=subject.side,
                    message_id=picture.message_id,
                    attachment_id=picture.attachment_id,
                )
            ]

        return await look_at_all(subject, find)
