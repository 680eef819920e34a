"""Buttons in the chat for moderators: they act as whoever presses, by the role they have now."""

from __future__ import annotations

from chat.conversations import ConversationKey
from chat.inbound import InboundMessage
from chat.outbound import Notice
from chat.people import Access, User
from handlers.context import Context
from handlers.effects import Effects
from handlers.errors import HandlerError, NotFound
from handlers.moderation.deciding import Choice
from handlers.moderation.reviews import decide_flag, open_flag, undo_decision
from handlers.moderation.rights import Taken, reviews
from handlers.row_ids import row_id
from handlers.settings import StaffSettings
from handlers.standing import standing
from storage.database import Transaction
from storage.repositories import ASSISTANT, DecisionState, ModeratorsChat, ReviewVerdict

VERDICTS = {
    "dismiss": ReviewVerdict.DISMISS,
    "release": ReviewVerdict.RELEASE,
    "remove": ReviewVerdict.REMOVE,
    "warn": ReviewVerdict.WARN,
    "strike": ReviewVerdict.STRIKE,
}


async def is_desk(tx: Transaction, staff: StaffSettings, key: ConversationKey) -> bool:
    """Whether this is the chat for moderators, under the id that was set or the one since."""
    if staff.desk is None or staff.desk[0] != key.channel:
        return False
    if staff.desk[1] == key.chat:
        return True
    known = await tx.desk.get(key.channel, key.account, staff.desk[1])
    return known is not None and known.now_at == key.chat


async def follow(tx: Transaction, context: Context, message: InboundMessage) -> None:
    """A group has a new id: nothing to us, unless it is the chat for moderators."""
    if context.staff.desk is None or not await is_desk(tx, context.staff, message.key):
        return
    key = message.key
    chat = await tx.desk.open(key.channel, key.account, context.staff.desk[1])
    await move(tx, chat, message.moved_to)


async def move(tx: Transaction, chat: ModeratorsChat, new_chat: str) -> None:
    """The chat for moderators has this id from now on."""
    if new_chat == chat.now_at:
        return
    await tx.desk.move(chat, new_chat)
    await tx.audit.add(
        "moderators-chat.moved",
        actor=ASSISTANT,
        kind="chat",
        object_id=chat.chat,
        details={"from": chat.now_at, "to": new_chat},
    )


async def press_in_group(
    tx: Transaction, context: Context, message: InboundMessage, effects: Effects
) -> None:
    """A button in a group; in others than the chat for moderators there are none of ours."""
    if not await is_desk(tx, context.staff, message.key):
        return
    channel, external_id = message.key.channel, message.sender.external_id
    user = await tx.users.by_identity(channel, external_id)
    language = user.language if user else message.sender.language
    if user is None or not await _may(tx, context, user, message):
        key = "desk-not-yours"
    else:
        key = await _act(tx, context, user, message.action)
    effects.pressed[message.press_id] = context.texts.say(Notice(key), language)


async def _may(tx: Transaction, context: Context, user: User, message: InboundMessage) -> bool:
    channel, external_id = message.key.channel, message.sender.external_id
    access = await standing(tx, context.access, user, channel, external_id)
    return reviews(user) and access is Access.ALLOWED


async def _act(tx: Transaction, context: Context, user: User, action: str) -> str:
    """Do what a button says; the key of what who pressed it is told."""
    verb, _, digits = action.removeprefix("desk:").partition("-")
    number = row_id(digits) or 0
    try:
        async with tx.savepoint():
            return await _do(tx, context, user, verb, number)
    except NotFound:
        return "button-stale"
    except HandlerError as error:
        return error.key


async def _do(tx: Transaction, context: Context, user: User, verb: str, number: int) -> str:
    if verb == "claim":
        flag = await open_flag(tx, user, number)
        if flag.claimed_by != user.id:
            raise Taken
        return "desk-yours"
    if verb == "undo":
        await undo_decision(tx, user, number)
        return "desk-undone"
    if verb not in VERDICTS:
        raise NotFound
    policy = await context.policy.get()
    choice = Choice(VERDICTS[verb])
    decision = await decide_flag(
        tx, user, number, choice, policy=policy.number, now=context.clock()
    )
    return "desk-second" if decision.state is DecisionState.WAITING else "desk-done"
