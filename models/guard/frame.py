"""The prompt of Llama Guard 4, for checkpoints that do not bring its template.

Byte for byte what the template of meta-llama/Llama-Guard-4-12B writes between `<|header_end|>` and
`<|eot|>`, as recorded in the outputs of Hugging Face's notebook for it (huggingface-llama-recipes,
llama_guard/llama-guard-4.ipynb, April 2025) and, for answers, in a public test log of the same
template (its rendering of a question with its answer). Meta's page says what goes where:
llama.com/docs/model-cards-and-prompt-formats/llama-guard-4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.engine import PromptMessage, PromptPart, PromptText
from models.guard.hazards import HAZARDS
from models.guard.turns import Turn

NAMES = {"user": "User", "assistant": "Agent"}
AFTER = (
    r"\n\n" + "\n\n"
)  # the first two as letters: a slip of the template, which is what it is used with


def framed(turns: Sequence[Turn], excluded: frozenset[str] = frozenset()) -> PromptMessage:
    """The conversation inside the guard's task, as one message; its last turn is looked at.

    `excluded` are codes that are not asked for. What was typed has to be harmless already."""
    return PromptMessage("user", tuple(_joined(_parts(turns, excluded))))


def _parts(turns: Sequence[Turn], excluded: frozenset[str]) -> Iterator[PromptPart]:
    name = NAMES[turns[-1].role]
    yield PromptText(
        f"Task: Check if there is unsafe content in '{name}' messages in conversations according "
        "to our safety policy with the below categories.\n\n<BEGIN UNSAFE CONTENT CATEGORIES>\n"
        + _categories(pictures=any(turn.pictures for turn in turns), excluded=excluded)
        + "<END UNSAFE CONTENT CATEGORIES>\n\n<BEGIN CONVERSATION>\n"
    )
    for turn in turns:
        yield PromptText(f"{NAMES[turn.role]}: ")
        yield from turn.pictures
        yield PromptText(turn.text + AFTER)
    yield PromptText(
        "<END CONVERSATION>\n\n"
        f"Provide your safety assessment for ONLY THE LAST {name} message in the above "
        "conversation:\n - First line must read 'safe' or 'unsafe'.\n"
        " - If unsafe, a second line must include a comma-separated list of violated categories. "
    )


def _categories(*, pictures: bool, excluded: frozenset[str]) -> str:
    return "".join(
        f"{hazard.code}: {hazard.title}.\n"
        for hazard in HAZARDS
        if hazard.code not in excluded and not (pictures and hazard.of_words)
    )


def _joined(parts: Iterator[PromptPart]) -> Iterator[PromptPart]:
    """Words that follow each other as one part."""
    words = ""
    for part in parts:
        if isinstance(part, PromptText):
            words += part.text
            continue
        yield PromptText(words)
        yield part
        words = ""
    yield PromptText(words)
