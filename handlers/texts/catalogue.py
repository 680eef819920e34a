"""Reads the text catalogues and speaks notices in a person's language.

A language's catalogue is all files `LANGUAGE.ftl` and `NAME.LANGUAGE.ftl` of this folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from chat.outbound import Notice

FOLDER = Path(__file__).parent
FALLBACK = "en"


@lru_cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted(FOLDER.glob("*.ftl")):
        if path.name.split(".")[-2] == language:
            bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


class Texts:
    """Says things in the language of a person, else in `fallback`, else in English."""

    def __init__(self, fallback: str = FALLBACK) -> None:
        self._fallback = fallback

    @staticmethod
    @cache
    def languages() -> tuple[str, ...]:
        """The languages there are catalogues for, sorted."""
        return tuple(sorted({path.name.split(".")[-2] for path in FOLDER.glob("*.ftl")}))

    def language(self, wanted: str) -> str:
        """The language that somebody who wants `wanted` (BCP 47, may be empty) is spoken to in."""
        known = self.languages()
        for tag in (wanted, self._fallback):
            primary = tag.replace("_", "-").split("-")[0].lower()
            if primary in known:
                return primary
        return FALLBACK

    def say(self, notice: Notice, language: str) -> str:
        """The sentence of a notice. Raises KeyError where no catalogue has the key."""
        return self._speak(notice.key, notice.args, language)

    def label(self, key: str, language: str) -> str:
        """A text without arguments, such as the label of a button."""
        return self._speak(key, {}, language)

    def _speak(self, key: str, args: Mapping[str, str | int | float], language: str) -> str:
        for candidate in (self.language(language), FALLBACK):
            bundle = _bundle(candidate)
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                if pattern is not None:
                    text, _errors = bundle.format_pattern(pattern, dict(args))
                    return str(text)
        raise KeyError(key)
