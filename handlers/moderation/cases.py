"""Everything that a reviewer needs to decide a flag, in one look."""

from __future__ import annotations

from msgspec import Struct

from chat.messages import Attachment, Message
from chat.people import User
from handlers.errors import NotFound
from handlers.moderation.locked import locked_in
from handlers.moderation.pictures import attachments_of, pictures_of
from handlers.moderation.rights import seat_in, sees
from moderation.policy.quoting import rules_about
from moderation.policy.written import SHIPPED
from storage.database import Database, Transaction
from storage.repositories import Decision, Flag, Report, Restriction, Seat

AROUND = 8  # messages before the flagged one, and after it
PAST = 20  # earlier flags and decisions


class Past(Struct, frozen=True):
    """What is known of a person, the newest first."""

    flags: tuple[Flag, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Case(Struct, frozen=True):
    """A flag with the conversation around it; `message` is None where it was erased, `rules` are
    those of its policy that speak of what was found. Of messages in `locked` nothing is shown."""

    flag: Flag
    message: Message | None
    around: tuple[Message, ...]
    attachments: dict[int, Attachment]
    person: User | None
    past: Past
    reports: tuple[Report, ...]
    decisions: tuple[Decision, ...]
    rules: str = ""
    locked: frozenset[int] = frozenset()

    def pictures(self, message: Message) -> list[Attachment]:
        """The pictures of a message that can be shown."""
        return pictures_of(message, self.attachments)


class Cases:
    """Reads cases. What is not for somebody to see is not there for them."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def get(self, user: User, flag_id: int) -> Case:
        """A case. Raises NotFound."""
        async with self._database.read() as tx:
            flag, seat = await tx.flags.get(flag_id), await seat_in(tx, user)
            if not sees(seat, flag):
                raise NotFound
            return await self._case(tx, flag, seat)

    async def _case(self, tx: Transaction, flag: Flag, seat: Seat) -> Case:
        message = await _message(tx, flag)
        around = await _around(tx, flag, message)
        locked = locked_in(await tx.flags.of_messages([each.id for each in around]), seat)
        person = await tx.users.get_or_none(flag.user_id) if flag.user_id else None
        return Case(
            flag=flag,
            message=message,
            around=tuple(around),
            attachments=await attachments_of(tx, [m for m in around if m.id not in locked]),
            person=person,
            past=await _past(tx, person, flag) if person else Past(),
            reports=tuple(await tx.reports.of_flag(flag.id)),
            decisions=tuple(await tx.decisions.of_flag(flag.id)),
            locked=locked,
            rules=rules_about(await _policy(tx, flag.policy), flag.categories),
        )


async def _policy(tx: Transaction, number: int) -> str:
    """A version as it was written; 0 is the one that ships."""
    if number == 0:
        return SHIPPED.read_text(encoding="utf-8")
    try:
        return (await tx.policies.get(number)).text
    except NotFound:
        return ""


async def _message(tx: Transaction, flag: Flag) -> Message | None:
    if flag.message_id is None:
        return None
    try:
        return await tx.messages.get(flag.message_id)
    except NotFound:
        return None


async def _around(tx: Transaction, flag: Flag, message: Message | None) -> list[Message]:
    """The transcript around the message; one that was taken back stands among the others."""
    if message is None:
        return []
    before = await tx.messages.transcript(flag.conversation_id, before=message.id, limit=AROUND)
    after = await tx.messages.transcript_after(flag.conversation_id, message.id, limit=AROUND)
    return [*before, message, *after]


async def _past(tx: Transaction, person: User, flag: Flag) -> Past:
    flags = await tx.flags.of_user(person.id, most=PAST + 1)
    return Past(
        tuple(each for each in flags if each.id != flag.id)[:PAST],
        tuple(reversed(await tx.restrictions.of_user(person.id))),
        tuple(await tx.decisions.of_user(person.id, most=PAST)),
    )
