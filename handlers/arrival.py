"""What one inbound message is, and who handles it."""

from __future__ import annotations

from chat.inbound import InboundKind, InboundMessage
from chat.outbound import OutboundKind
from chat.people import Access, Role
from handlers.buttons import press
from handlers.cleaning import clean
from handlers.commands import COMMANDS, parse_command
from handlers.context import Context
from handlers.disclosure import disclose
from handlers.door import meet
from handlers.edits import take_edit
from handlers.effects import Effects
from handlers.errors import NotTheirs
from handlers.exchange import Exchange
from handlers.feedback import asked_about, words_about
from handlers.ledger import Ledger
from handlers.moderation.desk import follow, is_desk, press_in_group
from handlers.prompts import take_message
from handlers.restrictions import kept_out
from handlers.room import over_budget
from handlers.standing import known_user, standing
from handlers.turns import stop_all
from storage.database import Transaction

UNSUPPORTED = {
    "voice": "unsupported-voice",
    "audio": "unsupported-audio",
    "video": "unsupported-video",
    "video_note": "unsupported-video",
    "animation": "unsupported-animation",
    "sticker": "unsupported-sticker",
    "document": "unsupported-document",
    "location": "unsupported-location",
    "venue": "unsupported-location",
    "contact": "unsupported-contact",
    "poll": "unsupported-poll",
}


async def receive(
    tx: Transaction, context: Context, message: InboundMessage, effects: Effects, ledger: Ledger
) -> None:
    """Handle one update that was not seen before.

    Raises NotTheirs for a conversation of somebody else."""
    if message.kind is InboundKind.GROUP_BUTTON:
        await press_in_group(tx, context, message, effects)
        return
    if message.kind is InboundKind.MOVED:
        await follow(tx, context, message)
        return
    if message.kind is InboundKind.GROUP and await is_desk(tx, context.staff, message.key):
        return
    channel, sender = message.key.channel, message.sender
    user = await known_user(tx, context.access, channel, sender)
    conversation = await tx.conversations.ensure(message.key, user.id)
    group = message.kind is InboundKind.GROUP
    if conversation.user_id != user.id and not group:
        raise NotTheirs(f"conversation {conversation.id} is not of user {user.id}")
    exchange = Exchange(
        tx=tx,
        context=context,
        effects=effects,
        ledger=ledger,
        message=message,
        user=user,
        conversation=conversation,
    )
    if group:
        if user.role is Role.OWNER:
            chat = f"{channel}:{message.key.chat}"
            await exchange.say("groups-for-moderators", kind=OutboundKind.LEAVE, chat=chat)
        else:
            await exchange.say("groups-later", kind=OutboundKind.LEAVE)
        return
    if await _reach(exchange):
        return
    access = await standing(tx, context.access, user, channel, sender.external_id)
    if access is not Access.ALLOWED:
        await meet(exchange, access)
    elif not await kept_out(exchange):
        await disclose(exchange)
        await _handle(exchange)


async def _reach(exchange: Exchange) -> bool:
    """Keep up whether the person can be written to; whether that was all there was to do."""
    conversations, conversation = exchange.tx.conversations, exchange.conversation
    kind = exchange.message.kind
    if kind is InboundKind.BLOCKED:
        await conversations.set_reachable(conversation.id, False)
        await stop_all(exchange.tx, conversation, exchange.effects)
    elif not conversation.reachable:
        await conversations.set_reachable(conversation.id, True)
    return kind in (InboundKind.BLOCKED, InboundKind.UNBLOCKED)


async def _handle(exchange: Exchange) -> None:
    message = exchange.message
    text = clean(message.text)
    match message.kind:
        case InboundKind.BUTTON:
            await press(exchange)
        case InboundKind.UNSUPPORTED:
            if await over_budget(exchange):
                return
            key = UNSUPPORTED.get(message.what, "unsupported-other")
            await exchange.say(key, assistant=exchange.context.persona.assistant_name)
        case InboundKind.EDIT:
            await take_edit(exchange, text)
        case _ if not message.attachments and (parsed := parse_command(text)):
            await _command(exchange, *parsed)
        case _ if text and (turn := await asked_about(exchange)):
            await words_about(exchange, turn, text)
        case _:
            await take_message(exchange, text)


async def _command(exchange: Exchange, name: str, arguments: str) -> None:
    if command := COMMANDS.get(name):
        await command.run(exchange, arguments)
    else:
        await exchange.say("unknown-command", command=f"/{name}")
