"""Which experts serve which kinds of picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers.models.llama4.modeling_llama4 import Llama4Router

from models.fledgling.evaluating.fledgling import Fledgling, assistant
from models.fledgling.evaluating.questions import Question

LEAST = 0.02  # of the tokens that every expert is to take


@dataclass(frozen=True, slots=True)
class Load:
    """Tokens [kinds, layers with experts, experts] that went to each expert."""

    kinds: tuple[str, ...]
    tokens: NDArray[np.int64]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Parts [kinds, layers, experts] of the tokens of a kind in a layer."""
        shares: NDArray[np.float64] = self.tokens / self.tokens.sum(-1, keepdims=True)
        return shares

    @property
    def least(self) -> float:
        """What the idlest expert of all layers takes of all the tokens there."""
        totals = self.tokens.sum(0)
        return float((totals / totals.sum(-1, keepdims=True)).min())


def measure(fledgling: Fledgling, questions: Mapping[str, Sequence[Question]]) -> Load:
    """Follow the tokens of pictures and of true answers through the routers."""
    chosen: list[Tensor] = []
    routers = [part for part in fledgling.model.modules() if isinstance(part, Llama4Router)]
    hooks = [
        router.register_forward_hook(lambda _part, _given, out: chosen.append(out[1].argmax(-1)))
        for router in routers
    ]
    experts = routers[0].num_experts
    tokens = np.zeros((len(questions), len(routers), experts), np.int64)
    try:
        for kind, asked in enumerate(questions.values()):
            for question in asked:
                chosen.clear()
                watched = _run(fledgling, question)
                for layer, expert in enumerate(chosen):
                    tokens[kind, layer] += expert[watched].bincount(minlength=experts).numpy()
    finally:
        for hook in hooks:
            hook.remove()
    return Load(tuple(questions), tokens)


def draw(load: Load, file: Path) -> None:
    """A heat map: a panel for each layer, kinds of picture down, experts across."""
    from matplotlib.figure import Figure

    kinds, layers, experts = load.tokens.shape
    figure = Figure(figsize=(3 + 3 * layers, 1.2 + 0.3 * kinds), layout="constrained")
    panels = figure.subplots(1, layers, sharey=True, squeeze=False)[0]
    for layer, panel in enumerate(panels):
        shares = 100 * load.shares[:, layer]
        image = panel.imshow(
            shares, cmap="Blues", aspect="auto", vmin=0, vmax=100 * load.shares.max()
        )
        for kind, expert in np.ndindex(kinds, experts):
            dark = shares[kind, expert] > 55 * load.shares.max()
            tone = "white" if dark else "black"
            text = f"{shares[kind, expert]:.0f}"
            panel.text(expert, kind, text, ha="center", va="center", color=tone, fontsize=7)
        panel.set_title(f"layer with experts {layer + 1} of {layers}", fontsize=9)
        panel.set_xticks(range(experts), [str(expert + 1) for expert in range(experts)])
        panel.set_yticks(range(kinds), load.kinds)
        panel.set_xlabel("expert")
    figure.colorbar(image, ax=panels, label="% of tokens")
    figure.savefig(file, dpi=120)


def _run(fledgling: Fledgling, question: Question) -> Tensor:
    """One pass over question and true answer; which tokens [n] are watched."""
    start = fledgling._inputs(question.chat)["input_ids"].shape[1]
    inputs = fledgling._inputs([*question.chat, assistant(question.truth)], ask=False)
    with torch.no_grad():
        fledgling.model(**inputs)
    tokens = inputs["input_ids"][0]
    watched: Tensor = tokens == fledgling.model.config.image_token_id
    watched[start:] = True
    return watched
