"""What is said to everybody: drafts, the one that runs, how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import Boolean, bindparam, case, exists, func, or_, select, text, update

from storage.repositories.base import AnyRow, Repository, clean, insert
from storage.repositories.conversations import IN_CHANNELS
from storage.tables import broadcasts, conversations, identities, outbound, restrictions, users
from storage.tables.broadcasts import RUNNING

WEB = "web"  # where nobody is rung at, and there are no groups

_B, _C, _U, _R, _I, _O = (
    broadcasts.c,
    conversations.c,
    users.c,
    restrictions.c,
    identities.c,
    outbound.c,
)
_IT = _B.id == bindparam("broadcast")
_ADD = insert(broadcasts).returning(_B.id)
_GET = select(broadcasts).where(_IT)
_RUNNING = select(broadcasts).where(text(RUNNING))
_LATEST = select(broadcasts).where(_B.begun_at.is_not(None)).order_by(_B.id.desc()).limit(1)
_BEGIN = (
    update(broadcasts)
    .where(_IT, _B.state == "draft")
    .values(
        state="running",
        people=bindparam("new_people"),
        last_user=select(func.coalesce(func.max(_U.id), 0)).scalar_subquery(),
        begun_at=bindparam("now"),
    )
)
_END = (
    update(broadcasts)
    .where(_IT, _B.state == bindparam("old_state"))
    .values(state=bindparam("new_state"), ended_at=bindparam("now"), ended_by=bindparam("by"))
)
_SET_PROGRESS = update(broadcasts).where(_IT).values(progress_id=bindparam("row"))
_GIVE = (
    update(broadcasts)
    .where(_IT, text(RUNNING), _B.given_to == bindparam("before"))
    .values(given_to=bindparam("after"))
)
_BANNED = exists().where(
    _R.user_id == _U.id,
    _R.kind == "ban",
    text("restrictions.lifted_at IS NULL"),  # word for word as in the index
    or_(_R.until.is_(None), _R.until > bindparam("now")),
)
# A chat is private where it is called like the person: groups have numbers of their own.
_PRIVATE = or_(
    _C.channel == WEB,
    exists().where(_I.user_id == _C.user_id, _I.channel == _C.channel, _I.external_id == _C.chat),
)
_PLACE = (
    select(_C.id)
    .where(_C.user_id == _U.id, ~_C.deleted, _C.reachable, IN_CHANNELS, _PRIVATE)
    .order_by(case((_C.channel == WEB, 1), else_=0), _C.updated_at.desc(), _C.id.desc())
    .limit(1)
    .correlate(users)
    .scalar_subquery()
)
_WELCOME = or_(
    bindparam("everybody", type_=Boolean()),
    _U.role.in_(("owner", "admin")),
    exists().where(
        _I.user_id == _U.id,
        _I.channel.concat(":").concat(_I.external_id).in_(bindparam("listed", expanding=True)),
    ),
)
_AUDIENCE = (_U.access == "allowed", ~_BANNED, _WELCOME)
_COUNT = select(func.count()).select_from(users).where(*_AUDIENCE, _PLACE.is_not(None))
_CHOSEN = (
    select(_U.id.label("user_id"), _PLACE.label("place"))
    .where(_U.id > bindparam("after"), _U.id <= bindparam("last"), *_AUDIENCE)
    .order_by(_U.id)
    .limit(bindparam("most"))
    .subquery("chosen")
)
_NEXT = (
    select(_CHOSEN.c.user_id, _CHOSEN.c.place, _C.channel)
    .select_from(_CHOSEN)
    .outerjoin(conversations, _C.id == _CHOSEN.c.place)
    .order_by(_CHOSEN.c.user_id)
)
_TALLY = (
    select(_O.state, func.count())
    .where(_O.broadcast_id == bindparam("broadcast"), _O.error != "stopped")
    .group_by(_O.state)
)
_CALL_OFF = (
    update(outbound)
    .where(_O.broadcast_id == bindparam("broadcast"), _O.state == "pending")
    .values(state="failed", error="stopped")
)


class BroadcastState(StrEnum):
    """How far it has come."""

    DRAFT = "draft"
    DROPPED = "dropped"  # never begun
    RUNNING = "running"
    ENDED = "ended"  # everybody had their turn
    STOPPED = "stopped"


class Broadcast(Struct, frozen=True):
    """See BroadcastRow."""

    id: int
    author_id: int | None
    conversation_id: int | None
    text: str
    state: BroadcastState
    people: int
    last_user: int
    given_to: int
    progress_id: int | None
    created_at: float
    begun_at: float | None
    ended_at: float | None
    ended_by: int | None


class Tally(NamedTuple):
    """How many were reached, are waiting to be, could not be, and may or may not have been."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unconfirmed: int = 0


class Audience(Struct, frozen=True):
    """Who hears what is said to everybody: people in these channels (name and our account there),
    of whom only those `listed` (`channel:id`) where that is not None."""

    channels: Sequence[tuple[str, str]]
    listed: Sequence[str] | None = None


class Listener(NamedTuple):
    """A person, and the conversation in which they are best told something, if there is any."""

    user_id: int
    conversation_id: int | None
    channel: str


class Broadcasts(Repository):
    """Each person has their turn once, in the order of their numbers; one broadcast at a time."""

    async def draft(
        self, author_id: int, conversation_id: int, text: str, *, people: int
    ) -> Broadcast:
        """Something that waits to be confirmed."""
        row = await self._one(
            _ADD,
            author_id=author_id,
            conversation_id=conversation_id,
            text=clean(text),
            state=BroadcastState.DRAFT.value,
            people=people,
            last_user=0,
            given_to=0,
            created_at=self._clock(),
        )
        return await self.get(row[0])

    async def get(self, broadcast_id: int) -> Broadcast:
        """One. Raises NotFound."""
        return _to_broadcast(await self._one(_GET, broadcast=broadcast_id))

    async def running(self) -> Broadcast | None:
        """The one that runs, if there is one."""
        row = (await self._execute(_RUNNING)).first()
        return None if row is None else _to_broadcast(row)

    async def latest(self) -> Broadcast | None:
        """The last one that was begun."""
        row = (await self._execute(_LATEST)).first()
        return None if row is None else _to_broadcast(row)

    async def audience(self, audience: Audience) -> int:
        """How many people would hear it now."""
        return int((await self._one(_COUNT, **self._of(audience)))[0])

    async def begin(self, broadcast_id: int, *, people: int) -> bool:
        """From a draft to the one that runs; False where it is no draft any more.

        Raises WriteConflict where another runs."""
        values = {"broadcast": broadcast_id, "new_people": people, "now": self._clock()}
        return await self._changed(_BEGIN, **values) == 1

    async def end(
        self, broadcast: Broadcast, state: BroadcastState, *, by: int | None = None
    ) -> bool:
        """Let it rest; False where its state is another by now. What waits is not sent."""
        ended = await self._changed(
            _END,
            broadcast=broadcast.id,
            old_state=broadcast.state.value,
            new_state=state.value,
            now=self._clock(),
            by=by,
        )
        if ended:
            await self._changed(_CALL_OFF, broadcast=broadcast.id)
        return ended == 1

    async def show_progress_in(self, broadcast_id: int, outbound_id: int) -> None:
        """Which message shows how far it has come. Raises NotFound."""
        await self._change_one(_SET_PROGRESS, broadcast=broadcast_id, row=outbound_id)

    async def next(self, broadcast: Broadcast, audience: Audience, *, most: int) -> list[Listener]:
        """Whose turn it is; empty where everybody had theirs."""
        values = {"after": broadcast.given_to, "last": broadcast.last_user, "most": most}
        rows = await self._rows(_NEXT, {**self._of(audience), **values})
        return [Listener(row[0], row[1], row[2] or "") for row in rows]

    async def give(self, broadcast: Broadcast, up_to: int) -> bool:
        """These people have had their turn; False where somebody else gave it to them."""
        values = {"broadcast": broadcast.id, "before": broadcast.given_to, "after": up_to}
        return await self._changed(_GIVE, **values) == 1

    async def tally(self, broadcast_id: int) -> Tally:
        """How far it has come."""
        rows = await self._rows(_TALLY, {"broadcast": broadcast_id})
        counts = {row[0]: int(row[1]) for row in rows}
        waiting = counts.get("pending", 0) + counts.get("sending", 0)
        failed, unconfirmed = counts.get("failed", 0), counts.get("unconfirmed", 0)
        return Tally(counts.get("sent", 0), waiting, failed, unconfirmed)

    def _of(self, audience: Audience) -> dict[str, Any]:
        return {
            "channels": list(audience.channels),
            "everybody": audience.listed is None,
            "listed": list(audience.listed or ()),
            "now": self._clock(),
        }


def _to_broadcast(row: AnyRow) -> Broadcast:
    values = dict(zip(Broadcast.__struct_fields__, row, strict=True))
    values["state"] = BroadcastState(values["state"])
    return Broadcast(**values)
