"""One answer on its way: what is still to be computed of it, and what a new token means."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Many

import torch
from torch import Tensor

from models.engine import EngineOutput, SamplingParams
from models.errors import EngineError
from models.local.detokeniser import Detokeniser
from models.local.passes import Sequence
from models.local.prompts import Encoded, Tiles
from models.local.sampling import Sampler
from models.local.telling import Telling


class Answer:
    """The state of one answer between steps.

    `told` are its tokens so far, `known` of which were remembered. `ahead` holds the vectors
    [tokens, width] that its sequence has to grow by before the next token can be drawn; None
    before the pictures `to_see` were `seen`.
    `outputs` is what came of its steps that nobody has taken yet.
    """

    def __init__(
        self,
        encoded: Encoded,
        params: SamplingParams,
        *,
        detokeniser: Detokeniser,
        end_tokens: frozenset[int],
        patch_token: int,
        room: int,
    ) -> None:
        self.encoded = encoded
        self.sequence: Sequence | None = None
        self.ahead: Tensor | None = None
        self.told, self._picture_ends = _told(encoded, patch_token)
        self.known = 0
        self.to_see: list[Tiles] = []
        self.seen: list[Tensor] = []
        self.outputs: list[EngineOutput | EngineError] = []
        self._limit = min(params.max_tokens, room)
        self.sampler = Sampler(params)
        self._telling = Telling(
            params, detokeniser=detokeniser, end_tokens=end_tokens, limit=self._limit
        )

    @property
    def prompt_tokens(self) -> int:
        """The length of the prompt."""
        return int(self.encoded.input_ids.shape[1])

    @property
    def most_tokens(self) -> int:
        """Of prompt and answer together."""
        return self.prompt_tokens + self._limit

    @property
    def speaking(self) -> bool:
        """Whether the prompt is behind it."""
        return self._telling.tokens > 0

    @property
    def failed(self) -> bool:
        """Whether it ended without an answer."""
        return any(isinstance(output, EngineError) for output in self.outputs)

    @property
    def ended(self) -> bool:
        """Whether it is whole, or failed."""
        return self.failed or bool(self._telling.ended)

    def begin(self, sequence: Sequence, known: int) -> None:
        """Take a sequence that holds the first `known` tokens, and the pictures beyond them."""
        self.sequence, self.known = sequence, known
        pictures = zip(self.encoded.pictures, self._picture_ends, strict=True)
        self.to_see = [picture for picture, end in pictures if end > known]

    def sees(self, recall: Callable[[str], Tensor | None]) -> bool:
        """Take what is known of its pictures by now; False while some are to be seen."""
        while self.to_see:
            seen = recall(self.to_see[0].sha256)
            if seen is None:
                return False
            self.seen.append(seen)
            self.to_see.pop(0)
        return True

    def take(self, token: int) -> bool:
        """Go on with the next token; False where the answer has ended."""
        self.outputs += self._telling.take(token)
        if self._telling.ended:
            finished = self._telling.finished(
                prompt_tokens=self.prompt_tokens, cached_tokens=self.known
            )
            self.outputs.append(finished)
            return False
        self.told.append(token)
        return True

    def fail(self, error: EngineError) -> None:
        """End it without an answer."""
        self.outputs.append(error)


def _told(encoded: Encoded, patch_token: int) -> tuple[list[int], list[int]]:
    """The prompt's tokens, with those of pictures by their content: negative, and all different.

    Two prompts begin alike exactly where these do. Also where each picture's tokens end."""
    tokens: list[int] = encoded.input_ids[0].tolist()
    places = [at for at, token in enumerate(tokens) if token == patch_token]
    tiles = sum(len(picture.pixels) for picture in encoded.pictures)
    ends, first = [], 0
    for picture in encoded.pictures:
        own = places[first : first + len(places) * len(picture.pixels) // tiles]
        name = int(picture.sha256[:16] or "0", 16)
        for number, place in enumerate(own):
            tokens[place] = -1 - ((name << 20) + number)
        first += len(own)
        ends.append(own[-1] + 1)
    return tokens, ends


def together(words: Tensor, ids: Tensor, seen: Many[Tensor], patch_token: int) -> Tensor:
    """Words and pictures as one sequence of vectors [tokens, width]: early fusion.

    `words` are the vectors of `ids`; where these begin within a picture, its last ones are taken.
    """
    patches = ids == patch_token
    count = int(patches.sum())
    if not count:
        return words
    places = patches[:, None].expand_as(words)
    return words.masked_scatter(places, torch.cat(list(seen))[-count:].to(words.dtype))
