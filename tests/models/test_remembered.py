"""Sequences that go on from what is remembered, against ones computed from nothing."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from torch import Tensor

from models.local.passes import Sequence, TextPasses
from models.local.remembered import Remembered
from tests.models.test_passes import close, grown, model, stock

__all__ = ["model"]  # a fixture


class House:
    """A model with a memory, and how many tokens it computes."""

    def __init__(self, model: Any, *, most_bytes: int = 1 << 30) -> None:
        self.model = model
        self.passes = TextPasses(model)
        self.remembered = Remembered(self.passes, most_bytes=most_bytes)

    def answer(self, tokens: list[int]) -> tuple[int, Tensor]:
        """How many tokens were remembered, and the logits after the last one; then remember."""
        sequence = self.passes.open()
        known = self.remembered.recall(tokens, sequence)
        logits = self._computed(sequence, tokens[known:])
        self.remembered.remember(tokens, sequence)
        self.passes.close(sequence)
        return known, logits

    def _computed(self, sequence: Sequence, tokens: list[int]) -> Tensor:
        while True:
            most = self.passes.left_in_chunk(sequence)
            piece, tokens = tokens[:most], tokens[most:]
            logits = grown(self.model, self.passes, [(sequence, piece)])[0]
            if not tokens:
                return logits


def words(rng: Random, count: int) -> list[int]:
    """So many tokens."""
    return [rng.randrange(256) for _ in range(count)]


def test_prefixes_never_change_what_follows(model: Any) -> None:
    rng = Random(5)
    house = House(model)
    start = words(rng, 70)
    said = [list(start) for _ in range(4)]
    reused = 0
    for _ in range(40):
        tokens = rng.choice(said)
        if rng.random() < 0.15:  # as after /retry: the end is another one
            del tokens[len(tokens) * 2 // 3 :]
        tokens += words(rng, rng.choice((1, 5, 33, 64, 90)))
        known, logits = house.answer(tokens)
        close(logits, stock(model, tokens))
        reused += known > 0
        if len(tokens) > 400:
            said.remove(tokens)
            said.append(list(start))
    assert reused > 25


def test_a_follow_up_computes_its_new_tokens_only(model: Any) -> None:
    rng = Random(6)
    house = House(model)
    tokens = words(rng, 500)
    assert house.answer(tokens)[0] == 0
    tokens += words(rng, 10)
    assert house.answer(tokens)[0] == 480  # whole blocks of 32
    assert house.answer(tokens[:481])[0] == 480  # one token is always left to compute


def test_the_same_start_is_kept_once(model: Any) -> None:
    rng = Random(7)
    house = House(model)
    start = words(rng, 64)
    house.answer(start + words(rng, 64))
    alone = house.remembered.bytes
    assert house.answer(start + words(rng, 64))[0] == 64
    assert house.remembered.bytes < 2 * alone
    assert len(house.remembered) == 6


def test_a_turn_off_within_an_earlier_chunk_begins_at_its_start(model: Any) -> None:
    rng = Random(8)
    house = House(model)
    house.remembered._size = 8  # several blocks to a chunk of 32
    tokens = words(rng, 100)
    house.answer(tokens)
    other = tokens[:56] + words(rng, 4)
    known, logits = house.answer(other)
    assert known == 32
    close(logits, stock(model, other))
    assert house.answer(tokens[:56] + words(rng, 20))[0] == 56  # a chunk that ended there is kept


def test_the_longest_unused_makes_room(model: Any) -> None:
    rng = Random(9)
    house = House(model)
    old, used = words(rng, 128), words(rng, 128)
    house.answer(old)
    one = house.remembered.bytes
    house = House(model, most_bytes=2 * one)
    house.answer(old)
    house.answer(used)
    house.answer(used + words(rng, 1))
    house.answer(words(rng, 96))
    assert house.remembered.bytes <= 2 * one
    assert house.answer([*used, 1])[0] == 128
    assert house.answer([*old, 1])[0] < 128


@pytest.mark.parametrize("count", [1, 31, 32])
def test_short_prompts_are_not_worth_remembering_but_answered(model: Any, count: int) -> None:
    house = House(model)
    tokens = words(Random(count), count)
    for _ in range(2):
        known, logits = house.answer(tokens)
        assert known == 0
        close(logits, stock(model, tokens))
