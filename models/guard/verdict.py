"""Reading what the guard says."""

from __future__ import annotations

import re

from models.guard.errors import Unreadable
from models.guard.hazards import BY_CODE, Hazard

_UNSAFE = re.compile(r"unsafe[ \t]*\r?\n\s*(S\d{1,3}(?:[ \t]*,[ \t]*S\d{1,3})*)")


def read(answer: str) -> tuple[Hazard, ...]:
    """The hazards of an answer, none where it is `safe`.

    `safe` alone is safe. `unsafe` wants a second line of codes that are known. Raises Unreadable
    for all else: no gibberish, refusal or chatter of another model passes for a verdict.
    """
    said = answer.strip()
    if said == "safe":
        return ()
    found = _UNSAFE.fullmatch(said)
    if found is None:
        raise Unreadable(f"the guard's answer of {len(said)} characters is no verdict")
    named = dict.fromkeys(code.strip() for code in found[1].split(","))
    if strange := named.keys() - BY_CODE.keys():
        raise Unreadable(
            f"the guard names hazards that are not known: {', '.join(sorted(strange))}"
        )
    return tuple(BY_CODE[code] for code in named)
