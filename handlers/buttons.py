"""Pressed buttons: authorised by whose chat it is and who presses, never by the button itself."""

from __future__ import annotations

from chat.outbound import OutboundKind, OutboundState
from handlers import broadcasts
from handlers.commands.admin import press_admin
from handlers.commands.delete import confirm
from handlers.commands.retry import retry_turn
from handlers.errors import NotFound
from handlers.exchange import Exchange
from handlers.feedback import VERBS, press_feedback
from handlers.row_ids import row_id
from handlers.standing import STAFF
from handlers.turns import stop_turn


async def press(exchange: Exchange) -> None:
    """Do what a button says; one that has had its time is answered kindly."""
    verb, _, word = exchange.message.action.partition(":")
    if verb == "delete":
        await _delete(exchange, word)
        return
    if verb == "admin":
        await press_admin(exchange, word)
        return
    if verb in VERBS:
        await press_feedback(exchange, verb, word)
        return
    number = row_id(word) or 0
    handler = {"stop": _stop, "retry": _retry, "show": _show}.get(verb)
    try:
        if handler is not None:
            await handler(exchange, number)
        elif verb in ("approve", "decline"):
            await _answer(exchange, number, approve=verb == "approve")
        elif verb == "broadcast":
            await broadcasts.press(exchange, word)
        else:
            await exchange.say("button-stale")
    except NotFound:
        await exchange.say("button-stale")


async def press_of_stranger(exchange: Exchange) -> None:
    """The only question strangers are asked is whether to delete everything."""
    verb, _, word = exchange.message.action.partition(":")
    if verb == "delete":
        await _delete(exchange, word)


async def _stop(exchange: Exchange, turn_id: int) -> None:
    turn = await exchange.tx.turns.get(turn_id)
    _check_here(exchange, turn.conversation_id)
    if turn.state.is_end:
        await exchange.say("nothing-to-stop")
    else:
        await stop_turn(exchange.tx, turn, exchange.channel, exchange.effects)


async def _retry(exchange: Exchange, turn_id: int) -> None:
    turn = await exchange.tx.turns.get(turn_id)
    _check_here(exchange, turn.conversation_id)
    latest = await exchange.tx.turns.latest(exchange.conversation.id)
    if latest is None or latest.id != turn.id:
        await exchange.say("button-stale")
    else:
        await retry_turn(exchange, turn)


async def _show(exchange: Exchange, outbound_id: int) -> None:
    """Send once more what may or may not have arrived."""
    outbound = exchange.tx.outbound
    row = await outbound.get(outbound_id)
    _check_here(exchange, row.conversation_id)
    if row.kind is OutboundKind.ANSWER and row.turn_id is not None:
        await _show_answer(exchange, row.turn_id, row.id)
    elif row.state is OutboundState.UNCONFIRMED:
        await outbound.retry_at(row.id, exchange.now)
        exchange.effects.spoken.add(row.conversation_id)
    else:
        raise NotFound("it has arrived")


async def _show_answer(exchange: Exchange, turn_id: int, row_id: int) -> None:
    """Show a whole answer in new messages, where some part of its latest showing is in doubt."""
    parts = await exchange.tx.outbound.parts(turn_id)
    doubtful = any(part.state is OutboundState.UNCONFIRMED for part in parts)
    if not doubtful or row_id not in {part.id for part in parts}:
        raise NotFound("it has arrived, or was shown again since")
    if not await exchange.tx.turns.show_again(turn_id):
        raise NotFound("it is being answered anew")
    exchange.effects.ended.add(turn_id)


async def _answer(exchange: Exchange, stranger_id: int, *, approve: bool) -> None:
    if exchange.user.role not in STAFF:
        await exchange.say("owner-only")
        return
    requests = exchange.context.requests
    user = await requests.answer(
        exchange.tx, stranger_id, exchange.effects, approve=approve, by=exchange.user
    )
    if user is None:
        await exchange.say("request-gone")
    else:
        key = "stranger-approved" if approve else "stranger-declined"
        await exchange.say(key, name=user.name or "?")


async def _delete(exchange: Exchange, word: str) -> None:
    if word == "yes":
        await confirm(exchange)
    else:
        await exchange.say("kept")


def _check_here(exchange: Exchange, conversation_id: int) -> None:
    """A button acts on the chat that it is pressed in; others look as if they did not exist."""
    if conversation_id != exchange.conversation.id:
        raise NotFound("not in this chat")
