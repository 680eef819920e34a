"""Training's way through the experts: only the chosen one is computed, and all are kept in use."""

from functools import partial

import torch
from torch import Tensor
from transformers import Llama4ForConditionalGeneration
from transformers.models.llama4.modeling_llama4 import Llama4TextMoe


class LeanExperts:
    """While open, the model computes one expert a token instead of all, with the same result.

    Stock transformers multiplies every token by every expert, most of them by zero.
    """

    def __init__(self, model: Llama4ForConditionalGeneration) -> None:
        self._layers = [m for m in model.modules() if isinstance(m, Llama4TextMoe)]
        self._uneven: list[Tensor] = []

    def __enter__(self) -> "LeanExperts":
        for layer in self._layers:
            layer.forward = partial(self._forward, layer)  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        for layer in self._layers:
            del layer.forward  # the class's own shows again

    def uneven(self) -> Tensor:
        """How unevenly the experts were used since last asked: 1 is even, the number of experts
        all on one (Switch Transformers, equation 4)."""
        mean = torch.stack(self._uneven).mean()
        self._uneven.clear()
        return mean

    def _forward(self, layer: Llama4TextMoe, hidden: Tensor) -> tuple[Tensor, Tensor]:
        flat = hidden.reshape(-1, layer.hidden_dim)
        scores, logits = layer.router(flat)
        chosen = logits.argmax(-1)
        out = layer.shared_expert(flat)
        for index in range(layer.num_experts):
            rows = (chosen == index).nonzero()[:, 0]
            scaled = flat[rows] * scores[rows, index, None]
            gate, up = (scaled @ layer.experts.gate_up_proj[index]).chunk(2, dim=-1)
            routed = (up * layer.experts.act_fn(gate)) @ layer.experts.down_proj[index]
            out = out.index_add(0, rows, routed.to(out.dtype))
        self._uneven.append(_switch_loss(logits.float(), chosen))
        return out, logits


def _switch_loss(logits: Tensor, chosen: Tensor) -> Tensor:
    experts = logits.shape[-1]
    used = torch.bincount(chosen, minlength=experts) / len(chosen)
    return experts * (used * logits.softmax(-1).mean(0)).sum()
