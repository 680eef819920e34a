"""A row for every reply that a person is to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, text, update

from chat.conversations import ConversationKey
from chat.outbound import Button, Notice, Outbound, OutboundJob, OutboundKind, OutboundState
from storage.repositories.base import AnyRow, Repository, insert
from storage.repositories.conversations import IN_CHANNELS, KEY_COLUMNS
from storage.tables import conversations, outbound, turns, users

_O = outbound.c
COLUMNS = (
    _O.id,
    _O.conversation_id,
    _O.kind,
    _O.state,
    _O.turn_id,
    _O.part,
    _O.notice,
    _O.buttons,
    _O.text,
    _O.platform_id,
    _O.reply_to,
    _O.tries,
    _O.created_at,
)

# What stands in a chat besides answers.
SAID = (OutboundKind.NOTICE, OutboundKind.EXPORT, OutboundKind.BROADCAST)

_ENCODER = msgspec.json.Encoder()
_NOTICE = msgspec.json.Decoder(Notice)
_BUTTONS = msgspec.json.Decoder(tuple[Button, ...])

_IT = _O.id == bindparam("outbound")
_GENERATION = select(turns.c.generation).where(turns.c.id == bindparam("of_turn")).scalar_subquery()
_ADD_NOTICE = insert(outbound).returning(_O.id)
_ADD_PART = insert(outbound).values(generation=_GENERATION).returning(_O.id)
_GET = select(*COLUMNS).where(_IT)
_TURN_OF = (
    select(_O.turn_id)
    .where(
        _O.conversation_id == bindparam("conversation"),
        _O.platform_id == bindparam("platform"),
        _O.turn_id.is_not(None),
    )
    .limit(1)
)
_BY_PLATFORM_ID = (
    select(*COLUMNS)
    .where(_O.conversation_id == bindparam("conversation"), _O.platform_id == bindparam("platform"))
    .limit(1)
)
_PARTS = (
    select(*COLUMNS)
    .join(turns, turns.c.id == _O.turn_id)
    .where(
        turns.c.id == bindparam("turn"),
        text("outbound.kind = 'answer'"),  # word for word as in the index
        _O.generation == turns.c.generation,
    )
    .order_by(_O.part)
)
_SENT = (
    update(outbound)
    .where(_IT)
    .values(
        state=OutboundState.SENT.value,
        platform_id=bindparam("new_platform_id"),
        text=bindparam("new_text"),
        error="",
        lease_until=0.0,
    )
)
_SET_STATE = (
    update(outbound).where(_IT).values(state=bindparam("new_state"), error=bindparam("new_error"))
)
_BEGIN = (
    update(outbound)
    .where(
        _IT,
        _O.lease_owner == bindparam("owner"),
        _O.lease_until > bindparam("now"),
        _O.state.in_([OutboundState.PENDING.value, OutboundState.SENDING.value]),
    )
    .values(state=OutboundState.SENDING.value)
)
_SET_TEXT = update(outbound).where(_IT).values(text=bindparam("new_text"))
_REWORD = (
    update(outbound)
    .where(_IT)
    .values(notice=bindparam("new_notice"), buttons=bindparam("new_buttons"))
)
_UNSENT = (
    update(outbound)
    .where(
        _IT,
        _O.lease_owner == bindparam("owner"),
        _O.state == OutboundState.SENDING.value,
    )
    .values(state=OutboundState.PENDING.value)
)
_GIVE_BACK = (
    update(outbound)
    .where(
        _IT,
        _O.lease_owner == bindparam("owner"),
        _O.state == OutboundState.PENDING.value,
    )
    .values(lease_until=0.0)
)
_RETRY = (
    update(outbound)
    .where(_IT)
    .values(state=OutboundState.PENDING.value, not_before=bindparam("until"), lease_until=0.0)
)
# The conditions of the index, word for word.
_WAITING = text("outbound.state IN ('pending', 'sending') AND outbound.kind <> 'answer'")
_EARLIER = outbound.alias("earlier")
_FIRST = ~(
    select(_EARLIER.c.id)
    .where(
        text("earlier.state IN ('pending', 'sending') AND earlier.kind <> 'answer'"),
        _EARLIER.c.conversation_id == _O.conversation_id,
        _EARLIER.c.id < _O.id,
    )
    .correlate(outbound)
    .exists()
)
_TO_TAKE = (
    select(*COLUMNS, *KEY_COLUMNS, users.c.language, users.c.id)
    .join(conversations, conversations.c.id == _O.conversation_id)
    .join(users, users.c.id == conversations.c.user_id)
    .where(
        _WAITING,
        _FIRST,
        _O.not_before <= bindparam("now"),
        _O.lease_until <= bindparam("now"),
        IN_CHANNELS,
    )
    .order_by(_O.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True, of=outbound)
)
_LEASE = (
    update(outbound)
    .where(_O.id.in_(bindparam("taken", expanding=True)))
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"), tries=_O.tries + 1)
)
_NOTICES = (
    select(*COLUMNS)
    .where(
        _O.conversation_id == bindparam("conversation"),
        _O.kind.in_([kind.value for kind in SAID]),
    )
    .order_by(_O.id)
)


def to_outbound(row: AnyRow) -> Outbound:
    """A row that begins with COLUMNS as a value."""
    id_, conversation_id, kind, state, turn_id, part, notice, buttons = row[:8]
    said, platform_id, reply_to, tries, created_at = row[8:13]
    return Outbound(
        id_,
        conversation_id,
        OutboundKind(kind),
        OutboundState(state),
        turn_id,
        part,
        _NOTICE.decode(notice) if notice else None,
        _BUTTONS.decode(buttons),
        said,
        platform_id,
        reply_to,
        tries,
        created_at,
    )


class OutboundRows(Repository):
    """Notices to be sent, and the parts of answers."""

    async def add_notice(
        self,
        conversation_id: int,
        notice: Notice,
        *,
        buttons: Sequence[Button] = (),
        kind: OutboundKind = OutboundKind.NOTICE,
        turn_id: int | None = None,
        reply_to: str = "",
        text: str = "",
        shown: bool = False,
        broadcast_id: int | None = None,
    ) -> Outbound:
        """Something to be said; `shown` where people's clients fetch it themselves."""
        row = Outbound(
            id=0,
            conversation_id=conversation_id,
            kind=kind,
            state=OutboundState.SENT if shown else OutboundState.PENDING,
            turn_id=turn_id,
            notice=notice,
            buttons=tuple(buttons),
            text=text,
            reply_to=reply_to,
            created_at=self._clock(),
        )
        values = {**_columns(row), "broadcast_id": broadcast_id}
        added = await self._one(_ADD_NOTICE, **values, generation=0)
        return msgspec.structs.replace(row, id=added[0])

    async def turn_of(self, conversation_id: int, platform_id: str) -> int | None:
        """The turn whose answer a message of ours shows, or None where it shows none."""
        values = {"conversation": conversation_id, "platform": platform_id}
        row = (await self._execute(_TURN_OF, values)).first()
        return row[0] if row else None

    async def by_platform_id(self, conversation_id: int, platform_id: str) -> Outbound | None:
        """What a message of ours was, or None where it is none."""
        values = {"conversation": conversation_id, "platform": platform_id}
        row = (await self._execute(_BY_PLATFORM_ID, values)).first()
        return to_outbound(row) if row else None

    async def parts(self, turn_id: int) -> list[Outbound]:
        """The parts of the answer that the turn is showing now, in order."""
        return [to_outbound(row) for row in await self._rows(_PARTS, {"turn": turn_id})]

    async def begin(self, outbound_id: int, owner: str) -> bool:
        """Its call is made now; False where the owner's lease on it has lapsed."""
        keys = {"outbound": outbound_id, "owner": owner, "now": self._clock()}
        return await self._changed(_BEGIN, **keys) == 1

    async def add_part(
        self, turn_id: int, part: int, conversation_id: int, *, text: str = ""
    ) -> Outbound:
        """A part that is about to be sent; `text` where it is the whole answer and not an empty
        placeholder. Raises WriteConflict when the part is there."""
        row = Outbound(
            id=0,
            conversation_id=conversation_id,
            kind=OutboundKind.ANSWER,
            state=OutboundState.SENDING,
            turn_id=turn_id,
            part=part,
            text=text,
            tries=1,
            created_at=self._clock(),
        )
        added = await self._one(_ADD_PART, **_columns(row), of_turn=turn_id)
        return msgspec.structs.replace(row, id=added[0])

    async def sent(self, outbound_id: int, platform_id: str, *, text: str = "") -> None:
        """It is in the chat, under this id. Raises NotFound."""
        await self._change_one(
            _SENT, outbound=outbound_id, new_platform_id=platform_id, new_text=text
        )

    async def set_text(self, outbound_id: int, text: str) -> None:
        """What a call under way would show; "" where there is none. Raises NotFound."""
        await self._change_one(_SET_TEXT, outbound=outbound_id, new_text=text)

    async def reword(
        self, outbound_id: int, notice: Notice, *, buttons: Sequence[Button] = ()
    ) -> None:
        """What a notice says from now on; who sent it edits it. Raises NotFound."""
        await self._change_one(
            _REWORD,
            outbound=outbound_id,
            new_notice=_ENCODER.encode(notice).decode(),
            new_buttons=_ENCODER.encode(tuple(buttons)).decode(),
        )

    async def unsent(self, outbound_id: int, owner: str) -> None:
        """Its call had no effect: pending again, and the owner's as long as its lease holds."""
        await self._changed(_UNSENT, outbound=outbound_id, owner=owner)

    async def give_back(self, outbound_id: int, owner: str) -> None:
        """It was not begun, and whoever can may send it."""
        await self._changed(_GIVE_BACK, outbound=outbound_id, owner=owner)

    async def set_state(self, outbound_id: int, state: OutboundState, error: str = "") -> None:
        """Raises NotFound."""
        await self._change_one(
            _SET_STATE, outbound=outbound_id, new_state=state.value, new_error=error
        )

    async def take(
        self,
        owner: str,
        *,
        lease_seconds: float,
        channels: Sequence[tuple[str, str]],
        limit: int,
    ) -> list[OutboundJob]:
        """Lease the first waiting notice of each conversation, where it may be sent now.

        One that comes in state SENDING was being sent by a process that died: it may have been
        seen already."""
        if not channels:
            return []
        now = self._clock()
        keys = {"now": now, "channels": list(channels), "most": limit}
        rows = await self._rows(_TO_TAKE, keys)
        if rows:
            lease = {"owner": owner, "until": now + lease_seconds}
            await self._execute(_LEASE, {"taken": [row[0] for row in rows], **lease})
        return [
            OutboundJob(to_outbound(row), ConversationKey(*row[13:17]), row[17], row[18])
            for row in rows
        ]

    async def retry_at(self, outbound_id: int, time: float) -> None:
        """Not sent: pending again from `time` (epoch seconds) on. Raises NotFound."""
        await self._change_one(_RETRY, outbound=outbound_id, until=time)

    async def get(self, outbound_id: int) -> Outbound:
        """Raises NotFound."""
        return to_outbound(await self._one(_GET, outbound=outbound_id))

    async def get_or_none(self, outbound_id: int) -> Outbound | None:
        """The row, if it is there still."""
        row = (await self._execute(_GET, {"outbound": outbound_id})).first()
        return None if row is None else to_outbound(row)

    async def notices(self, conversation_id: int) -> list[Outbound]:
        """Everything but answers and leave-takings, oldest first."""
        rows = await self._rows(_NOTICES, {"conversation": conversation_id})
        return [to_outbound(row) for row in rows]


def _columns(row: Outbound) -> dict[str, Any]:
    """What a new row holds, but for its generation."""
    return {
        "conversation_id": row.conversation_id,
        "turn_id": row.turn_id,
        "kind": row.kind.value,
        "state": row.state.value,
        "part": row.part,
        "notice": _ENCODER.encode(row.notice).decode() if row.notice else None,
        "buttons": _ENCODER.encode(row.buttons).decode(),
        "text": row.text,
        "platform_id": row.platform_id,
        "reply_to": row.reply_to,
        "error": "",
        "tries": row.tries,
        "not_before": 0.0,
        "lease_until": 0.0,
        "created_at": row.created_at,
    }
