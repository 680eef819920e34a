"""Text as a reader would take it, with the way back to what was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from moderation.text.letters import WORD, fold, lookalike

LONGEST = 50_000  # characters looked at: half of them from the beginning, half from the end
_UPON = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u0655\u0670\u093c\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
)
_JAMO = "[\u1100-\u11ff]"  # Hangul in pieces
_CLUSTER = re.compile(f"{_JAMO}+|(?s:.){_UPON}*")
_COMPOUND = re.compile(f"{_JAMO}|{_UPON}")
_ALPHABETS = "[\u0250-\u03ff\u0400-\u058f\u10a0-\u10ff\u13a0-\u13f5\ua4d0-\ua4f7]"
_FOREIGN = re.compile(_ALPHABETS)
_MIXED = re.compile(f"[a-z]{_ALPHABETS}|{_ALPHABETS}[a-z]")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[\u0430-\u045f]")
# Digits and signs in the place of letters: only next to a letter, and never at the end of a
# sentence ("wow!"), so that prices, dates and model names stay what they are.
# The bounds keep hostile text from taking quadratic time.
_LEET = re.compile(
    r"(?=[^\W\d_]|[@$][a-z0-9]|[0-9]{1,6}[a-z])[a-z0-9@$][a-z0-9@$!|]{0,40}[a-z0-9@$]"
)
_LEETISH = re.compile(r"[a-z](?:[0-9@$]|[!|][a-z0-9])|[0-9@$][a-z]")
_LEET_LETTERS = str.maketrans("0134578@$!|", "oieastbasil")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_SPACED = re.compile(
    r"(?<![^\W_])[^\W\d_]([ \t.*_\-,·]{1,3})[^\W\d_](?:\1[^\W\d_](?![^\W_]))+"
    r"|[\u3040-\u9fff][ \t.*_·-][\u3040-\u9fff](?![^\W_])"
)


class Normalised(Struct, frozen=True):
    """`text` as it is searched. `origins[n]` is where its n-th character stands in `source`;
    one more says where the last one ends."""

    source: str
    text: str
    origins: Sequence[int]

    def written(self, start: int, end: int) -> str:
        """The original words of a stretch of `text`."""
        return self.source[self.origins[start] : self.origins[end]].strip()


def bounded(text: str) -> str:
    """The beginning and the end of a text that is too long to be looked at whole."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}\n{text[-half:]}"


@lru_cache(maxsize=16)
def normalise(source: str) -> Normalised:
    """NFKC, case folded, invisible and piled-up characters gone, look-alike letters read as meant.

    Of a long text the first and the last `LONGEST / 2` characters are looked at.
    """
    if source.isascii() and len(source) <= LONGEST:
        return Normalised(source=source, text=source.lower(), origins=range(len(source) + 1))
    if len(source) <= LONGEST and not _COMPOUND.search(source):
        pieces = list(map(fold, source))
        starts: Sequence[int] = range(len(source))
    else:
        clusters = list(_clusters(source))
        pieces = [fold(cluster) for _, cluster in clusters]
        starts = [start for start, _ in clusters]
    text = _unmask("".join(pieces))
    return Normalised(source=source, text=text, origins=_origins(source, pieces, starts))


def _origins(source: str, pieces: Sequence[str], starts: Sequence[int]) -> Sequence[int]:
    """Where each character of the joined pieces comes from, and where the last one ends."""
    if len(starts) == len(source) == len("".join(pieces)) and "" not in pieces:
        return range(len(source) + 1)
    origins: list[int] = []
    for start, piece in zip(starts, pieces, strict=True):
        origins += [start] * len(piece)
    return [*origins, len(source)]


def views(plain: Normalised) -> list[Normalised]:
    """The text, and the other ways to read it: 5h1t, shiiit, s h i t. Most texts have only one."""
    found = [plain]
    if _LEETISH.search(plain.text):
        found.append(_leet(plain))
        if "1" in plain.text:
            found.append(_leet_with_l(plain))
    if _SPACED.search(plain.text):
        found += [_joined(each) for each in found]
    if any(_STRETCHED.search(each.text) for each in found):
        found += [_squeezed(each, keep=keep) for each in found for keep in (1, 2)]
    return found


def _clusters(source: str) -> Iterator[tuple[int, str]]:
    """Characters with the marks upon them, and where each begins."""
    half = LONGEST // 2
    ranges = [(0, len(source))]
    if len(source) > LONGEST:
        ranges = [(0, half), (len(source) - half, len(source))]
    for begin, end in ranges:
        for match in _CLUSTER.finditer(source[begin:end]):
            yield from ((begin + match.start(), each) for each in _characters(match.group()))


def _characters(cluster: str) -> Sequence[str]:
    """Hangul put together; a pile of marks cut down, so that what is cached stays small."""
    if "\u1100" <= cluster[0] <= "\u11ff":
        return unicodedata.normalize("NFC", cluster)
    return (cluster[:3],)


def _unmask(text: str) -> str:
    """Words of mixed alphabets in the one that most of their letters are of."""
    if not _FOREIGN.search(text):
        return text
    latin = len(_LATIN.findall(text)) > len(_FOREIGN.findall(text))
    if not latin and not _MIXED.search(text):
        return text
    return WORD.sub(lambda match: _one_alphabet(match.group(), latin=latin), text)


def _one_alphabet(word: str, *, latin: bool) -> str:
    """`latin`: the text around it is, so that a word of look-alikes alone is meant to be, too."""
    if not _FOREIGN.search(word):
        return word
    ours, theirs = len(_LATIN.findall(word)), len(_CYRILLIC.findall(word))
    if theirs > ours > 0:
        return "".join(lookalike(each, script="cyrillic") for each in word)
    drawn = "".join(lookalike(each, script="latin") for each in word)
    return drawn if ours or (latin and drawn.isascii()) else word


def _leet(view: Normalised) -> Normalised:
    return _translated(view, lambda word: word.translate(_LEET_LETTERS))


def _leet_with_l(view: Normalised) -> Normalised:
    return _translated(view, lambda word: word.replace("1", "l").translate(_LEET_LETTERS))


def _translated(view: Normalised, read: Callable[[str], str]) -> Normalised:
    """Read letter by letter: the places stay the same."""
    text = _LEET.sub(lambda match: read(match.group()), view.text)
    return Normalised(source=view.source, text=text, origins=view.origins)


def _squeezed(view: Normalised, *, keep: int) -> Normalised:
    """With letters that are repeated three times or more kept only so many times."""
    return _without(view, [(m.start() + keep, m.end()) for m in _STRETCHED.finditer(view.text)])


def _joined(view: Normalised) -> Normalised:
    """With what stands between single letters left out."""
    gaps = []
    for match in _SPACED.finditer(view.text):
        places = [n for n in range(*match.span()) if not view.text[n].isalpha()]
        gaps += [(n, n + 1) for n in places]
    return _without(view, gaps)


def _without(view: Normalised, gaps: Sequence[tuple[int, int]]) -> Normalised:
    pieces: list[str] = []
    origins: list[int] = []
    begin = 0
    for start, end in [*gaps, (len(view.text), len(view.text))]:
        pieces.append(view.text[begin:start])
        origins += view.origins[begin:start]
        begin = end
    origins.append(view.origins[len(view.text)])
    return Normalised(source=view.source, text="".join(pieces), origins=origins)


class Reading(Struct, frozen=True):
    """One way to read a text, and its words with one space around each."""

    view: Normalised
    words: Normalised


@lru_cache(maxsize=16)
def readings(source: str) -> tuple[Reading, ...]:
    """All ways to read a text, the plain one first. Kept for the checks that follow."""
    return tuple(Reading(view=each, words=_words(each)) for each in views(normalise(source)))


def _words(view: Normalised) -> Normalised:
    """The words of a text with one space around each, and where each character comes from."""
    origins: list[int] = [0]
    for match in WORD.finditer(view.text):
        start, end = match.span()
        origins += view.origins[start : end + 1]
    origins.append(len(view.source))
    text = " ".join(["", *WORD.findall(view.text), ""]) if len(origins) > 2 else " "
    return Normalised(source=view.source, text=text, origins=origins)
