"""Checks of the Python packages: what each process needs, by the project's own metadata."""

from __future__ import annotations

import asyncio
import re
from importlib import metadata

from bot.checks.finding import Finding, note, ok, wrong
from bot.settings import Settings

PARTS = {"": "every process", "bot": "the bot", "worker": "the worker", "broker": "`whimbrel up`"}
FLOORS = {"pillow": (13, 0, 0)}  # earlier ones have holes in their decoders
NAME = re.compile(r"[A-Za-z0-9._-]+")
EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")


async def check_packages(settings: Settings) -> list[Finding]:
    """Which processes can run here, and what is missing for the others."""
    return await asyncio.to_thread(_packages, settings)


def _packages(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    for extra, who in PARTS.items():
        missing = [name for name in required(extra) if not _version(name)]
        if not missing:
            found += ok("packages", f"complete for {who}")
        elif not extra:
            found += wrong("packages", f"missing for {who}: {', '.join(missing)}")
        else:
            hint = f"pip install 'whimbrel[{extra}]'"
            found += note("packages", f"missing for {who}: {', '.join(missing)} ({hint})")
    for name, floor in FLOORS.items():
        version = _version(name)
        if version and tuple(int(n) for n in re.findall(r"\d+", version)[:3]) < floor:
            least = ".".join(map(str, floor))
            found += wrong("packages", f"{name} {version} has known holes: {least} or newer")
    if settings.storage.database_url.startswith("postgres") and not _version("asyncpg"):
        found += wrong("packages", "PostgreSQL needs asyncpg: pip install 'whimbrel[postgres]'")
    return found


def required(extra: str) -> list[str]:
    """The packages that an extra of ours names, or with "" those that everything needs."""
    names = []
    for requirement in metadata.requires("whimbrel") or []:
        belongs = EXTRA.search(requirement)
        name = NAME.match(requirement)
        if name and (belongs.group(1) if belongs else "") == extra:
            names.append(name.group())
    return names


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
