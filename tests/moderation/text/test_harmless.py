"""At most one in a hundred harmless messages gets a finding that counts."""

from __future__ import annotations

from benchmarks.text_checks import checks, found, subject
from benchmarks.text_corpora import harmless


async def test_harmless_messages_in_many_languages_are_left_alone() -> None:
    each = checks()
    pairs = harmless()
    assert len(pairs) > 2000
    wrong = [t for language, t in pairs if await found(each, subject(t, language=language))]
    assert len(wrong) <= len(pairs) / 100, wrong
