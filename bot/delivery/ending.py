"""What a person sees at the end of a turn, for each way in which it can end."""

from __future__ import annotations

from dataclasses import dataclass

from chat.outbound import Button
from chat.turns import TurnResult, TurnState
from handlers.feedback import answer_buttons


@dataclass(frozen=True, slots=True)
class Ending:
    """The answer's own text, the key of a sentence of ours below it, and the buttons."""

    text: str
    notice: str = ""
    buttons: tuple[Button, ...] = ()


def ending(result: TurnResult, *, feedback: bool = False) -> Ending:
    """The end of a turn as every messenger shows it; `feedback` puts thumbs under answers."""
    retry = (Button("button-retry", f"retry:{result.turn_id}"),)
    match result.state:
        case TurnState.ANSWERED if not result.text.strip():
            return Ending("", "empty-answer", retry)
        case TurnState.ANSWERED:
            cut = "cut-at-length" if result.finish_reason == "length" else ""
            thumbs = answer_buttons(result.turn_id, result.attempt) if feedback else ()
            return Ending(result.text, cut, thumbs)
        case TurnState.CANCELLED:
            return Ending(result.text, result.reason or "stopped")
        case TurnState.REFUSED:
            return Ending(result.text, result.reason or "sorry-failed")
        case _:
            return Ending(result.text, result.reason or "sorry-failed", retry)
