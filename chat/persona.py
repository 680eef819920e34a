"""Who the assistant is, as the operator set it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Persona(Struct, frozen=True):
    """Name and standing instructions; `language` is the fallback for people who tell none.

    After so many days of silence people are told again that an AI answers; 0 has that said by the
    operator, elsewhere."""

    assistant_name: str = "Whimbrel"
    system_prompt: str = ""
    language: str = "en"
    timezone: str = "UTC"
    disclose_after_days: Annotated[float, Meta(ge=0)] = 30.0
