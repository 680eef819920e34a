"""Thumbs, reasons and reports under an answer: whoever presses is counted as themselves."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from chat.messages import Message
from chat.outbound import Button
from chat.turns import Turn, TurnState
from handlers.errors import NotFound
from handlers.exchange import Exchange
from handlers.reporting import report_answer
from handlers.row_ids import row_id
from storage.errors import NotFound as RowNotFound
from storage.repositories import Rating

UNSAFE = "unsafe"
REASONS = {  # of a thumb down, with what the buttons say
    "wrong": "button-why-wrong",
    "unhelpful": "button-why-unhelpful",
    UNSAFE: "button-why-unsafe",
    "other": "button-why-other",
}
REPORTED = {  # of a report
    "dangerous": "button-because-dangerous",
    "hateful": "button-because-hateful",
    "sexual": "button-because-sexual",
    "private": "button-because-private",
    "other": "button-because-other",
}
LONGEST = 1000  # characters of one's own words
VERBS = ("up", "down", "why", "flag", "because")
ASKED = "feedback-why"  # the question to which a reply is words of one's own


def answer_buttons(turn_id: int, attempt: int) -> tuple[Button, ...]:
    """What stands below an answer: the attempt says which one of the turn's."""
    word = f"{turn_id}.{attempt}"
    return (
        Button("button-thumb-up", f"up:{word}"),
        Button("button-thumb-down", f"down:{word}"),
        Button("button-report", f"flag:{word}"),
    )


async def press_feedback(exchange: Exchange, verb: str, word: str) -> None:
    """Do what a button under an answer says, or say clearly why not."""
    place, _, reason = word.partition(":")
    try:
        turn, answer = await _answer_of(exchange, place)
    except (NotFound, RowNotFound):
        await exchange.say("feedback-gone")
        return
    match verb:
        case "up" | "down":
            await _thumb(exchange, turn, up=verb == "up")
        case "why" if reason in REASONS:
            await _because(exchange, turn, answer, reason)
        case "flag":
            await exchange.say(
                "report-why", turn_id=turn.id, buttons=_choices("because", turn, REPORTED)
            )
        case "because" if reason in REPORTED:
            await report_answer(exchange, answer, _spoken(exchange, REPORTED[reason]))
        case _:
            await exchange.say("feedback-gone")


async def words_about(exchange: Exchange, turn: Turn, words: str) -> None:
    """Keep what a person says of an answer in their own words, beside their thumb."""
    rating = await _rating(exchange, turn)
    await _keep(exchange, structs.replace(rating, words=words[:LONGEST]))
    await exchange.say("feedback-words")


async def asked_about(exchange: Exchange) -> Turn | None:
    """The turn whose answer the message is a word about: it replies to our question."""
    tx, message = exchange.tx, exchange.message
    if not message.reply_to or message.attachments:
        return None
    row = await tx.outbound.by_platform_id(exchange.conversation.id, message.reply_to)
    if row is None or row.notice is None or row.notice.key != ASKED or row.turn_id is None:
        return None
    turn = await tx.turns.get(row.turn_id)
    return turn if turn.state is TurnState.ANSWERED else None


async def _thumb(exchange: Exchange, turn: Turn, *, up: bool) -> None:
    """Rate; pressed again, it is taken back."""
    before = await _rating(exchange, turn)
    if before.liked is up:
        await exchange.tx.feedback.take_back(exchange.user.id, turn.id, turn.attempt)
        await _acknowledge(exchange, "feedback-taken-back")
        return
    await _keep(exchange, structs.replace(before, liked=up, reason=""))
    if up:
        await _acknowledge(exchange, "feedback-up")
    else:
        await exchange.say(ASKED, turn_id=turn.id, buttons=_choices("why", turn, REASONS))


async def _because(exchange: Exchange, turn: Turn, answer: Message, reason: str) -> None:
    rating = await _rating(exchange, turn)
    known = rating.liked is False and rating.reason == reason
    await _keep(exchange, structs.replace(rating, liked=False, reason=reason))
    if reason == UNSAFE:
        await report_answer(exchange, answer, _spoken(exchange, REASONS[UNSAFE]))
    elif not known:
        await exchange.say("feedback-reason")


async def _answer_of(exchange: Exchange, place: str) -> tuple[Turn, Message]:
    """The turn and its answer, where it is in this chat and the one that was pressed under. Raises
    NotFound."""
    turn_id, attempt = (row_id(part) or 0 for part in (*place.split(".", 1), "")[:2])
    turn = await exchange.tx.turns.get(turn_id)
    stands = turn.state is TurnState.ANSWERED and turn.attempt == attempt
    if turn.conversation_id != exchange.conversation.id or not stands or turn.answer_id is None:
        raise NotFound("no such answer in this chat")
    return turn, await exchange.tx.messages.get(turn.answer_id)


async def _rating(exchange: Exchange, turn: Turn) -> Rating:
    found = await exchange.tx.feedback.get_or_none(exchange.user.id, turn.id, turn.attempt)
    return found or Rating(turn.id, turn.attempt)


async def _keep(exchange: Exchange, rating: Rating) -> None:
    await exchange.tx.feedback.rate(exchange.user.id, rating)
    exchange.effects.spoken.add(exchange.conversation.id)  # open pages show it


async def _acknowledge(exchange: Exchange, key: str) -> None:
    """Say that it was heard, where nothing on the button shows it."""
    exchange.effects.spoken.add(exchange.conversation.id)
    if not exchange.abilities.pulls:
        await exchange.say(key)


def _choices(verb: str, turn: Turn, reasons: Mapping[str, str]) -> list[Button]:
    place = f"{turn.id}.{turn.attempt}"
    return [Button(label, f"{verb}:{place}:{each}") for each, label in reasons.items()]


def _spoken(exchange: Exchange, key: str) -> str:
    """The words of a button as those who look after the assistant speak."""
    return exchange.context.texts.label(key, exchange.context.persona.language)
