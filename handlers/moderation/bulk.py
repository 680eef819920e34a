"""Deciding many flags alike: first looked at together, then decided one by one as always."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct, structs

from chat.messages import AttachmentPart, Message, TextPart
from chat.moderation import Priority
from chat.people import User
from handlers.errors import HandlerError, NotFound
from handlers.moderation.deciding import Choice
from handlers.moderation.reviews import Reviews
from handlers.moderation.rights import NotPermitted, Taken, TooLate, needs_two, seat_in
from storage.database import Database
from storage.repositories import Decision, Flag, ReviewVerdict

MOST = 100  # flags at once: as many as somebody can be expected to look through
EXCERPT = 280  # characters of a message

# What a person meets once, however many of their messages are decided about.
_OF_PERSONS = frozenset(
    {ReviewVerdict.WARN, ReviewVerdict.STRIKE, ReviewVerdict.MUTE, ReviewVerdict.BAN}
)


class NotInBulk(HandlerError):
    """That is decided one by one."""

    key = "bulk-not-permitted"


class Alike(Struct, frozen=True):
    """Which flags: empty values leave open what they ask."""

    category: str = ""
    priority: Priority | None = None
    person: int | None = None


class Listed(Struct, frozen=True):
    """A flag with the beginning of what was said; both empty where that is gone."""

    flag: Flag
    excerpt: str = ""
    pictures: int = 0


class Decided(Struct, frozen=True):
    """What was decided, and the flags that were left since others are at them, since they are about
    somebody whom the decider may not judge, or since they are decided already."""

    decisions: tuple[Decision, ...]
    left: tuple[int, ...]


class Bulk:
    """Many flags at once. Each becomes a decision of its own, with its own ten seconds, its own
    appeal and its own line in the audit log."""

    def __init__(self, *, database: Database, reviews: Reviews) -> None:
        self._database = database
        self._reviews = reviews

    async def preview(self, user: User, alike: Alike) -> list[Listed]:
        """What would be decided, the most urgent first, without what others look at. Raises
        NotPermitted."""
        async with self._database.read() as tx:
            flags = await tx.review_queue.alike(
                await seat_in(tx, user),
                category=alike.category,
                priority=alike.priority,
                person=alike.person,
                most=MOST,
            )
            said = await tx.messages.get_many(
                {flag.message_id for flag in flags if flag.message_id is not None}
            )
        return [_listed(flag, said.get(flag.message_id or 0)) for flag in flags]

    async def categories(self, user: User) -> dict[str, int]:
        """How many wait for somebody that nobody looks at, by category. Raises NotPermitted."""
        async with self._database.read() as tx:
            return await tx.review_queue.reasons(await seat_in(tx, user))

    async def decide(self, user: User, flag_ids: Sequence[int], choice: Choice) -> Decided:
        """Decide these flags alike. Of the messages of one person the first has the consequence for
        the person, and the others are removed.

        Raises NotInBulk where two people have to agree, and NotPermitted."""
        if needs_two(choice.verdict, choice.seconds):
            raise NotInBulk
        if not Reviews.may(user, choice.verdict, choice.seconds):
            raise NotPermitted
        met: set[int] = set()
        decisions: list[Decision] = []
        left: list[int] = []
        for flag_id in dict.fromkeys(flag_ids[:MOST]):
            try:
                made = await self._one(user, flag_id, choice, met)
            except (NotFound, NotPermitted, Taken):
                left.append(flag_id)
            else:
                decisions.append(made)
                if made.user_id is not None:
                    met.add(made.user_id)
        return Decided(tuple(decisions), tuple(left))

    async def undo(self, user: User, decision_ids: Collection[int]) -> int:
        """Take back those of one's own decisions that do not count yet; how many."""
        undone = 0
        for decision_id in decision_ids:
            try:
                await self._reviews.undo(user, decision_id)
            except (NotFound, NotPermitted, TooLate):
                continue
            undone += 1
        return undone

    async def _one(
        self, user: User, flag_id: int, choice: Choice, met: Collection[int]
    ) -> Decision:
        flag = await self._reviews.see(user, flag_id)
        if choice.verdict is ReviewVerdict.RELEASE and not flag.held:
            raise Taken
        if choice.verdict in _OF_PERSONS and flag.user_id in met:
            choice = structs.replace(choice, verdict=ReviewVerdict.REMOVE, seconds=None)
        return await self._reviews.decide(user, flag_id, choice)


def _listed(flag: Flag, message: Message | None) -> Listed:
    if message is None:
        return Listed(flag)
    words = " ".join(part.text for part in message.parts if isinstance(part, TextPart))
    pictures = sum(isinstance(part, AttachmentPart) for part in message.parts)
    short = words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"
    return Listed(flag, short, pictures)
