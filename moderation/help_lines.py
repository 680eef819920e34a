"""Help lines by country: what people in a crisis are told besides the answer."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import msgspec
from msgspec import Struct

from chat.errors import AssistantError

ELSEWHERE = "elsewhere"


class BadHelpLines(AssistantError):
    """A file of help lines that cannot be used; the message says why."""


class HelpLine(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who listens, as they call themselves. A number, an address on the web, or both."""

    name: str
    phone: str = ""
    url: str = ""


class Help(Struct, frozen=True, forbid_unknown_fields=True):
    """What there is in one country; `emergency` is the number for danger to life."""

    emergency: str
    lines: tuple[HelpLine, ...]


class HelpLines:
    """Help for every country: its own, and where to look for more."""

    def __init__(self, countries: dict[str, Help]) -> None:
        if ELSEWHERE not in countries:
            raise BadHelpLines(f"the help lines have no part [{ELSEWHERE}]")
        self._countries = countries

    @classmethod
    def from_file(cls, path: Path | None = None) -> HelpLines:
        """An operator's file, or the one that ships."""
        try:
            shipped = files("moderation").joinpath("help_lines.toml")
            content = path.read_bytes() if path else shipped.read_bytes()
            return cls(msgspec.toml.decode(content, type=dict[str, Help]))
        except (OSError, msgspec.DecodeError) as error:
            raise BadHelpLines(f"the help lines cannot be read: {error}") from error

    @property
    def countries(self) -> frozenset[str]:
        """Those that have lines of their own."""
        return frozenset(self._countries) - {ELSEWHERE}

    def of(self, region: str) -> Help:
        """Help in a country (ISO 3166), its own lines first; a directory of all countries last,
        and alone where the country is not known."""
        everywhere = self._countries[ELSEWHERE]
        here = self._countries.get(region.upper())
        if here is None or region == ELSEWHERE:
            return everywhere
        return Help(emergency=here.emergency, lines=(*here.lines, *everywhere.lines))
