"""Harmless pictures, for what a check finds in them by mistake: `python -m benchmarks.harmless`.

They are what Debian packages carry: photographs and drawings on desktops, stamps for children
(animals, food, people, toys), examples of two libraries for pictures. None comes with this project.
"""

from __future__ import annotations

import re
import subprocess
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "var" / "harmless"
PACKAGES = (
    "gnome-backgrounds",
    "mate-backgrounds",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "ukui-wallpapers",
    "plasma-workspace-wallpapers",
    "opencv-doc",
    "python-skimage-doc",
    "tuxpaint-stamps-default",
)
PICTURE = re.compile(r"\.(jpe?g|png|webp)$", re.IGNORECASE)
# Letters, road signs and the like: not what a person photographs. Diagrams of classes neither.
LEFT_OUT = re.compile(r"/symbols/|/roadsigns/|opencv4/html/\w\w/|/_static|graph_legend|__\w+\.png")
SMALLEST = 4096  # bytes


def fetch(package: str) -> int:
    """Fetch a package with the usual client and keep its pictures; how many there are."""
    kept = FOLDER / package
    if not kept.exists():
        work = FOLDER / ".work"
        work.mkdir(parents=True, exist_ok=True)
        command = ["apt-get", "download", package]
        done = subprocess.run(command, cwd=work, capture_output=True, check=False)
        if done.returncode != 0:
            return 0
        for archive in work.glob("*.deb"):
            _keep(archive, kept)
            archive.unlink()
    return sum(1 for _ in kept.iterdir())


def _keep(archive: Path, kept: Path) -> None:
    kept.mkdir()
    command = ["dpkg-deb", "--fsys-tarfile", str(archive)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as unpacked,
        tarfile.open(fileobj=unpacked.stdout, mode="r|") as tape,
    ):
        for member in tape:
            wanted = PICTURE.search(member.name) and not LEFT_OUT.search(member.name)
            if not (wanted and member.size >= SMALLEST):
                continue
            if found := tape.extractfile(member):  # a regular file
                name = "-".join(Path(member.name).parts[-5:])
                (kept / name).write_bytes(found.read())


def pictures() -> list[Path]:
    """All that were fetched."""
    return sorted(path for package in PACKAGES for path in (FOLDER / package).glob("*"))


def main() -> None:
    """Fetch what is not here yet."""
    for package in PACKAGES:
        print(f"{package}: {fetch(package)}", flush=True)


if __name__ == "__main__":
    main()
