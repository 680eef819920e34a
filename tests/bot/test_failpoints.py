"""Dying at a named point, as test runs ask for it, and that nothing is armed otherwise."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.environment import SettingsError
from bot.failpoints import VARIABLE, arm_from
from chat.failpoints import Failpoint

ROOT = Path(__file__).parents[2]
HOUSES = ("bot", "handlers", "models")
PASSES = """
import os, sys
from bot.failpoints import arm_from
from chat.failpoints import Failpoint, reached
arm_from(os.environ)
for number in range(1, 10):
    reached(Failpoint.ANSWER_SENT)
    reached(Failpoint.TURNS_CLAIMED)
    print(number, flush=True)
"""


def passing(environ: dict[str, str]) -> tuple[int, int]:
    """The exit status of a process that passes two points nine times, and how far it came."""
    ended = subprocess.run(
        [sys.executable, "-c", PASSES],
        env={**os.environ, **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, len(ended.stdout.splitlines())


def test_a_process_dies_at_every_so_many_passes_of_the_point_while_there_are_lives(
    tmp_path: Path,
) -> None:
    for life in ("first", "second"):
        (tmp_path / life).touch()
    environ = {VARIABLE: f"turns-claimed:4:{tmp_path}"}
    assert passing(environ) == (-signal.SIGKILL, 3)
    assert passing(environ) == (-signal.SIGKILL, 3)
    assert list(tmp_path.iterdir()) == []
    assert passing(environ) == (0, 9)


def test_where_nothing_is_asked_for_nothing_happens() -> None:
    assert passing({VARIABLE: ""}) == (0, 9)


@pytest.mark.parametrize("wrong", ["nowhere:1:/", "turns-claimed:x:/", "turns-claimed:1:/none/of"])
def test_a_wrong_wish_names_the_variable(wrong: str) -> None:
    with pytest.raises(SettingsError, match=VARIABLE):
        arm_from({VARIABLE: wrong})


def test_every_point_stands_once_in_the_product_and_in_the_architecture_page() -> None:
    sources = [path.read_text() for house in HOUSES for path in (ROOT / house).rglob("*.py")]
    used = Counter(re.findall(r"reached\(Failpoint\.(\w+)\)", "".join(sources)))
    assert used == {point.name: 1 for point in Failpoint}
    listed = re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/architecture.md").read_text(), re.M)
    assert [each for each in listed if each in list(Failpoint)] == list(Failpoint)
    assert len(used) >= 25
