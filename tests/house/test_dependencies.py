"""What the project is built on: exact versions, floors that security wants, and licences."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts.check_licences import accepted

ROOT = Path(__file__).parents[2]
PINS = dict(
    line.lower().replace("_", "-").split("==")
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if "==" in line
)


def requirements() -> list[Requirement]:
    """Everything that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        lines += extra
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("requirement", requirements(), ids=lambda each: str(each.name))
def test_every_dependency_has_a_floor_and_an_exact_version(requirement: Requirement) -> None:
    assert any(each.operator in (">=", "==") for each in requirement.specifier)
    version = PINS[requirement.name.lower().replace("_", "-")]
    assert requirement.specifier.contains(version)
    assert Version(metadata.version(requirement.name)).public == version


def test_the_exact_versions_hold_on_every_platform() -> None:
    text = (ROOT / "constraints.txt").read_text()
    assert not re.search(r"^(nvidia|cuda|triton)", text, re.MULTILINE)
    assert not re.search(r"@|file:|https?://|\+", text)


def test_torch_and_torchvision_are_a_pair() -> None:
    assert (PINS["torch"], PINS["torchvision"]) == ("2.14.1", "0.29.1")


def test_pillow_has_no_known_holes() -> None:
    assert Version(metadata.version("pillow")) >= Version("13.0.0")


@pytest.mark.parametrize(
    ("name", "stated", "expected"),
    [
        ("a", "MIT", True),
        ("a", "Apache-2.0 OR BSD-3-Clause", True),
        ("a", "GNU Lesser General Public License v3 (LGPLv3)", True),
        ("a", "LGPL-3.0-only", True),
        ("a", "GPL-3.0-only", False),
        ("a", "GNU General Public License v3 (GPLv3)", False),
        ("a", "AGPL-3.0-or-later", False),
        ("a", "GPL-2.0-or-later OR MIT", True),
        ("a", "NVIDIA Proprietary Software", False),
        ("nvidia-cublas", "NVIDIA Proprietary Software", True),
        ("a", "", False),
    ],
)
def test_which_licences_are_accepted(name: str, stated: str, expected: bool) -> None:
    assert accepted(name, stated) is expected
