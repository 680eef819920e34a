"""Learning curves: what a run noted, once for each step, as a picture."""

import json
from pathlib import Path

from PIL import Image

from models.fledgling.training.curve import draw_curves, read_curve


def _note(file: Path, *lines: dict[str, float]) -> None:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_a_step_that_was_noted_twice_counts_as_it_was_last(tmp_path: Path) -> None:
    file = tmp_path / "see.jsonl"
    again = {"step": 20, "loss": 2.5, "letters": 0.1}
    _note(file, {"step": 20, "loss": 3.0}, {"step": 40, "loss": 2.0}, again)
    assert read_curve(file) == {"step": [20, 40], "loss": [2.5, 2.0], "letters": [0.1, -1.0]}


def test_both_stages_are_drawn(tmp_path: Path) -> None:
    noted = {"step": 20, "loss": 3.0, "right": 0.2, "photographs": 0.1, "letters": 0.0}
    _note(tmp_path / "see.jsonl", noted, noted | {"step": 40, "loss": 1.0})
    _note(tmp_path / "talk.jsonl", {"step": 20, "loss": 3.0, "right": 0.2})
    draw_curves(tmp_path, tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.width > 2 * picture.height
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 50
