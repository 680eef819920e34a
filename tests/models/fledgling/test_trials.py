"""The trials run, on little data, and compare what they say they compare."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.fledgling import trials
from models.fledgling.data.artwork import TRAIN
from models.fledgling.trials import Seeing, Talking, Trial
from tests.models.fledgling.small import write_data


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Little data, and little that is asked."""
    write_data(tmp_path)
    for name, little in (("_ASKED", 64), ("_BANK", 64), ("_DRAWINGS", 40)):
        monkeypatch.setattr(trials, name, little)
    monkeypatch.setattr(trials, "UNSEEN_STYLE", TRAIN)  # the little data has one style
    return tmp_path


def test_rivals_share_what_is_compared_and_nothing_else_differs() -> None:
    todo = trials.trials()
    assert len({(trial.about, trial.way) for trial in todo}) == len(todo)
    assert all(sum(one.about == trial.about for one in todo) >= 2 for trial in todo)


def test_a_tower_of_ours_can_be_the_teacher(work: Path) -> None:
    told = Trial("a", "b", Seeing(teacher="ours"))(work, work / "trial", 2)
    assert told.endswith("in an unseen style")
    loss, _, named = told.removeprefix("loss ").partition("; ")
    assert 4 < float(loss) < 9  # about the logarithm of 535 at the start
    assert 0 <= float(named.partition("%")[0]) <= 100


def test_fewer_experts_talk_as_well(work: Path) -> None:
    dense = Talking((("num_local_experts", 1),))
    told = Trial("a", "b", dense)(work, work / "trial", 20)
    kind, loss = told.split()
    assert kind == "loss"
    assert 4 < float(loss) < 9  # about the logarithm of 4,096 at the start
    assert replace(dense, text=()) != dense
