"""The chat for moderators: where it is, and what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import bindparam, exists, func, select, text, update

from chat.moderation import Priority
from storage.repositories.base import Repository, insert
from storage.repositories.flags import COLUMNS as FLAG_COLUMNS
from storage.repositories.flags import IS_OPEN, Flag, to_flag
from storage.tables import appeals, cards, decisions, flags, moderators_chats, users
from storage.tables.decisions import UNDECIDED

AT_ONCE = 20  # flags that are taken up at a time

_M, _K, _F, _D = moderators_chats.c, cards.c, flags.c, decisions.c
_KEY = (
    _M.channel == bindparam("of_channel"),
    _M.account == bindparam("of_account"),
    _M.chat == bindparam("of_chat"),
)
_OPEN = insert(moderators_chats).on_conflict_do_nothing(
    index_elements=[_M.channel, _M.account, _M.chat]
)
_CHAT = select(moderators_chats).where(*_KEY)
_MOVE = update(moderators_chats).where(*_KEY).values(moved_to=bindparam("new_chat"))
_SET_ERROR = (
    update(moderators_chats)
    .where(*_KEY)
    .values(error=bindparam("new_error"), error_at=bindparam("now"))
)
_SUM_UP = update(moderators_chats).where(*_KEY).values(digest_at=bindparam("now"))
_KIND_OF_FLAG = exists().where(_K.flag_id == _F.id, _K.kind == bindparam("of_kind"))
_WITHOUT_CARD = (
    select(_F.id)
    .where(
        IS_OPEN,
        _F.rank <= bindparam("rank"),
        _F.created_at >= bindparam("since"),
        _F.snoozed_until <= bindparam("now"),
        ~_KIND_OF_FLAG,
    )
    .order_by(_F.rank, _F.id)
    .limit(AT_ONCE)
)
_REMINDER = cards.alias("reminder")
_AGED = (
    select(_F.id)
    .join(cards, _K.flag_id == _F.id)
    .where(
        text("NOT cards.settled"),  # word for word as in the index
        text("flags.state = 'open'"),
        _K.kind == "flag",
        _K.created_at <= bindparam("before"),
        _F.claimed_until <= bindparam("now"),
        _F.snoozed_until <= bindparam("now"),
        ~exists().where(_REMINDER.c.flag_id == _F.id, _REMINDER.c.kind == "reminder"),
    )
    .order_by(_K.id)
    .limit(AT_ONCE)
)
_ADD = insert(cards)
_UNSETTLED = (
    select(cards, *(column.label(f"of_flag_{column.name}") for column in FLAG_COLUMNS))
    .select_from(cards)
    .outerjoin(flags, _F.id == _K.flag_id)
    .where(text("NOT cards.settled"))
    .order_by(_F.rank, _K.id)
)
_IT = _K.id == bindparam("card")
_SHOWN = (
    update(cards)
    .where(_IT)
    .values(
        state=bindparam("new_state"),
        chat=bindparam("new_chat"),
        platform_id=bindparam("new_platform_id"),
        said=bindparam("new_said"),
        settled=bindparam("new_settled"),
    )
)
_CARD_OF_FLAG = select(cards).where(_K.flag_id == bindparam("flag"), _K.kind == "flag")
_WAITING = select(func.count(), func.min(_F.created_at)).where(IS_OPEN)
_RAISED = select(func.count()).select_from(flags).where(_F.created_at >= bindparam("since"))
_DECIDED = (
    select(func.count())
    .select_from(decisions)
    .where(
        _D.created_at >= bindparam("since"),
        _D.flag_id.is_not(None),
        _D.state.not_in(("undone", "rejected")),
    )
)
_PROTECTED = select(users.c.restricted).where(users.c.id == bindparam("user"))
_APPEALS = select(func.count()).select_from(appeals).where(text(UNDECIDED))


class CardKind(StrEnum):
    """What a message in the chat for moderators is about."""

    FLAG = "flag"
    REMINDER = "reminder"
    DIGEST = "digest"


class CardState(StrEnum):
    """How far a card has come."""

    PENDING = "pending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"  # it stands there, or not
    FAILED = "failed"  # refused


class Card(Struct, frozen=True):
    """See CardRow."""

    id: int
    kind: CardKind
    flag_id: int | None
    state: CardState
    chat: str
    platform_id: str
    said: str
    since: float
    settled: bool
    created_at: float


class ModeratorsChat(Struct, frozen=True):
    """See ModeratorsChatRow."""

    channel: str
    account: str
    chat: str
    moved_to: str
    since: float
    digest_at: float
    error: str
    error_at: float

    @property
    def now_at(self) -> str:
        """The id that the messenger knows it by now."""
        return self.moved_to or self.chat


class DayOfFlags(NamedTuple):
    """How many flags are new, were decided and wait, since when the oldest does (epoch seconds; 0
    where none does), and how many appeals wait."""

    raised: int
    decided: int
    waiting: int
    oldest: float
    appeals: int


class Desk(Repository):
    """One chat at a time; cards are worked on by the one bot that holds the lease."""

    async def open(self, channel: str, account: str, chat: str) -> ModeratorsChat:
        """The chat with this id, from now on where it is new."""
        now = self._clock()
        key = {"channel": channel, "account": account, "chat": chat}
        await self._execute(_OPEN, {**key, "since": now, "digest_at": now})
        found = await self.get(channel, account, chat)
        assert found is not None, "it was added just now"
        return found

    async def get(self, channel: str, account: str, chat: str) -> ModeratorsChat | None:
        """The chat, if anything was ever to be written there."""
        keys = {"of_channel": channel, "of_account": account, "of_chat": chat}
        row = (await self._execute(_CHAT, keys)).first()
        return None if row is None else ModeratorsChat(*row)

    async def move(self, chat: ModeratorsChat, new_chat: str) -> None:
        """The messenger gave it a new id."""
        await self._change_one(_MOVE, **_key(chat), new_chat=new_chat)

    async def set_error(self, chat: ModeratorsChat, error: str) -> None:
        """Why it cannot be written to; "" where it can."""
        await self._change_one(_SET_ERROR, **_key(chat), new_error=error, now=self._clock())

    async def without_card(self, chat: ModeratorsChat, least: Priority) -> list[int]:
        """Open flags of at least this priority, raised since the chat is one, without a card."""
        values = {"rank": -least, "since": chat.since, "of_kind": CardKind.FLAG.value}
        rows = await self._rows(_WITHOUT_CARD, {**values, "now": self._clock()})
        return [row[0] for row in rows]

    async def aged(self, seconds: float) -> list[int]:
        """Flags whose card is older, at which nobody looks, and of which nobody was reminded."""
        now = self._clock()
        rows = await self._rows(_AGED, {"before": now - seconds, "now": now})
        return [row[0] for row in rows]

    async def add(self, kind: CardKind, flag_id: int) -> None:
        """Make a card of a flag, or a reminder. Raises WriteConflict where there is one."""
        await self._add(kind, flag_id=flag_id)

    async def sum_up(self, chat: ModeratorsChat) -> None:
        """Make the summary of all since the last one."""
        await self._add(CardKind.DIGEST, since=chat.digest_at)
        await self._change_one(_SUM_UP, **_key(chat), now=self._clock())

    async def unsettled(self) -> list[tuple[Card, Flag | None]]:
        """What may have to be sent or edited, the most urgent first, with the flags behind it."""
        width = len(Card.__struct_fields__)
        return [
            (_to_card(row[:width]), None if row[width] is None else to_flag(row[width:]))
            for row in await self._rows(_UNSETTLED)
        ]

    async def of_flag(self, flag_id: int) -> Card | None:
        """The card of a flag, if there is one."""
        row = (await self._execute(_CARD_OF_FLAG, {"flag": flag_id})).first()
        return None if row is None else _to_card(row)

    async def shown(
        self,
        card: Card,
        *,
        state: CardState,
        chat: str,
        platform_id: str,
        said: str,
        settled: bool,
    ) -> None:
        """What stands in the chat now. Raises NotFound."""
        await self._change_one(
            _SHOWN,
            card=card.id,
            new_state=state.value,
            new_chat=chat,
            new_platform_id=platform_id,
            new_said=said,
            new_settled=settled,
        )

    async def is_protected(self, user_id: int) -> bool:
        """Whether somebody is of a protected age."""
        row = (await self._execute(_PROTECTED, {"user": user_id})).first()
        return row is not None and bool(row[0])

    async def day(self, since: float) -> DayOfFlags:
        """What happened since then, and what waits."""
        waiting, oldest = await self._one(_WAITING)
        raised = (await self._one(_RAISED, since=since))[0]
        decided = (await self._one(_DECIDED, since=since))[0]
        waiting_appeals = (await self._one(_APPEALS))[0]
        return DayOfFlags(raised, decided, waiting, oldest or 0.0, waiting_appeals)

    async def _add(self, kind: CardKind, *, flag_id: int | None = None, since: float = 0.0) -> None:
        await self._execute(
            _ADD,
            {
                "kind": kind.value,
                "flag_id": flag_id,
                "state": CardState.PENDING.value,
                "chat": "",
                "platform_id": "",
                "said": "",
                "since": since,
                "settled": False,
                "created_at": self._clock(),
            },
        )


def _key(chat: ModeratorsChat) -> dict[str, str]:
    return {"of_channel": chat.channel, "of_account": chat.account, "of_chat": chat.chat}


def _to_card(row: Sequence[Any]) -> Card:
    values = dict(zip(Card.__struct_fields__, row, strict=True))
    values["kind"], values["state"] = CardKind(values["kind"]), CardState(values["state"])
    return Card(**values)
