"""Something said to everybody: drafted, confirmed, given to each person once, stopped, ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chat.errors import AssistantError
from chat.outbound import Button, Notice, Outbound, OutboundKind
from chat.people import User
from handlers.context import Context
from handlers.effects import Effects
from handlers.exchange import Exchange
from handlers.moderation.noting import actor_of
from handlers.row_ids import row_id
from handlers.settings import AccessMode, AccessSettings
from handlers.standing import STAFF
from storage.database import Transaction
from storage.repositories import ASSISTANT, Audience, Broadcast, BroadcastState, Tally
from storage.repositories.broadcasts import WEB

# UTF-16 units, as Telegram counts: what is said has to fit into one message everywhere.
LONGEST = 3500
_SO_FAR = {
    BroadcastState.RUNNING: "broadcast-running",
    BroadcastState.ENDED: "broadcast-ended",
    BroadcastState.STOPPED: "broadcast-stopped",
}


class OneRuns(AssistantError):
    """Something is being said to everybody just now."""

    key = "broadcast-one-runs"


def may_broadcast(user: User) -> bool:
    """Whether somebody may speak to everybody."""
    return user.role in STAFF


def audience_of(context: Context) -> Audience:
    """Who would hear it: whoever may talk to the assistant, where that can be written to."""
    return audience(context.access, context.places)


def audience(access: AccessSettings, places: Sequence[tuple[str, str]]) -> Audience:
    """The same; `places` are channels with our account there."""
    listed = None
    if access.access is AccessMode.ALLOWLIST:
        listed = (*access.allowed_ids, *access.owner_ids)
    return Audience(places, listed)


async def propose(exchange: Exchange, text: str) -> None:
    """Show what everybody would read, as they would, and ask whether it is meant."""
    units = len(text.encode("utf-16-le")) // 2
    if units > LONGEST:
        await exchange.say("broadcast-too-long", units=units, most=LONGEST)
        return
    broadcasts = exchange.tx.broadcasts
    people = await broadcasts.audience(audience_of(exchange.context))
    if not people:
        await exchange.say("broadcast-nobody")
        return
    draft = await broadcasts.draft(exchange.user.id, exchange.conversation.id, text, people=people)
    await exchange.say("broadcast", text=text)
    yes = Button("button-broadcast-send", f"broadcast:send-{draft.id}")
    no = Button("button-broadcast-drop", f"broadcast:drop-{draft.id}")
    await exchange.say("broadcast-sure", buttons=(yes, no), people=people)


async def press(exchange: Exchange, word: str) -> None:
    """A button under a draft or a progress: whoever presses needs the role now. Raises NotFound."""
    if not may_broadcast(exchange.user):
        await exchange.say("review-not-permitted")
        return
    verb, _, digits = word.partition("-")
    number = row_id(digits) or 0
    broadcast = await exchange.tx.broadcasts.get(number)
    if verb == "send" and broadcast.state is BroadcastState.DRAFT:
        await _begin(exchange, broadcast)
    elif verb == "drop" and broadcast.state is BroadcastState.DRAFT:
        await exchange.tx.broadcasts.end(broadcast, BroadcastState.DROPPED, by=exchange.user.id)
        await exchange.say("broadcast-dropped")
    elif verb == "stop" and broadcast.state is BroadcastState.RUNNING:
        await stop(exchange)
    else:
        await exchange.say("button-stale")


async def stop(exchange: Exchange) -> None:
    """Let the one that runs reach nobody else."""
    tx = exchange.tx
    broadcast = await tx.broadcasts.running()
    if broadcast is None:
        await exchange.say("broadcast-none-runs")
        return
    await tx.broadcasts.end(broadcast, BroadcastState.STOPPED, by=exchange.user.id)
    await _note(tx, "broadcast.stopped", broadcast, by=exchange.user)
    await _tell_end(tx, await tx.broadcasts.get(broadcast.id), exchange.effects)
    if broadcast.conversation_id != exchange.conversation.id:
        await exchange.say("broadcast-stopped-here")


async def show(exchange: Exchange) -> None:
    """How far the one that runs has come, or the last one came."""
    broadcast = await exchange.tx.broadcasts.latest()
    if broadcast is None:
        await exchange.say("broadcast-none")
        return
    await exchange.say("broadcast", text=broadcast.text)
    await _say_progress(exchange, broadcast)


async def progress_of(tx: Transaction, broadcast: Broadcast) -> Notice:
    """How far it has come, in words."""
    tally = await tx.broadcasts.tally(broadcast.id)
    return Notice(_SO_FAR[broadcast.state], _figures(broadcast, tally))


def stop_button(broadcast: Broadcast) -> tuple[Button, ...]:
    """The button under a progress; none where there is nothing to stop."""
    if broadcast.state is not BroadcastState.RUNNING:
        return ()
    return (Button("button-broadcast-stop", f"broadcast:stop-{broadcast.id}"),)


async def feed(
    tx: Transaction, audience: Audience, effects: Effects, *, most: int, waiting: int
) -> Broadcast | None:
    """Let up to `most` more people have their turn, as long as fewer than `waiting` wait to be
    sent theirs; the one that runs, or has just ended, or None."""
    broadcast = await tx.broadcasts.running()
    if broadcast is None:
        return None
    tally = await tx.broadcasts.tally(broadcast.id)
    most = min(most, waiting - tally.waiting)
    if most <= 0:
        return broadcast
    listeners = await tx.broadcasts.next(broadcast, audience, most=most)
    if listeners:
        if not await tx.broadcasts.give(broadcast, listeners[-1].user_id):
            return broadcast  # it was stopped just now
        for listener in listeners:
            if listener.conversation_id is not None:
                await _say(tx, broadcast, listener.conversation_id, effects, listener.channel)
    elif not tally.waiting and await tx.broadcasts.end(broadcast, BroadcastState.ENDED):
        await _note(tx, "broadcast.ended", broadcast, by=None)
        await _tell_end(tx, await tx.broadcasts.get(broadcast.id), effects)
    return await tx.broadcasts.get(broadcast.id)


async def reword_progress(tx: Transaction, broadcast: Broadcast) -> Outbound | None:
    """Let the message that shows how far it has come say so; that message, or None where there is
    none any more, or it says so already."""
    if broadcast.progress_id is None:
        return None
    row = await tx.outbound.get_or_none(broadcast.progress_id)
    notice, buttons = await progress_of(tx, broadcast), stop_button(broadcast)
    if row is None or (row.notice, row.buttons) == (notice, buttons):
        return None
    await tx.outbound.reword(row.id, notice, buttons=buttons)
    return await tx.outbound.get_or_none(row.id)


async def _begin(exchange: Exchange, broadcast: Broadcast) -> None:
    tx = exchange.tx
    if await tx.broadcasts.running() is not None:
        await exchange.say(OneRuns.key)
        return
    people = await tx.broadcasts.audience(audience_of(exchange.context))
    if not await tx.broadcasts.begin(broadcast.id, people=people):
        await exchange.say("button-stale")
        return
    begun = await tx.broadcasts.get(broadcast.id)
    await _note(tx, "broadcast.begun", begun, by=exchange.user)
    row = await _say_progress(exchange, begun)
    await tx.broadcasts.show_progress_in(begun.id, row.id)


async def _say_progress(exchange: Exchange, broadcast: Broadcast) -> Outbound:
    progress = await progress_of(exchange.tx, broadcast)
    figures: dict[str, Any] = dict(progress.args)
    return await exchange.say(progress.key, buttons=stop_button(broadcast), **figures)


async def _say(
    tx: Transaction, broadcast: Broadcast, conversation_id: int, effects: Effects, channel: str
) -> None:
    await tx.outbound.add_notice(
        conversation_id,
        Notice("broadcast", {"text": broadcast.text}),
        kind=OutboundKind.BROADCAST,
        shown=channel == WEB,
        broadcast_id=broadcast.id,
    )
    effects.spoken.add(conversation_id)


async def _tell_end(tx: Transaction, broadcast: Broadcast, effects: Effects) -> None:
    """Tell the author; the message that showed how far it had come stands further up by now."""
    if broadcast.conversation_id is None:
        return
    conversation = await tx.conversations.get_or_none(broadcast.conversation_id)
    if conversation is None:
        return
    await tx.outbound.add_notice(
        conversation.id,
        await progress_of(tx, broadcast),
        shown=conversation.key.channel == WEB,
    )
    effects.spoken.add(conversation.id)


async def _note(tx: Transaction, action: str, broadcast: Broadcast, *, by: User | None) -> None:
    await tx.audit.add(
        action,
        actor=actor_of(by) if by else ASSISTANT,
        kind="broadcast",
        object_id=broadcast.id,
        details={"people": broadcast.people, "author": broadcast.author_id},
    )


def _figures(broadcast: Broadcast, tally: Tally) -> dict[str, str | int | float]:
    return {
        "people": broadcast.people,
        "sent": tally.sent,
        "failed": tally.failed,
        "unconfirmed": tally.unconfirmed,
    }
