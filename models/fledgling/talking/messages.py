"""What a conversation consists of: messages of texts, pictures and words that were read."""

from dataclasses import dataclass
from typing import Literal

from models.fledgling.drawn.facts import Scene, Spelled

Answer = tuple[str | Spelled, ...]  # the pieces of one text: nothing stands between them


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture somebody sent: its row in the bank of pictures, and what is in it.

    `concept` and `second` are places in CONCEPTS, -1 where there is none; not `sure`: it shows
    nothing that the model is to know.
    """

    row: int
    concept: int = -1
    scene: Scene | None = None
    sure: bool = True
    second: int = -1

    @property
    def known(self) -> bool:
        """Whether there is anything to say about it."""
        if not self.sure:
            return False
        return self.concept >= 0 or (self.scene is not None and self.scene.kind != "texture")


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who said it, and its texts and pictures in order.

    The texts of a person are trimmed one by one, as the chat template does it; the pieces of an
    answer are one text.
    """

    role: Literal["system", "user", "assistant"]
    parts: tuple[str | Shown | Spelled, ...]
