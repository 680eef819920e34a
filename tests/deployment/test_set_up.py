"""What `make` does before anything else: find a Python, make .venv, install, and only once."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.deployment.environments import ROOT

SHIM = "#!/bin/sh\necho 'python: command not found' >&2\nexit 127\n"
OLD = "#!/bin/sh\nexit 1\n"  # says of itself that it is older
WITHOUT_VENV = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
REAL = f'#!/bin/sh\nexec {sys.executable} "$@"\n'

BACKEND = """
import pathlib, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "whimbrel-0.1.0-py3-none-any.whl"
    info = "whimbrel-0.1.0.dist-info"
    about = "Metadata-Version: 2.1\\nName: whimbrel\\nVersion: 0.1.0\\nRequires-Dist: torch>=2\\n"
    for extra in ("bot", "worker", "broker", "postgres"):
        about += f"Provides-Extra: {extra}\\n"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr(f"{info}/METADATA", about)
        kind = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{info}/WHEEL", kind)
        wheel.writestr(f"{info}/RECORD", "")
    return name
def build_wheel(*arguments, **named):
    raise NotImplementedError
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "whimbrel"
version = "0.1.0"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the scripts, whose set_up.py only says by whom it was called."""
    (tmp_path / "clone" / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "set-up.sh", tmp_path / "clone" / "scripts")
    said = "import sys\nprint('set up by', sys.executable, *sys.argv[1:])\n"
    (tmp_path / "clone" / "scripts" / "set_up.py").write_text(said)
    return tmp_path / "clone"


def pick(clone: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """Run the script where nothing but these is on the PATH; PYTHON=... passes through."""
    folder = clone.parent / "bin"
    folder.mkdir()
    named = pythons.pop("PYTHON", "")
    for tool in ("sh", "dirname"):
        (folder / tool).symlink_to(shutil.which(tool) or "")
    for name, text in pythons.items():
        (folder / name.replace("_", ".")).write_text(text)
        (folder / name.replace("_", ".")).chmod(0o755)
    return subprocess.run(
        ["sh", clone / "scripts" / "set-up.sh", "run"],
        env={"PATH": str(folder), "PYTHON": named},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_python_that_really_starts_is_taken(clone: Path) -> None:
    done = pick(clone, python3_13=SHIM, python3_12=OLD, python3=REAL)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("set up by")
    assert done.stdout.strip().endswith("run")


def test_no_python_is_said_with_what_to_install(clone: Path) -> None:
    done = pick(clone, python3=OLD, python3_13=SHIM)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and none was found" in done.stderr
    assert "apt install python3" in done.stderr


def test_a_missing_venv_module_is_said_by_its_package(clone: Path) -> None:
    done = pick(clone, python3=WITHOUT_VENV)
    assert done.returncode == 1
    assert "venv and ensurepip" in done.stderr
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}-venv" in done.stderr


def test_one_without_venv_is_passed_over_for_one_with(clone: Path) -> None:
    assert pick(clone, python3_13=WITHOUT_VENV, python3=REAL).returncode == 0


def test_a_python_named_by_hand_is_the_only_one_tried(clone: Path) -> None:
    done = pick(clone, python3=REAL, other=OLD, PYTHON="other")
    assert done.returncode == 1
    assert "PYTHON=other is not a Python of 3.11 or newer" in done.stderr


def test_the_one_of_the_environment_goes_on_being_used(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").write_text(REAL)
    (clone / ".venv" / "bin" / "python").chmod(0o755)
    assert pick(clone).returncode == 0


def wheel(folder: Path, name: str, version: str) -> None:
    """A package with nothing in it, listed as an index lists packages."""
    place = folder / name
    place.mkdir(parents=True)
    file = f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    texts = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    sums = [f"{path},sha256={_sha256(text)},{len(text)}" for path, text in texts.items()]
    with zipfile.ZipFile(place / file, "w") as archive:
        for path, text in texts.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*sums, f"{info}/RECORD,,"]))
    (place / "index.html").write_text(f'<a href="{file}">{file}</a>')


def _sha256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project to set up, an index with a CPU build of torch, and another with another torch."""
    for version, index in (("2.14.1+cpu", "cpu"), ("2.14.1", "other")):
        wheel(tmp_path / index, "torch", version)
        wheel(tmp_path / index, "torchvision", version.replace("2.14.1", "0.29.1"))
    root = tmp_path / "project"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "set_up.py", root / "scripts")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "constraints.txt").write_text("torch==2.14.1\ntorchvision==0.29.1\n")
    return root


def set_up(project: Path, **environ: str) -> str:
    """Set up for running, with no network; what was said."""
    index = project.parent / "other"
    given = {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index.as_uri(),
        "PIP_FIND_LINKS": str(index / "torch"),
        **environ,
    }
    command = [sys.executable, str(project / "scripts" / "set_up.py"), "run"]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def torch_version(project: Path) -> str:
    (found,) = project.glob(".venv/lib/python*/site-packages/torch-*.dist-info")
    return found.name.removeprefix("torch-").removesuffix(".dist-info")


def test_torch_comes_from_the_index_that_was_named(project: Path) -> None:
    said = set_up(project, TORCH_INDEX=(project.parent / "cpu").as_uri())
    assert torch_version(project) == "2.14.1+cpu"
    for phase in ("[1/3] Making .venv", "[2/3] Installing torch", "[3/3] Installing Whimbrel"):
        assert phase in said
    assert "Set up in" in said

    assert set_up(project) == ""  # at once, and saying nothing
    (project / "constraints.txt").write_text("torch==2.14.1\ntorchvision==0.29.1\n# newer\n")
    assert "[3/3]" in set_up(project)
    assert torch_version(project) == "2.14.1+cpu"


def test_an_environment_that_does_not_start_is_made_anew(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    assert "is replaced" in set_up(project)
    assert torch_version(project) == "2.14.1"
