"""Looking at all pictures of a message for a check."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from chat.moderation import Finding
from moderation.checks import Shown, Subject
from moderation.pictures.errors import PictureUnchecked

log = structlog.get_logger()

Find = Callable[[Shown], Awaitable[Sequence[Finding]]]


async def look_at_all(subject: Subject, find: Find) -> list[Finding]:
    """What is found in each picture, all at once.

    Where one could not be looked at, what was found in the others counts; where that is nothing,
    the check has failed, and PictureUnchecked is raised."""
    looks = (find(picture) for picture in subject.pictures)
    found: list[Finding] = []
    failed: list[PictureUnchecked] = []
    for each in await asyncio.gather(*looks, return_exceptions=True):
        if isinstance(each, PictureUnchecked):
            failed.append(each)
        elif isinstance(each, BaseException):
            raise each
        else:
            found += each
    if failed and not found:
        raise failed[0]
    for error in failed:
        log.warning("a picture beside others was not looked at", why=error.reason.value)
    return found
