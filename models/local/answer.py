"""One answer being computed: the prompt in pieces, then token by token."""

from __future__ import annotations

from typing import Any

import torch
from transformers import DynamicCache

from models.engine import EngineOutput, Finished, SamplingParams, TextChunk
from models.local.detokeniser import Detokeniser
from models.local.prompts import Encoded
from models.local.sampling import Sampler
from models.stopping import StopStrings

PREFILL_TOKENS = 512  # of the prompt in one step, so that a long prompt shows signs of life


class Answer:
    """Owns the keys and values of one sequence; each `step` is one forward pass."""

    def __init__(
        self,
        model: Any,
        encoded: Encoded,
        params: SamplingParams,
        *,
        detokeniser: Detokeniser,
        end_tokens: frozenset[int],
        room: int,
    ) -> None:
        self._model = model
        self._end_tokens = end_tokens
        self._limit = min(params.max_tokens, room)
        self._sampler = Sampler(params)
        self._detokeniser = detokeniser
        self._stop = StopStrings(params.stop)
        self._cache = DynamicCache(config=model.config.get_text_config())
        self._prompt_tokens = int(encoded.input_ids.shape[1])
        self._generated = 0
        self._ahead = embed(model, encoded)

    @torch.inference_mode()
    def step(self) -> list[EngineOutput]:
        """Compute the next piece of the prompt, or the next token."""
        piece, self._ahead = self._ahead[:, :PREFILL_TOKENS], self._ahead[:, PREFILL_TOKENS:]
        output = self._model.language_model(
            inputs_embeds=piece,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        )
        if self._ahead.shape[1]:
            return []
        return self._take(self._sampler.draw(output.logits[0, -1]))

    def _take(self, token: int) -> list[EngineOutput]:
        """What a new token means for the answer."""
        self._generated += 1
        if token in self._end_tokens:
            return [*_chunk(self._stop.flush()), self._finished("stop")]
        outputs = _chunk(self._stop.push(self._detokeniser.push(token)))
        if self._stop.stopped:
            return [*outputs, self._finished("stop")]
        if self._generated >= self._limit:
            return [*outputs, *_chunk(self._stop.flush()), self._finished("length")]
        device = self._model.get_input_embeddings().weight.device
        self._ahead = self._model.get_input_embeddings()(torch.tensor([[token]], device=device))
        return outputs

    def _finished(self, reason: str) -> Finished:
        return Finished(
            finish_reason=reason,
            prompt_tokens=self._prompt_tokens,
            generated_tokens=self._generated,
        )


def _chunk(text: str) -> list[EngineOutput]:
    return [TextChunk(text=text)] if text else []


@torch.inference_mode()
def embed(model: Any, encoded: Encoded) -> torch.Tensor:
    """Words and pictures as one sequence of vectors (1, length, hidden): early fusion."""
    embeddings = model.get_input_embeddings()
    input_ids = encoded.input_ids.to(embeddings.weight.device)
    vectors: torch.Tensor = embeddings(input_ids)
    if encoded.pixel_values is None:
        return vectors
    pixels = encoded.pixel_values.to(model.device, model.dtype)
    seen = model.get_image_features(pixel_values=pixels, return_dict=True).last_hidden_state
    seen = model.multi_modal_projector(seen.view(-1, seen.size(-1)))
    seen = seen.to(vectors.device, vectors.dtype)
    places = model.get_placeholder_mask(input_ids, inputs_embeds=vectors, image_features=seen)
    return vectors.masked_scatter(places, seen)
