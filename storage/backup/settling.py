"""What a restored database must not do, and what it must not mistake for its own."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, text, update

from storage.tables import (
    attachments,
    broadcasts,
    codes,
    conversations,
    first_steps,
    outbound,
    turns,
    web_sessions,
)
from storage.tables.outbound import OF_BROADCAST, WAITING
from storage.tables.turns import UNFINISHED

# Seconds. As long as a turn waits for an endpoint that is away (models.answering.PATIENCE).
STILL_AWAITED = 15 * 60.0

# What the original gave out after the backup must not be given out again: buttons in people's
# chats, streams and sessions left in Redis carry ids and revisions of that time.
SKIPPED = 1_000_000


class Settled(Struct, frozen=True):
    """How much of what was under way goes on, and how much was laid to rest."""

    going_on: int
    laid_to_rest: int


def settle(connection: Connection, now: float, *, sign_out: bool) -> Settled:
    """Lay to rest what nobody waits for any more, and take the rest from processes of the past.

    In the tables of this version. Codes are void, and sessions where `sign_out`."""
    since = now - STILL_AWAITED
    rested = _lay_to_rest(connection, since, now)
    connection.execute(  # the original's next attempt may have left a stream in Redis
        update(turns).where(text(UNFINISHED)).values(attempt=turns.c.attempt + SKIPPED)
    )
    connection.execute(
        update(turns)
        .where(turns.c.state == "running")
        .values(state="queued", worker_id=None, lease_until=None)
    )
    connection.execute(update(turns).values(delivery_owner=None, delivery_until=0.0))
    connection.execute(update(outbound).values(lease_owner=None, lease_until=0.0))
    connection.execute(update(attachments).values(lease_owner=None, lease_until=0.0))
    connection.execute(update(conversations).values(revision=conversations.c.revision + SKIPPED))
    _call_off(connection, now)
    connection.execute(delete(codes))
    connection.execute(delete(first_steps))
    if sign_out:
        connection.execute(delete(web_sessions))
    left = select(func.count()).select_from(turns).where(text(UNFINISHED))
    return Settled(connection.execute(left).scalar_one(), rested)


def _call_off(connection: Connection, now: float) -> None:
    """Whom the original has told since is not known: nobody is told twice."""
    connection.execute(
        update(broadcasts)
        .where(broadcasts.c.state.in_(("draft", "running")))
        .values(state="stopped", ended_at=now)
    )
    connection.execute(
        update(outbound)
        .where(text(WAITING), text(OF_BROADCAST))
        .values(state="failed", error="stopped")
    )


def _lay_to_rest(connection: Connection, since: float, now: float) -> int:
    """End old turns quietly, and send no old notice; how many questions that were."""
    connection.execute(
        update(outbound)
        .where(text(WAITING), outbound.c.created_at < since)
        .values(state="failed", error="restored")
    )
    connection.execute(
        update(attachments)
        .where(attachments.c.state == "pending", attachments.c.created_at < since)
        .values(state="refused", problem="refused-picture-gone")
    )
    connection.execute(
        update(turns).where(text("NOT shown"), turns.c.asked_at < since).values(shown=True)
    )
    ended = connection.execute(
        update(turns)
        .where(text(UNFINISHED), turns.c.asked_at < since)
        .values(state="cancelled", reason="stopped", cancel_requested=True, ended_at=now)
    )
    return ended.rowcount
