"""How many tokens a prompt takes where no tokenizer is at hand: rather too many than too few,
since some servers cut silently what does not fit."""

from __future__ import annotations

import math
import string

from models.engine import Prompt, PromptPicture

LETTERS = (string.ascii_letters + " ").encode()
OTHER_ASCII = bytes(set(range(128)) - set(LETTERS))
LETTERS_A_TOKEN = 3.0  # English has four and more
BYTES_A_TOKEN = 2.0  # beyond ASCII: from half a character (Chinese) to two (Cyrillic)
PIXELS_A_TOKEN = 28 * 28  # Llama 4: 14-pixel patches, four of them a token; Qwen-VL the same
PICTURE_OVERHEAD = 320  # the whole picture once more, separators, rounding up to tiles
MESSAGE_OVERHEAD = 8  # header and end tokens
CEILING = 3.0


class TokenEstimate:
    """Counts by bytes and pixels, and learns from what the endpoint counted."""

    def __init__(self) -> None:
        self._factor = 1.0

    def count(self, prompt: Prompt) -> int:
        """Tokens of a prompt with its pictures, estimated from above."""
        return math.ceil(overhead(prompt) + self._factor * content(prompt))

    def learn(self, prompt: Prompt, tokens: int) -> None:
        """An endpoint counted `tokens`: more than we thought makes all later counts larger."""
        if tokens > self.count(prompt):
            seen = 1.05 * (tokens - overhead(prompt)) / max(1.0, content(prompt))
            self._factor = min(CEILING, max(self._factor, seen))


def overhead(prompt: Prompt) -> int:
    """Tokens that any words would have around them."""
    return MESSAGE_OVERHEAD * (len(prompt.messages) + 1)


def content(prompt: Prompt) -> float:
    """The estimate of words and pictures before anything was learned."""
    return sum(
        picture(part) if isinstance(part, PromptPicture) else text(part.text)
        for message in prompt.messages
        for part in message.parts
    )


def text(words: str) -> float:
    """Letters by the third, digits and signs one by one, other scripts by their bytes."""
    raw = words.encode("utf-8", "replace")
    others = raw.translate(None, LETTERS)
    beyond = len(others.translate(None, OTHER_ASCII))
    letters = len(raw) - len(others)
    return letters / LETTERS_A_TOKEN + (len(others) - beyond) + beyond / BYTES_A_TOKEN


def picture(part: PromptPicture) -> float:
    """By area, as the models do that take the most tokens for a picture."""
    return part.width * part.height / PIXELS_A_TOKEN + PICTURE_OVERHEAD
