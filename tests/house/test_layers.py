"""Who may import whom: the contracts hold, and they cover every module."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSES = ("bot", "chat", "dashboard", "handlers", "models", "moderation", "storage", "web")


def lint(config: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says."""
    program = str(Path(sys.executable).parent / "lint-imports")
    command = [program, "--config", str(config), "--cache-dir", str(cache)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_layers_hold(tmp_path: Path) -> None:
    done = lint(ROOT / "pyproject.toml", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_they_would_be_seen_to_break(tmp_path: Path) -> None:
    upside_down = (ROOT / "pyproject.toml").read_text().replace('    "chat",\n]', "]")
    upside_down = upside_down.replace('    "bot.__main__",\n', '    "chat",\n    "bot.__main__",\n')
    (tmp_path / "pyproject.toml").write_text(upside_down)
    assert "chat" in lint(tmp_path / "pyproject.toml", tmp_path / "cache").stdout
    assert lint(tmp_path / "pyproject.toml", tmp_path / "cache").returncode == 1


def test_every_module_of_the_edge_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    named = {name.strip() for layer in layers for name in layer.replace("|", ":").split(":")}
    modules = {f"bot.{path.stem}" for path in (ROOT / "bot").glob("*.py")}
    packages = {f"bot.{path.parent.name}" for path in (ROOT / "bot").glob("*/__init__.py")}
    assert (modules | packages) - {"bot.__init__"} <= named
    assert set(HOUSES) - {"bot"} <= named


@pytest.mark.parametrize("house", HOUSES)
def test_no_house_is_named_for_nothing(house: str) -> None:
    assert (ROOT / house / "__init__.py").is_file()
    vague = {"utils", "helpers", "manager", "service", "common", "misc"}
    assert not [path for path in (ROOT / house).rglob("*.py") if path.stem in vague]
