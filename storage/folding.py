"""Names as they are looked for: however somebody writes capitals, accents' forms and spaces."""

from __future__ import annotations

import unicodedata

# Sorts after all that can follow a beginning, in the order of bytes (PostgreSQL's "C").
LAST = "\U0010ffff"


def folded(name: str) -> str:
    """A name without the difference of capitals (Unicode's case folding) and of compatible forms
    (NFKC), and with single spaces. The same for what is kept and for what is looked for."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
