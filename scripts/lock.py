"""Write the versions that are installed in this environment to constraints.txt."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"
HEAD = """\
# Exact versions, written by `make lock`. The libraries that torch brings for NVIDIA cards are left
# out: they exist on Linux only, and torch itself names their exact versions.
"""
LEFT_OUT = ("cuda-", "nvidia-", "triton", "pip", "setuptools", "wheel", "whimbrel")


def pins() -> list[str]:
    """One `name==version` a line, without the local part of a version (`+cpu`)."""
    found = set()
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name.lower() in LEFT_OUT or name.lower().startswith(LEFT_OUT[:2]):
            continue
        found.add(f"{name}=={distribution.version.partition('+')[0]}")
    return sorted(found, key=str.lower)


def main() -> None:
    """Write the file."""
    lines = pins()
    CONSTRAINTS.write_text(HEAD + "\n".join(lines) + "\n")
    sys.stdout.write(f"{CONSTRAINTS.name}: {len(lines)} versions\n")


if __name__ == "__main__":
    main()
