"""Real virtual environments that hold exactly what some extras of ours ask for.

Nothing is downloaded: the distributions of the environment that runs the tests are linked into new
ones, each with the whole of what it requires and nothing else.
"""

from __future__ import annotations

import os
import re
import tomllib
import venv
from collections import defaultdict
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
OURS = "whimbrel"


def make_environment(folder: Path, extras: set[str]) -> Path:
    """The interpreter of a new environment with Whimbrel and these extras."""
    venv.create(folder, symlinks=True, with_pip=False)
    python = folder / "bin" / "python"
    (site,) = (folder / "lib").glob("python*/site-packages")
    installed = {_canonical(each.metadata["Name"]): each for each in metadata.distributions()}
    wanted = closure(OURS, extras, installed)
    owners = _owners(installed)
    for name in wanted:
        for top in _tops(installed[name]):
            if owners[top] <= wanted:
                _link(_place(installed[name], top), site / top)
            else:
                _link_files(installed[name], top, site)
    (site / "whimbrel.pth").write_text(f"{ROOT}\n")
    return python


def closure(name: str, extras: set[str], installed: dict[str, metadata.Distribution]) -> set[str]:
    """The distributions that one requires with these extras, and all that those require."""
    found: set[str] = set()
    waiting = [(_canonical(name), frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        name, asked = current
        found.add(name)
        for line in ours() if name == OURS else installed[name].requires or []:
            needs = Requirement(line)
            if needs.marker and not any(
                needs.marker.evaluate({"extra": extra}) for extra in (asked or {""}) | {""}
            ):
                continue
            assert _canonical(needs.name) in installed, f"{name} needs {needs.name}"
            waiting.append((_canonical(needs.name), frozenset(needs.extras)))
    return found


def ours() -> list[str]:
    """What pyproject.toml requires now, which may be more than when it was installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines: list[str] = list(project["dependencies"])
    for extra, needs in project["optional-dependencies"].items():
        for need in needs:
            requirement, _, marker = need.partition(";")
            also = f" and ({marker.strip()})" if marker else ""
            lines.append(f"{requirement}; extra == '{extra}'{also}")
    return lines


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _tops(distribution: metadata.Distribution) -> set[str]:
    """The entries of site-packages that a distribution is found under."""
    tops = {Path(file).parts[0] for file in distribution.files or []}
    return {top for top in tops if top not in ("..", "__pycache__") and not top.endswith(".pth")}


def _owners(installed: dict[str, metadata.Distribution]) -> dict[str, set[str]]:
    owners: dict[str, set[str]] = defaultdict(set)
    for name, distribution in installed.items():
        for top in _tops(distribution):
            owners[top].add(name)
    return owners


def _place(distribution: metadata.Distribution, top: str) -> Path:
    return Path(str(distribution.locate_file(top)))


def _link(source: Path, target: Path) -> None:
    if source.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)


def _link_files(distribution: metadata.Distribution, top: str, site: Path) -> None:
    """Link file by file where several distributions share a folder."""
    for file in distribution.files or []:
        if Path(file).parts[0] == top and "__pycache__" not in Path(file).parts:
            _link(_place(distribution, str(file)), site / file)


def clean_environ(**settings: str) -> dict[str, str]:
    """An environment for a process with these settings, and nothing of ours from outside.

    Chats hold what a test has said and was answered: nobody is told first that an AI answers, and
    no thumbs are under answers."""
    kept = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    base = {name: os.environ[name] for name in kept if name in os.environ}
    return {**base, "DISCLOSE_AFTER_DAYS": "0", "FEEDBACK_BUTTONS": "no", **settings}
