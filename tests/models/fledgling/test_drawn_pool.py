"""The pool: what it keeps is what is drawn, and it is made once."""

from pathlib import Path

import numpy as np

from models.fledgling.drawn.pool import pool
from models.fledgling.drawn.scenes import draw
from models.fledgling.drawn.words import is_held_out


def test_a_pool_keeps_the_drawings_of_its_seeds(tmp_path: Path) -> None:
    made = pool(tmp_path, 12, 40)
    assert len(made) == 12
    for row in (0, 5, 11):
        drawing = draw(40 + row)
        assert made.scenes[row] == drawing.scene
        assert np.array_equal(made.pixels[row].transpose(1, 2, 0), np.asarray(drawing.picture))
        assert np.array_equal(made.shapes[row], drawing.shapes)
        assert np.array_equal(made.colours[row], drawing.colours)
        assert np.array_equal(made.letters[row], drawing.letters)
        assert made.count[row] == len(drawing.scene.things)
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    assert pool(tmp_path, 12, 40).scenes == made.scenes
    assert kept.stat().st_mtime_ns == before


def test_an_unfinished_pool_is_made_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "drawings-0-20-held-out.making"
    unfinished.mkdir()
    (unfinished / "scenes.jsonl").write_text("{")
    made = pool(tmp_path, 20, 0, held_out=True)
    assert not unfinished.exists()
    words = [scene.text for scene in made.scenes if scene.kind == "word"]
    assert words
    assert all(map(is_held_out, words))
