"""Fail when a package is installed whose licence is not on the list of those that we accept.

Whimbrel is Apache-2.0. Weak copyleft is fine for libraries that are used unchanged.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata

ACCEPTED = re.compile(
    r"""\b(apache|apl\ ?2|mit(-0|-cmu)?|x11|bsd(-\d-clause)?|0bsd|isc|psf(-2\.0)?|zlib|bsl-1\.0
    |cc0-1\.0|unlicense|mpl[- ]2\.0|mozilla\ public\ license\ 2\.0|cnri-python|hpnd
    |python\ software\ foundation|lgpl|lesser\ general\ public)\b""",
    re.IGNORECASE | re.VERBOSE,
)
REFUSED = re.compile(r"\b(agpl|affero|sspl|proprietary|commercial)\b", re.IGNORECASE)
STRONG = re.compile(r"(?<!l)gpl|(?<!lesser )general public", re.IGNORECASE)

# Packages whose metadata does not name a licence, and what was found by reading them.
KNOWN = {
    "axe-playwright-python": "MIT",
    "pyromark": "MIT",
    "resvg_py": "MIT",
    "torchao": "BSD-3-Clause",
}
# NVIDIA's libraries may be installed and used beside torch, not passed on: torch brings them on
# Linux, and neither this project nor its images contain them without the person who builds them.
TORCH_BRINGS = ("nvidia-", "cuda-")


def licence(distribution: metadata.Distribution) -> str:
    """What a distribution says of its licence, the most exact statement first."""
    about = distribution.metadata
    if expression := about.get_all("License-Expression"):
        return str(expression[0])
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    if classifiers:
        return "; ".join(classifiers)
    stated = "".join(about.get_all("License") or []).strip()
    return stated.splitlines()[0] if stated else KNOWN.get(about["Name"].lower(), "")


def accepted(name: str, stated: str) -> bool:
    """Whether a package of this licence may be depended upon."""
    if name.lower().startswith(TORCH_BRINGS):
        return True
    if REFUSED.search(stated) or STRONG.search(stated):
        return bool(re.search(r"\bor\b", stated, re.IGNORECASE) and ACCEPTED.search(stated))
    return bool(ACCEPTED.search(stated))


def main() -> int:
    """The exit status: 1 where a package is not acceptable."""
    found = {each.metadata["Name"]: licence(each) for each in metadata.distributions()}
    bad = {name: stated for name, stated in found.items() if not accepted(name, stated)}
    for name, stated in sorted(bad.items()):
        sys.stdout.write(f"{name}: {stated or 'no licence stated'}\n")
    sys.stdout.write(f"licences: {len(found)} packages, {len(bad)} not accepted\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
