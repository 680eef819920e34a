"""Conversations as tokens, the way the chat template and the processor lay them out."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from models.fledgling.architecture import PICTURE_TOKENS
from models.fledgling.conversations import Said, Shown

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
    tokens, labels, rows = [tokenizer.bos_token_id], [IGNORED], []
    for said in talk:
        head = tokenizer.encode(f"<|header_start|>{said.role}<|header_end|>\n\n")
        rows += [part.row for part in said.parts if isinstance(part, Shown)]
        told = "".join(PICTURE if isinstance(p, Shown) else p.strip() for p in said.parts)
        body = tokenizer.encode(told + "<|eot|>")
        tokens += head + body
        labels += [IGNORED] * len(head)
        labels += body if said.role == "assistant" else [IGNORED] * len(body)
    return Lesson(tokens, labels, rows)


def batch(lessons: Sequence[Lesson], pad: int) -> tuple[Tensor, Tensor]:
    """Tokens and labels [n, longest], filled up on the right.

    Causal attention keeps the filling from reaching anything that is learnt, so no mask is needed.
    """
    longest = max(len(one.tokens) for one in lessons)
    tokens = torch.full((len(lessons), longest), pad)
    labels = torch.full((len(lessons), longest), IGNORED)
    for row, one in enumerate(lessons):
        tokens[row, : len(one.tokens)] = torch.tensor(one.tokens)
        labels[row, : len(one.labels)] = torch.tensor(one.labels)
    return tokens, labels
