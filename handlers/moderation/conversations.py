"""Conversations as staff may read them: after a flag or two people's word, with a reason, for a
while."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from chat.conversations import Conversation
from chat.messages import Attachment, AttachmentPart, Message
from chat.people import User
from handlers.errors import HandlerError, NotFound
from handlers.moderation.deciding import Choice, check_subject, decide_about, write_decision
from handlers.moderation.locked import locked_in
from handlers.moderation.noting import actor_of
from handlers.moderation.pictures import attachments_of, pictures_of
from handlers.moderation.rights import (
    NotPermitted,
    TooLate,
    may_second,
    seat_in,
    sees,
    sees_person,
)
from moderation.policy.live import LivePolicy
from storage.database import Database, Transaction
from storage.repositories import Decision, Flag, Opening, ReviewVerdict

OPEN_FOR = 3600.0  # seconds
LISTED = 50
ON_A_PAGE = 50  # messages
LOOKED_THROUGH = 2000  # messages, for words
LONGEST_REASON = 2000  # characters


class NotOpened(HandlerError):
    """Somebody has not said yet why they want to read this."""

    key = "conversations-not-opened"


class ReasonWanted(HandlerError):
    """A reason is needed, and there is none."""

    key = "conversations-reason-wanted"


class Listed(Struct, frozen=True):
    """A conversation from outside. `grounds` says whether a flag permits to open it, `opening` who
    reads it may until when."""

    conversation: Conversation
    person: User
    grounds: bool
    opening: Opening | None = None


class Reading(Struct, frozen=True):
    """A page of a conversation. `flags` and what is `locked` by message; `before` is the message
    to go on from, None at the beginning."""

    listed: Listed
    messages: tuple[Message, ...]
    attachments: dict[int, Attachment]
    flags: dict[int, Flag]
    locked: frozenset[int]
    before: int | None
    redacts: bool

    def pictures(self, message: Message) -> list[Attachment]:
        """The pictures of a message that can be shown."""
        return pictures_of(message, self.attachments)


class ConversationBook:
    """What staff may read of what people say. What is not for somebody to see is not there for
    them."""

    def __init__(
        self, *, database: Database, policy: LivePolicy, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def flagged(self, user: User) -> list[Listed]:
        """Those that were flagged last."""
        async with self._database.read() as tx:
            seat = await seat_in(tx, user)
            flags = await tx.flags.newest(seat.levels, unlocked=seat.unlocked, most=4 * LISTED)
            numbers = list(dict.fromkeys(flag.conversation_id for flag in flags))[:LISTED]
            return await _listed(tx, user, numbers)

    async def of_person(self, user: User, user_id: int) -> list[Listed]:
        """Those of a person. Raises NotFound."""
        async with self._database.read() as tx:
            await seat_in(tx, user)
            person = await tx.users.get(user_id)
            if not sees_person(user, person):
                raise NotFound
            found = await tx.conversations.of_user(user_id, limit=LISTED)
            return await _listed(tx, user, [conversation.id for conversation in found])

    async def get(self, user: User, conversation_id: int) -> Listed:
        """One from outside. Raises NotFound."""
        async with self._database.read() as tx:
            return await _one(tx, user, conversation_id)

    async def open(self, user: User, conversation_id: int, reason: str) -> Opening:
        """Read a conversation from now on, for an hour. Raises NotFound, ReasonWanted, and
        NotPermitted where no flag permits it."""
        reason = _reason(reason)
        async with self._database.write() as tx:
            listed = await _one(tx, user, conversation_id)
            if not listed.grounds:
                raise NotPermitted
            opening = await tx.openings.add(
                user.id, conversation_id, ground="flag", reason=reason, seconds=OPEN_FOR
            )
            await tx.audit.add(
                "conversation.opened",
                actor=actor_of(user),
                kind="conversation",
                object_id=conversation_id,
                details={"ground": "flag", "reason": reason},
            )
        return opening

    async def reveal(self, user: User, conversation_id: int, reason: str) -> Decision:
        """Ask a second person to let one read a conversation in which nothing was flagged. Raises
        NotFound, ReasonWanted and NotPermitted."""
        reason = _reason(reason)
        policy = await self._policy.get()
        async with self._database.write() as tx:
            listed = await _one(tx, user, conversation_id)
            await check_subject(tx, user, listed.person.id)
            return await decide_about(
                tx,
                user,
                listed.person.id,
                Choice(ReviewVerdict.REVEAL, note=reason),
                policy=policy.number,
                now=self._clock(),
                conversation_id=conversation_id,
            )

    async def read(
        self, user: User, conversation_id: int, *, before: int | None = None, words: str = ""
    ) -> Reading:
        """A page of what was said, the newest first page; where words are given, the newest
        messages that have them. Raises NotFound and NotOpened."""
        async with self._database.read() as tx:
            listed = await _one(tx, user, conversation_id)
            if listed.opening is None:
                raise NotOpened
            seat = await seat_in(tx, user)
            limit = LOOKED_THROUGH if words else ON_A_PAGE + 1
            said = await tx.messages.transcript(conversation_id, before=before, limit=limit)
            flags = await tx.flags.of_messages([message.id for message in said])
            locked = locked_in(flags, seat)
            if words:
                shown = [each for each in said if _says(each, words) and each.id not in locked]
                more = False
            else:
                shown, more = said, len(said) > ON_A_PAGE
            shown = shown[-ON_A_PAGE:]
            return Reading(
                listed=listed,
                messages=tuple(shown),
                attachments=await attachments_of(tx, [m for m in shown if m.id not in locked]),
                flags={f.message_id: f for f in flags if f.message_id and sees(seat, f)},
                locked=locked,
                before=shown[0].id if more else None,
                redacts=may_second(user),
            )

    async def picture(self, user: User, conversation_id: int, attachment_id: int) -> Attachment:
        """A picture of a conversation that is open. Raises NotFound and NotOpened."""
        async with self._database.read() as tx:
            if (await _one(tx, user, conversation_id)).opening is None:
                raise NotOpened
            attachment = (await tx.attachments.get_many({attachment_id})).get(attachment_id)
            if attachment is None or attachment.conversation_id != conversation_id:
                raise NotFound
            locked = locked_in(
                await tx.flags.of_conversation(conversation_id), await seat_in(tx, user)
            )
            hidden = (await tx.messages.get_many(locked)).values()
            if any(AttachmentPart(attachment_id) in message.parts for message in hidden):
                raise NotFound
        return attachment

    async def redact(
        self, user: User, conversation_id: int, message_id: int, reason: str
    ) -> Decision:
        """Remove a message for everybody, after ten seconds.

        Raises NotFound, NotOpened, NotPermitted, ReasonWanted, and TooLate where it is gone."""
        reason = _reason(reason)
        policy = await self._policy.get()
        async with self._database.write() as tx:
            listed = await _one(tx, user, conversation_id)
            if listed.opening is None:
                raise NotOpened
            if not may_second(user):
                raise NotPermitted
            await check_subject(tx, user, listed.person.id)
            message = (await tx.messages.get_many({message_id})).get(message_id)
            if message is None:
                raise TooLate
            if message.conversation_id != conversation_id:
                raise NotFound
            return await write_decision(
                tx,
                user,
                Choice(ReviewVerdict.REMOVE, note=reason),
                policy=policy.number,
                now=self._clock(),
                subject_id=listed.person.id,
                message=message,
            )


def _reason(words: str) -> str:
    words = words.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonWanted
    return words


def _says(message: Message, words: str) -> bool:
    return words.casefold() in message.text.casefold()


async def _one(tx: Transaction, user: User, conversation_id: int) -> Listed:
    found = await _listed(tx, user, [conversation_id])
    if not found:
        raise NotFound
    return found[0]


async def _listed(tx: Transaction, user: User, conversation_ids: list[int]) -> list[Listed]:
    """Those of them that are there and whose person is for this reader to see."""
    seat = await seat_in(tx, user)
    openings = await tx.openings.of(user.id, conversation_ids)
    flagged = await tx.flags.seen_in(conversation_ids, seat.levels, unlocked=seat.unlocked)
    listed = []
    for conversation_id in conversation_ids:
        try:
            conversation = await tx.conversations.get(conversation_id)
        except NotFound:
            continue  # deleted meanwhile
        person = await tx.users.get(conversation.user_id)
        if person.id == user.id or not sees_person(user, person):
            continue
        grounds = conversation_id in flagged
        listed.append(Listed(conversation, person, grounds, openings.get(conversation_id)))
    return listed
