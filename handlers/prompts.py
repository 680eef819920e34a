"""Messages that want an answer: recorded, and put into a turn."""

from __future__ import annotations

from collections.abc import Sequence

from chat.inbound import InboundAttachment
from chat.messages import AttachmentPart, AttachmentState, Part, Speaker, TextPart
from chat.turns import Turn, TurnState
from handlers.exchange import Exchange
from handlers.room import known_over_budget, no_room, over_budget
from handlers.turns import answer_again

# The longest text that one message may have, in characters.
MAX_TEXT = 100_000
# For how long after a piece of an album or of a long paste the next one is waited for, in seconds.
PIECE_WAIT = 1.0
MAX_TITLE = 60


async def take_message(exchange: Exchange, text: str) -> None:
    """Record a message and see that it is answered. `text` is clean."""
    if not text and not exchange.message.attachments:
        await exchange.say("empty-message")
    elif len(text) > MAX_TEXT:
        await exchange.say("text-too-long", limit=MAX_TEXT)
    else:
        await _record(exchange, text)


async def _record(exchange: Exchange, text: str) -> None:
    """Without a turn where there is no room or no budget for it: it stands in the chat, and no
    answer is due."""
    tx, conversation = exchange.tx, exchange.conversation
    pictures = [*await _unseen_reply(exchange), *exchange.message.attachments]
    turn = await _turn(exchange, pictures)
    parts = await _parts(exchange, text, pictures, wanted=turn is not None)
    await tx.messages.add(
        conversation.id,
        speaker=Speaker.PERSON,
        parts=parts,
        turn_id=turn.id if turn else None,
        user_id=exchange.user.id,
        platform_id=exchange.message.platform_id,
        group_id=exchange.message.group_id,
        sent_at=exchange.message.sent_at,
    )
    if turn is not None:
        exchange.effects.accepted.add(turn.id)
        if turn.state is TurnState.QUEUED:
            exchange.effects.hints.add(conversation.id)
    if not conversation.title and text:
        await tx.conversations.rename(conversation.id, title_of(text))


def title_of(text: str) -> str:
    """The first words of a first question, as the name of its conversation."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


async def _parts(
    exchange: Exchange, text: str, pictures: Sequence[InboundAttachment], *, wanted: bool
) -> list[Part]:
    """The parts of the message. Pictures that nobody will look at are not fetched."""
    rows = [
        await exchange.tx.attachments.add(
            exchange.conversation.id,
            exchange.user.id,
            source=picture.source,
            name=picture.name,
            picture=picture.stored,
        )
        for picture in pictures
    ]
    parts: list[Part] = [AttachmentPart(row.id) for row in rows]
    if text:
        parts.append(TextPart(text))
    for row in rows:
        if row.state is AttachmentState.PENDING:
            exchange.effects.pictures |= wanted
            if not wanted:
                await exchange.tx.attachments.refuse(row.id, "refused-picture-unasked")
    return parts


async def _unseen_reply(exchange: Exchange) -> tuple[InboundAttachment, ...]:
    """Pictures of the message replied to, unless the model sees them in the history anyway."""
    message, messages = exchange.message, exchange.tx.messages
    if not message.reply_attachments:
        return ()
    known = await messages.by_platform_id(exchange.conversation.id, message.reply_to)
    if known and any(isinstance(part, AttachmentPart) for part in known.parts):
        history = await messages.history(exchange.conversation.id)  # not what was before /new
        if any(each.id == known.id for each in history):
            return ()
    return message.reply_attachments


async def _turn(exchange: Exchange, pictures: Sequence[InboundAttachment]) -> Turn | None:
    """The turn that the message belongs to, or None where it is refused and the person told.

    More pieces of the same prompt may follow an album's piece or a text as long as the messenger
    allows; a picture that is still to be fetched is waited for without a time."""
    turns, conversation_id = exchange.tx.turns, exchange.conversation.id
    album = bool(exchange.message.group_id)
    begun = await _begun_by_album(exchange) if album else None
    if begun is not None and begun.state is not TurnState.COLLECTING:
        return await _join_late(exchange, begun, pictures)
    pieces = album or exchange.message.may_continue
    waits = any(picture.stored is None for picture in pictures)
    if not album and await known_over_budget(exchange, pictures=len(pictures)):
        return None
    due_at = exchange.now + PIECE_WAIT if pieces else exchange.now
    turn = collecting = await turns.collecting(conversation_id)
    if turn is None and not (pieces or waits):
        turn = await turns.queued(conversation_id)
    if turn is None and await no_room(exchange):
        return None
    again = begun is not None  # an album is one message
    if await over_budget(exchange, messages=0 if again else 1, pictures=len(pictures)):
        return None
    if collecting is not None and pieces:
        await turns.extend(collecting.id, due_at)
    if turn is not None:
        return turn
    pulls = exchange.abilities.pulls
    return await turns.open(
        conversation_id,
        state=TurnState.COLLECTING if pieces or waits else TurnState.QUEUED,
        due_at=due_at,
        delivery_owner=None if pulls else exchange.context.bot_id,
        shown=pulls,
    )


async def _begun_by_album(exchange: Exchange) -> Turn | None:
    """The turn of the pieces of this album that came before."""
    tx, message = exchange.tx, exchange.message
    turn_id = await tx.messages.turn_of_group(exchange.conversation.id, message.group_id)
    return None if turn_id is None else await tx.turns.get(turn_id)


async def _join_late(
    exchange: Exchange, turn: Turn, pictures: Sequence[InboundAttachment]
) -> Turn | None:
    """A piece of an album whose turn has gone on meanwhile, because a bot died between the pieces:
    it is answered anew with all of them, unless the person has stopped it."""
    if await over_budget(exchange, messages=0, pictures=len(pictures)):
        return None
    if turn.state not in (TurnState.QUEUED, TurnState.CANCELLED):
        await answer_again(exchange.tx, turn, exchange.effects, in_place=True)
    return await exchange.tx.turns.get(turn.id)
