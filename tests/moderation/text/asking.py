"""One message asked of one check."""

from __future__ import annotations

from chat.moderation import Finding, Side
from moderation.checks import Check, Said, Subject


async def look(
    check: Check, text: str, *, language: str = "", before: tuple[str, ...] = ()
) -> list[Finding]:
    """What a check finds in a question with the number 7, after earlier ones of the same person."""
    subject = Subject(
        side=Side.QUESTION,
        new=(Said(Side.QUESTION, text, 7),),
        before=tuple(Said(Side.QUESTION, each) for each in before),
        language=language,
    )
    return list(await check.look(subject))
