"""How soon and how fast the checkpoint answers on this machine, through plain `generate`."""

import time
from dataclasses import dataclass
from statistics import median

from PIL import Image

from models.fledgling.evaluating.fledgling import Fledgling
from models.fledgling.evaluating.questions import sent

_TIMES, _TOKENS = 7, 64


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds until the first token of an answer to a new picture, and tokens/s after it."""

    first: float
    rate: float


def speed(fledgling: Fledgling) -> Speed:
    """The median of several tries, the picture's preparation included."""
    fledgling.answer(sent(Image.new("RGB", (640, 480), "white"), "What is this?"))  # warm up
    first = median(_seconds(fledgling, number, 1) for number in range(_TIMES))
    whole = median(_seconds(fledgling, number, _TOKENS) for number in range(_TIMES))
    return Speed(first, (_TOKENS - 1) / (whole - first))


def _seconds(fledgling: Fledgling, number: int, tokens: int) -> float:
    picture = Image.new("RGB", (640, 480), (30 * number, 90, 200))
    started = time.perf_counter()
    inputs = fledgling._inputs(sent(picture, "What is this?"))
    fledgling.model.generate(
        **inputs, min_new_tokens=tokens, max_new_tokens=tokens, do_sample=False
    )
    return time.perf_counter() - started
