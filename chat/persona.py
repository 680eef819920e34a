"""Who the assistant is, as the operator set it."""

from __future__ import annotations

from msgspec import Struct


class Persona(Struct, frozen=True):
    """Name and standing instructions; `language` is the fallback for people who tell none."""

    assistant_name: str = "Whimbrel"
    system_prompt: str = ""
    language: str = "en"
    timezone: str = "UTC"
