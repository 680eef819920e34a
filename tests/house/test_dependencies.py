"""What the project is built on: exact versions, floors that security wants, and licences."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from bot.checks import packages
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


# The first version without the gravest holes that are known of earlier ones, and what those are.
# Of what stands between strangers and us: what they send is read by these.
FLOORS = {
    "pillow": "13.0.0",  # writes beyond the end of buffers in decoders
    "aiohttp": "3.14.3",  # CVE-2026-69243, CVE-2026-69244: smuggled requests, endless parsing
    "starlette": "1.3.1",  # CVE-2026-54283: forms without a bound
    "python-multipart": "0.0.31",  # CVE-2026-53540; below 0.0.22 also files written anywhere
    "h11": "0.16.0",  # CVE-2025-43859: smuggled requests
    "jinja2": "3.1.6",  # CVE-2025-27516: ways out of the sandbox
    "idna": "3.7",  # CVE-2024-3651: names that take quadratic time
    "torch": "2.6.0",  # CVE-2025-32434: code from weights, whatever `weights_only` says
    "transformers": "4.53.0",  # CVE-2025-3933 and its like: quadratic regular expressions
    "urllib3": "2.7.0",  # CVE-2026-44431, CVE-2026-44432
    "cryptography": "48.0.1",  # GHSA-537c-gmf6-5ccf: the OpenSSL inside
    "authlib": "1.6.5",  # CVE-2025-59420, CVE-2025-61920: headers not understood, endless tokens
    "joserfc": "1.4.2",  # CVE-2025-65015: tokens without a bound in logs and memory
    "werkzeug": "3.0.6",  # CVE-2024-49767: forms without a bound (of the tests' S3)
}


@pytest.mark.parametrize("name", FLOORS)
def test_no_lock_goes_below_what_is_safe(name: str) -> None:
    assert Version(PINS[name]) >= Version(FLOORS[name])
    assert Version(metadata.version(name)) >= Version(FLOORS[name])


@pytest.mark.parametrize("requirement", requirements(), ids=lambda each: str(each.name))
def test_what_is_asked_for_by_name_is_safe_at_its_least(requirement: Requirement) -> None:
    floor = FLOORS.get(requirement.name.lower())
    least = [Version(each.version) for each in requirement.specifier if each.operator == ">="]
    assert floor is None or (least and max(least) >= Version(floor))


def test_whimbrel_check_asks_for_no_less() -> None:
    for name, floor in packages.FLOORS.items():
        assert Version(".".join(map(str, floor))) >= Version(FLOORS[name])


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
