"""Finds links in text, also where they are written so that they do not look like one."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import cache

import idna
from msgspec import Struct
from publicsuffixlist import PublicSuffixList

from moderation.text.letters import fold
from moderation.text.normalising import Normalised

# "hxxp", "[.]", "(dot)": written so that machines overlook it. Each stands for what it means.
_DEFANGED = re.compile(
    r"\b(?P<scheme>h(?:xx|\*\*|tt)ps?)(?P<colon>\[:\]|:)(?P<slashes>//|\[//\]|\\/\\/|__)"
    r"|\s?[\[({<]\s?(?P<dot>\.|dot|punkt|punto|point)\s?[\])}>]\s?"
    "|(?<=\\w)(?P<blank>[\u00ad\u200b-\u200d\u2060\ufeff]+)(?=[\\w.])",
    re.IGNORECASE,
)
# Of characters that may stand in a name. Bounded, so that no text takes more than linear time.
_NAME = r"[^\W_](?:[\w-]{0,62})"
_DOT = "[.\u3002\uff0e\uff61]"  # IDNA's dots
_LINK = re.compile(
    rf"(?P<scheme>\b[a-z][a-z0-9+.-]{{1,12}}://)?(?P<user>[^\s/@:]{{1,40}}(?::[^\s/@]{{0,40}})?@)?"
    rf"(?P<host>\[[0-9a-f:.]{{2,45}}\]|(?:{_NAME}{_DOT}){{1,8}}{_NAME}|0x[0-9a-f]{{8}}|\d{{8,10}})"
    rf"(?P<rest>(?::\d{{1,5}})?(?:[/?#][^\s<>\"]{{0,2000}})?)",
    re.IGNORECASE,
)
# Most messages have no link, and this sees it at once.
_HINT = re.compile(
    rf"://|{_DOT}[\w\u00ad\u200b-\u200d]|[\[({{<]\s?(?:\.|dot|pu|po)|h..ps?\W", re.IGNORECASE
)
_AFTER = ".,;:!?)]}'»”*_"  # what follows a link in a sentence
_SCHEMES = {"http://", "https://", "ftp://"}
# Endings of file names and of sentences without a space that are countries' domains as well; they
# count only with a scheme, a path or "www.".
_DOUBTFUL = frozenset(
    """
    am as at be by cc cs de do es fi ga gg gl gs hr id ie il im in is it js la lt lu lv md me mk ml
    mm mo mr ms mt my na ne no nu ph pk pl pm pn pr ps pt pw py re rs sa sc se sh si sk sm so st sv
    sy tel to ts tv us vi ws app bar box cab car cat dev fan fit foo fun ink int java map men mov
    name new now one page pub red run win zip
    """.split()  # noqa: SIM905
)


class Link(Struct, frozen=True):
    """A link as it was written, and its host in lower case as people read it.

    `obfuscated`: written so that it does not look like a link, or like one to another host.
    `doubtful`: a name without a scheme that could as well be a file, or two sentences.
    """

    written: str
    host: str
    obfuscated: bool = False
    doubtful: bool = False

    @property
    def address(self) -> bool:
        """Whether the host is a number, not a name."""
        return _address(self.host)

    @property
    def deep(self) -> bool:
        """Whether it leads to something below the front page."""
        return bool(
            self.written.partition("://")[2 if "://" in self.written else 0].strip("/").count("/")
        )

    @property
    def domain(self) -> str:
        """The part of the host that somebody registered (bbc.co.uk), or the host itself."""
        return _suffixes().privatesuffix(self.host) or self.host


def find_links(text: str) -> list[Link]:
    """The links of a text, in order."""
    if not _HINT.search(text):
        return []
    view, mended = _mended(text)
    links = (_link(match, view=view, mended=mended) for match in _LINK.finditer(view.text))
    return [link for link in links if link]


def _link(match: re.Match[str], *, view: Normalised, mended: Sequence[bool]) -> Link | None:
    """`mended` says of each character of the view whether it was put right."""
    host = readable(match["host"].strip("[]"))
    doubtful = not (match["scheme"] or _plausible(host, rest=match["rest"]))
    if not _possible(match, host=host):
        return None
    start, end = match.start(), match.start() + len(match.group().rstrip(_AFTER))
    return Link(
        written=view.written(start, end),
        host=host,
        obfuscated=any(mended[start:end]) or bool(match["user"] and "." in match["user"]),
        doubtful=doubtful,
    )


def readable(host: str) -> str:
    """A host as it is shown to people: lower case, punycode decoded, ordinary dots."""
    host = re.sub(_DOT, ".", "".join(map(fold, host))).strip(".")
    return ".".join(_decoded(label) for label in host.split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _mended(text: str) -> tuple[Normalised, Sequence[bool]]:
    """The text with disguised schemes and dots put right, and which characters those are."""
    pieces: list[str] = []
    origins: list[int] = []
    changed: list[bool] = []
    begin = 0
    for match in _DEFANGED.finditer(text):
        put = "." if match["dot"] else "" if match["blank"] else _scheme(match)
        pieces += (text[begin : match.start()], put)
        origins += [*range(begin, match.start()), *[match.start()] * len(put)]
        changed += [False] * (match.start() - begin)
        if match["blank"] and changed:
            changed[-1] = True
        changed += [put != match.group()] * len(put)
        begin = match.end()
    if not pieces:
        return Normalised(source=text, text=text, origins=range(len(text) + 1)), ()
    pieces.append(text[begin:])
    origins += range(begin, len(text) + 1)
    changed += [False] * (len(text) - begin)
    return Normalised(source=text, text="".join(pieces), origins=origins), changed


def _scheme(match: re.Match[str]) -> str:
    return "https://" if match["scheme"].lower().endswith("s") else "http://"


def _possible(match: re.Match[str], *, host: str) -> bool:
    """Whether it can be a link at all; not so addresses of e-mail, paths and plain numbers."""
    if match["scheme"]:
        return match["scheme"].lower() in _SCHEMES or "." in host
    if match["user"] or (match.start() and match.string[match.start() - 1] in "@\\"):
        return False
    if _address(host):
        return host.count(".") == 3 and match["rest"].startswith((":", "/"))
    return _suffixes().publicsuffix(host) not in (None, host)


def _plausible(host: str, *, rest: str) -> bool:
    """Whether a name without a scheme is one of a host rather than of a file or a sentence."""
    if host.startswith("www.") or rest.startswith(("/", "?", "#", ":")) or host.count(".") > 1:
        return True
    return host.rpartition(".")[2] not in _DOUBTFUL


def _address(host: str) -> bool:
    if re.fullmatch(r"0x[0-9a-f]{8}|\d{8,10}", host):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    """The Public Suffix List that the library carries: without the parts that companies added."""
    return PublicSuffixList(accept_unknown=False, only_icann=True)
