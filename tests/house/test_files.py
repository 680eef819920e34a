"""What no file of the project may hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".toml", ".md", ".yml", ".txt", ".sh", ".ftl", ".html", ".js", ".css", ".example"}

SECRETS = {
    "a Telegram token": r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a hub token": r"\bhf_[A-Za-z0-9]{34}\b",
    "a folder of somebody's": r"/(?:home|Users|root)/[a-z][\w.-]*/",
}


def tracked() -> list[Path]:
    """The text files under version control."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in files if path.is_file() and (path.suffix in TEXT or not path.suffix)]


@pytest.mark.parametrize("kind", SECRETS)
def test_no_file_holds(kind: str) -> None:
    pattern = re.compile(SECRETS[kind])
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        for match in pattern.finditer(path.read_text("utf-8", "replace"))
        if "planted" not in match.group()
    ]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py"
        and (text := path.read_text())
        and not text.startswith(('"""', 'r"""', "#!"))
    ]
    assert silent == []
