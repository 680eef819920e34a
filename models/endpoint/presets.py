"""Clouds by name: `ENGINE_URL=huggingface` instead of an address. None was tried against the live
service: addresses and names are from the services' own pages, requests are tested on a server of
ours."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

FACTS = Path(__file__).parent / "presets.json"


class Preset(Struct, frozen=True, forbid_unknown_fields=True):
    """One cloud. `url` may hold {account} and {region}; `account` says what the account is there,
    `region` is the usual one. `key` is what the service calls its key, which goes as a bearer or
    into `header`. `scout` and `maverick` are its names for them, empty where it has none.
    """

    title: str
    url: str
    key: str
    account: str = ""
    region: str = ""
    header: str = ""
    scout: str = ""
    maverick: str = ""
    lists_models: bool = True

    def address(self, *, account: str, region: str) -> str:
        """The base address. Raises ValueError without what it needs."""
        if "{account}" in self.url and not account:
            raise ValueError(f"ENGINE_ACCOUNT: {self.title} wants {self.account}")
        return self.url.format(account=account, region=region or self.region)

    def model(self, wanted: str) -> str:
        """The service's name for "scout", "maverick" or nothing (the larger one that it has);
        any other name is taken as it is. Raises ValueError."""
        known = {"scout": self.scout, "maverick": self.maverick}
        if wanted.lower() in known:
            if not known[wanted.lower()]:
                raise ValueError(f"MODEL: {self.title} has no {wanted}")
            return known[wanted.lower()]
        return wanted or self.maverick or self.scout


def presets() -> dict[str, Preset]:
    """All clouds by their names here."""
    return msgspec.json.decode(FACTS.read_bytes(), type=dict[str, Preset])
