"""Counts of a model from its config: built on the meta device, so nothing is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BF16, FP8, INT4 = "bf16", "FP8", "int4"
BYTES = {BF16: 2.0, FP8: 1.0, INT4: 0.5 + 2 / 128}  # of a weight; int4 has a scale for each 128
KEPT = 2.0  # bytes of what stays in 16 bits: embeddings, routers, norms, the vision tower
KEY_BYTES = 2  # of keys and values


@dataclass(frozen=True, slots=True)
class Sizes:
    """`parameters` in all, `active` ones, which a token is multiplied with, and `shrinking` ones,
    that fewer bits are for.

    `full_layers` keep keys and values of everything, `chunked_layers` of the current `chunk` of
    tokens; `key_width` numbers a token and layer for keys and as many for values.
    """

    parameters: int
    active: int
    shrinking: int
    experts: int
    full_layers: int
    chunked_layers: int
    chunk: int | None
    key_width: int
    window: int | None
    tile_tokens: int

    def weight_bytes(self, numbers: str) -> int:
        """The memory of the weights in BF16, FP8 or INT4."""
        small = self.shrinking * BYTES[numbers]
        return int(small + (self.parameters - self.shrinking) * KEPT)

    def key_bytes(self, tokens: int) -> int:
        """The memory of keys and values of a conversation of so many tokens."""
        chunked = min(tokens, self.chunk or tokens)
        each = 2 * self.key_width * KEY_BYTES
        return each * (self.full_layers * tokens + self.chunked_layers * chunked)


def sizes_of(config: Any) -> Sizes:
    """What a transformers config comes to."""
    import torch  # only here: a plan for endpoints needs none of it
    from accelerate import init_empty_weights  # type: ignore[import-untyped]
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

    kinds: Any = AutoModelForImageTextToText, AutoModelForCausalLM
    sees = type(config) in kinds[0]._model_mapping
    with init_empty_weights(include_buffers=False), torch.device("meta"):
        model: Any = (kinds[0] if sees else kinds[1]).from_config(config)
    text = config.get_text_config()
    experts = int(getattr(text, "num_local_experts", 0) or 0)
    chosen = int(getattr(text, "num_experts_per_tok", 1) or 1)
    parameters = routed = shrinking = 0
    for name, weight in model.named_parameters():
        parameters += weight.numel()
        if ".experts." in name:
            routed += weight.numel()
        if ".layers." in name and "vision" not in name and "router" not in name:
            shrinking += weight.numel() if weight.ndim >= 2 else 0
    idle = routed * (experts - chosen) // experts if experts else 0
    table = model.get_input_embeddings().weight
    if table is not getattr(model.get_output_embeddings(), "weight", None):
        idle += table.numel()  # looked up, not multiplied
    kinds_of_layers = getattr(text, "layer_types", None) or []
    layers = int(text.num_hidden_layers)
    chunked = sum(kind != "full_attention" for kind in kinds_of_layers)
    heads = int(getattr(text, "num_key_value_heads", None) or text.num_attention_heads)
    width = int(getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads)
    chunk = getattr(text, "attention_chunk_size", None) or getattr(text, "sliding_window", None)
    return Sizes(
        parameters=parameters,
        active=parameters - idle,
        shrinking=shrinking,
        experts=experts,
        full_layers=layers - chunked,
        chunked_layers=chunked,
        chunk=int(chunk) if chunk and chunked else None,
        key_width=heads * width,
        window=getattr(text, "max_position_embeddings", None),
        tile_tokens=_tile_tokens(getattr(config, "vision_config", None)),
    )


def _tile_tokens(vision: Any) -> int:
    """Tokens of one tile of a picture, where it is cut into tiles as Llama 4 does it."""
    ratio = getattr(vision, "pixel_shuffle_ratio", None)
    if vision is None or ratio is None:
        return 0
    return int((vision.image_size // vision.patch_size) ** 2 * ratio**2)
