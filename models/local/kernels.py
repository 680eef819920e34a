"""One token of each of a few sequences through a layer, compiled for this processor.

A step of a small model on a CPU is mostly calls: some sixty small operations a layer, each of
which takes longer to ask for than to do. Here a layer is five calls, and another thread has
Python meanwhile. Everything is 32 bits and lies in one piece; all results go into arrays that the
caller gives. The rules are those of `layers.py`, in other words.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])


# Sums in any order and fused, but numbers that are none stay such: a check depends on it.
_ORDER = {"reassoc", "contract", "nsz", "arcp"}


def _compiled(function: Function) -> Function:
    """Compiled at its first call and kept on disk, without Python's lock; sums in any order."""
    options: dict[str, Any] = {"nogil": True, "fastmath": _ORDER}
    try:
        made: Any = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # nowhere to keep it: compiled anew at each start
        made = numba.njit(**options)(function)
    compiled: Function = made
    return compiled


@_compiled
def _times(given: Floats, weight: Floats, made: Floats) -> None:
    """`made` [tokens, outputs] = given [tokens, inputs] x weight [outputs, inputs], transposed.

    Each row of the weights is read once for four tokens."""
    tokens, inputs = given.shape
    whole = tokens - tokens % 4
    for row in range(len(weight)):
        line = weight[row]
        for first in range(0, whole, 4):
            a, b, c, d = given[first], given[first + 1], given[first + 2], given[first + 3]
            one = two = three = four = np.float32(0)
            for at in range(inputs):
                number = line[at]
                one += number * a[at]
                two += number * b[at]
                three += number * c[at]
                four += number * d[at]
            made[first, row] = one
            made[first + 1, row] = two
            made[first + 2, row] = three
            made[first + 3, row] = four
        for token in range(whole, tokens):
            own = given[token]
            total = np.float32(0)
            for at in range(inputs):
                total += line[at] * own[at]
            made[token, row] = total


@_compiled
def _across(given: Floats, weight: Floats, made: Floats) -> None:
    """`made` [tokens, outputs] = given [tokens, inputs] x weight [inputs, outputs].

    Four rows of the weights are read once for all tokens. Inputs come in fours."""
    inputs, outputs = weight.shape
    made[:] = 0
    for first in range(0, inputs, 4):
        a, b, c, d = weight[first], weight[first + 1], weight[first + 2], weight[first + 3]
        for token in range(len(given)):
            own, out = given[token], made[token]
            one, two, three, four = own[first], own[first + 1], own[first + 2], own[first + 3]
            for at in range(outputs):
                out[at] += one * a[at] + two * b[at] + three * c[at] + four * d[at]


@_compiled
def _normed(hidden: Floats, weight: Floats, eps: float, normed: Floats) -> None:
    width = hidden.shape[1]
    for token in range(len(hidden)):
        total = np.float32(0)
        for at in range(width):
            total += hidden[token, at] * hidden[token, at]
        scale = np.float32(1 / math.sqrt(total / width + eps))
        for at in range(width):
            normed[token, at] = hidden[token, at] * scale * weight[at]


@_compiled
def _gated(both: Floats, gated: Floats) -> None:
    """Silu of the first half times the second."""
    middle = gated.shape[1]
    for token in range(len(gated)):
        for at in range(middle):
            gate = both[token, at]
            gated[token, at] = gate / (np.float32(1) + math.exp(-gate)) * both[token, middle + at]


@_compiled
def _turned(own: Floats, turns: Floats, norm_eps: float) -> None:
    total = np.float32(0)
    for at in range(0, len(own), 2):
        cosine, sine = turns[at], turns[at + 1]
        left, right = own[at], own[at + 1]
        own[at] = left * cosine - right * sine
        own[at + 1] = left * sine + right * cosine
        total += left * left + right * right  # which turning leaves as it is
    if norm_eps >= 0:
        own *= np.float32(1 / math.sqrt(total / len(own) + norm_eps))


@_compiled
def ask(
    hidden: Floats,
    norm: Floats,
    eps: float,
    weight: Floats,
    asking: int,
    keeping: int,
    turns: Floats,
    norm_eps: float,
    temperatures: Floats,
    made: Floats,
) -> None:
    """Queries, keys and values into `made` [tokens, asking + 2 x keeping heads, width].

    `turns` [tokens, width] are cosines and sines in turn, empty in layers that do not rotate;
    `norm_eps` is below zero where queries and keys are not normed after that. `temperatures`
    [tokens] multiply queries, and are empty where nothing does.
    """
    tokens, every, width = made.shape
    inner = np.empty_like(hidden)
    _normed(hidden, norm, eps, inner)
    _times(inner, weight, made.reshape(tokens, every * width))
    for token in range(tokens):
        if len(turns):
            for head in range(asking + keeping):
                _turned(made[token, head], turns[token], norm_eps)
        if len(temperatures):
            made[token, :asking] *= temperatures[token]


@_compiled
def attend(
    made: Floats,
    asking: int,
    rows: Whole,
    slots: Whole,
    lengths: Whole,
    keys: Floats,
    values: Floats,
    scaling: float,
    found: Floats,
) -> None:
    """Store the new keys and values of the tokens `rows` of a pass and look with their queries.

    `made` is from `ask`, its first `asking` heads are queries; `slots` and `lengths`, new token
    included, are where each lies in keys and values [slots, heads, room, width]; what is found
    goes into `found` [tokens, asking x width].
    """
    keeping, width = keys.shape[1], keys.shape[3]
    group = asking // keeping
    longest = 0
    for length in lengths:
        longest = max(longest, length)
    weights = np.empty(longest, np.float32)
    for number in range(len(rows)):
        row, slot, length = rows[number], slots[number], lengths[number]
        for head in range(keeping):
            keys[slot, head, length - 1] = made[row, asking + head]
            values[slot, head, length - 1] = made[row, asking + keeping + head]
            lines, told = keys[slot, head], values[slot, head]
            for one in range(head * group, (head + 1) * group):
                query = made[row, one]
                most = np.float32(-np.inf)
                for place in range(length):
                    line = lines[place]
                    total = np.float32(0)
                    for at in range(width):
                        total += query[at] * line[at]
                    total *= np.float32(scaling)
                    weights[place] = total
                    most = max(most, total)
                every = np.float32(0)
                for place in range(length):
                    share = math.exp(weights[place] - most)
                    weights[place] = share
                    every += share
                out = found[row, one * width : (one + 1) * width]
                out[:] = 0
                for place in range(length):
                    share = weights[place] / every
                    line = told[place]
                    for at in range(width):
                        out[at] += share * line[at]


@_compiled
def tell(found: Floats, weight: Floats, hidden: Floats) -> None:
    """Add to `hidden` what attention found."""
    made = np.empty_like(hidden)
    _times(found, weight, made)
    hidden += made


@_compiled
def mlp(hidden: Floats, norm: Floats, eps: float, into: Floats, down: Floats) -> None:
    """Add to `hidden` what a layer that all tokens meet makes of it."""
    inner = np.empty_like(hidden)
    _normed(hidden, norm, eps, inner)
    both = np.empty((len(hidden), len(into)), np.float32)
    _times(inner, into, both)
    gated = np.empty((len(hidden), len(into) // 2), np.float32)
    _gated(both, gated)
    _times(gated, down, inner)
    hidden += inner


@_compiled
def experts(
    hidden: Floats,
    norm: Floats,
    eps: float,
    router: Floats,
    top_k: int,
    into: Floats,
    down: Floats,
    each_into: Floats,
    each_down: Floats,
) -> None:
    """Add to `hidden` what the shared expert and the chosen ones make of it.

    `each_into` [experts, width, twice the middle] and `each_down` [experts, middle, width]."""
    tokens, width = hidden.shape
    inner = np.empty_like(hidden)
    _normed(hidden, norm, eps, inner)
    both = np.empty((tokens, len(into)), np.float32)
    _times(inner, into, both)
    gated = np.empty((tokens, len(into) // 2), np.float32)
    _gated(both, gated)
    told = np.empty_like(hidden)
    _times(gated, down, told)
    asked = np.empty((tokens, len(router)), np.float32)
    _times(inner, router, asked)
    chosen = np.empty(tokens * top_k, np.int64)
    given = np.empty((tokens * top_k, width), np.float32)
    for token in range(tokens):
        for rank in range(top_k):
            best = np.argmax(asked[token])
            score = np.float32(1 / (1 + math.exp(-asked[token, best])))
            asked[token, best] = -np.inf
            chosen[token * top_k + rank] = best
            given[token * top_k + rank] = inner[token] * score
    order = np.argsort(chosen, kind="mergesort")
    first = 0
    while first < len(order):
        expert = chosen[order[first]]
        last = first + 1
        while last < len(order) and chosen[order[last]] == expert:
            last += 1
        own = given[order[first:last]]
        made = np.empty((last - first, each_into.shape[2]), np.float32)
        _across(own, each_into[expert], made)
        middle = np.empty((last - first, each_into.shape[2] // 2), np.float32)
        _gated(made, middle)
        _across(middle, each_down[expert], own)
        for number in range(first, last):
            told[order[number] // top_k] += own[number - first]
        first = last
    hidden += told
