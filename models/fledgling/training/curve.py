"""The learning curves of a run as a picture."""

import json
from pathlib import Path

from matplotlib.figure import Figure

_SHOWN = {
    "see": ("right", "photographs", "letters"),
    "talk": ("right",),
}  # shares, per stage
_TITLES = {"see": "learning to see", "talk": "learning to talk"}


def draw_curves(folder: Path, file: Path) -> None:
    """Draw what `loop.learn` wrote into the folder of a run: loss, and shares that were right."""
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    for place, (stage, shares) in enumerate(_SHOWN.items(), 1):
        noted = read_curve(folder / f"{stage}.jsonl")
        loss = figure.add_subplot(1, 2, place)
        loss.plot(noted["step"], noted["loss"], color="black", label="loss")
        loss.set(title=_TITLES[stage], xlabel="step", ylabel="loss", ylim=(0, None))
        share = loss.twinx()
        for name in shares:
            told = [(step, y) for step, y in zip(noted["step"], noted[name], strict=True) if y >= 0]
            share.plot(*zip(*told, strict=True), label=f"{name}, share" if told else name)
        share.set(ylim=(0, 1))
        share.legend(loc="center right", fontsize="small")
    figure.savefig(file, dpi=110)


def read_curve(file: Path) -> dict[str, list[float]]:
    """Each figure at each noted step, -1 where it was not noted; a step noted again counts once.

    A run that was stopped goes on from its latest kept step and notes some steps twice.
    """
    steps = {(line := json.loads(text))["step"]: line for text in file.read_text().splitlines()}
    names = {name for line in steps.values() for name in line}
    return {name: [steps[step].get(name, -1.0) for step in sorted(steps)] for name in sorted(names)}
