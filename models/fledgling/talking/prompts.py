"""Conversations as tokens, the way the chat template and the processor lay them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from models.fledgling.architecture import PICTURE_TOKENS
from models.fledgling.drawn.facts import Spelled
from models.fledgling.talking.messages import Said, Shown

IGNORED = -100
PICTURE = f"<|image_start|><|image|>{'<|patch|>' * PICTURE_TOKENS}<|image_end|>"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One conversation: its tokens, which of them are to be learnt, the rows of its pictures."""

    tokens: list[int]
    labels: list[int]
    rows: list[int]


def lesson(tokenizer: PreTrainedTokenizerFast, talk: Sequence[Said]) -> Lesson:
    """The tokens of a conversation; only answers, with their ends, are labels."""
    tokens: list[int] = [tokenizer.bos_token_id]
    labels, rows = [IGNORED], []
    for said in talk:
        head = _tokens(tokenizer, f"<|header_start|>{said.role}<|header_end|>\n\n")
        end = _tokens(tokenizer, "<|eot|>")
        rows += [part.row for part in said.parts if isinstance(part, Shown)]
        answer = said.role == "assistant"
        body = (_answered if answer else _asked)(tokenizer, said)
        tokens += [*head, *body, *end]
        labels += [IGNORED] * len(head)
        labels += [*body, *end] if answer else [IGNORED] * (len(body) + len(end))
    return Lesson(tokens, labels, rows)


def batch(lessons: Sequence[Lesson], pad: int, *, step: int = 1) -> tuple[Tensor, Tensor]:
    """Tokens and labels [n, longest], filled up on the right to a multiple of `step`.

    Causal attention keeps the filling from reaching anything that is learnt, so no mask is needed.
    """
    longest = -(-max(len(one.tokens) for one in lessons) // step) * step
    tokens = torch.full((len(lessons), longest), pad)
    labels = torch.full((len(lessons), longest), IGNORED)
    for row, one in enumerate(lessons):
        tokens[row, : len(one.tokens)] = torch.tensor(one.tokens)
        labels[row, : len(one.labels)] = torch.tensor(one.labels)
    return tokens, labels


def _asked(tokenizer: PreTrainedTokenizerFast, said: Said) -> list[int]:
    """What a person or the system says: each text is trimmed, as the template does it.

    Special tokens part the texts before anything else does, so those between pictures can be
    tokenised one by one.
    """
    tokens: list[int] = []
    text = ""
    for part in said.parts:
        if isinstance(part, Shown):
            tokens += _tokens(tokenizer, text)
            tokens += _tokens(tokenizer, PICTURE)
            text = ""
        else:
            text += (part.text if isinstance(part, Spelled) else part).strip()
    return [*tokens, *_tokens(tokenizer, text)]


def _answered(tokenizer: PreTrainedTokenizerFast, said: Said) -> list[int]:
    """An answer, whose pieces are one text; what was read is a token for each character.

    A space before it is a token of its own, so that a letter is the same token wherever it stands.
    """
    tokens: list[int] = []
    text = ""
    for part in said.parts:
        if isinstance(part, Spelled):
            tokens += _tokens(tokenizer, text)
            for character in part.text:
                tokens += _tokens(tokenizer, character)
            text = ""
        elif isinstance(part, str):
            text += part
    return [*tokens, *_tokens(tokenizer, text)]


@lru_cache(maxsize=1 << 15)
def _tokens(tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[int, ...]:
    """The tokens of a text; most come again and again."""
    return tuple(tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids)
