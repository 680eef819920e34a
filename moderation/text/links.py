"""Finds links that the operator's rules, or plain caution, object to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from chat.moderation import Category, Finding
from moderation.checks import Said, Subject
from moderation.text.found_links import Link, find_links, readable
from moderation.text.letters import lookalike
from moderation.text.normalising import bounded

# Services that hide where a link goes; anybody can make one.
SHORTENERS = tuple(
    """
    bit.ly bitly.com tinyurl.com goo.gl ow.ly is.gd v.gd buff.ly cutt.ly rb.gy shorturl.at t.ly
    tiny.cc rebrand.ly bl.ink adf.ly shorte.st s.id clck.ru vk.cc u.to x.gd dlvr.it urlz.fr n9.cl
    qr.ae lnk.to soo.gd tny.im surl.li shrtco.de reurl.cc suo.im dwz.cn kutt.it
    """.split()  # noqa: SIM905
)
BLOCKED, HOMOGRAPH, UNLISTED, OBFUSCATED, ADDRESS, SHORTENED = 1.0, 0.8, 0.7, 0.6, 0.6, 0.5
TOO_MANY = 0.6
MOST_EVIDENCE = 5
LONGEST_EVIDENCE = 200  # characters


class LinkRules(Struct, frozen=True):
    """What an operator says of links. A domain stands for all names below it as well.

    `blocked` ones are found with score 1, `allowed` ones never; with `only_allowed` every other
    link is found. `most` is how many links one message may have; None: any number.
    """

    blocked: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    only_allowed: bool = False
    most: int | None = None
    shorteners: tuple[str, ...] = SHORTENERS


class LinksCheck:
    """One finding for each message, with the score of its worst link."""

    name = "links"

    def __init__(self, rules: LinkRules | None = None) -> None:
        rules = rules or LinkRules()
        self._only_allowed, self._most = rules.only_allowed, rules.most
        self._blocked = _Domains(rules.blocked)
        self._allowed = _Domains(rules.allowed)
        self._shorteners = _Domains(rules.shorteners)

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """What is found in the new words."""
        findings = (self._finding(said, subject) for said in subject.new)
        return [finding for finding in findings if finding]

    def _finding(self, said: Said, subject: Subject) -> Finding | None:
        links = [each for each in find_links(bounded(said.text)) if each.host not in self._allowed]
        scored = [(self._score(link), link.written[:LONGEST_EVIDENCE]) for link in links]
        if self._most is not None and sum(not each.doubtful for each in links) > self._most:
            scored = [(max(score, TOO_MANY), written) for score, written in scored]
        scored = sorted((each for each in scored if each[0]), key=lambda each: -each[0])
        if not scored:
            return None
        return Finding(
            check=self.name,
            category=Category.LINK,
            score=scored[0][0],
            side=subject.side,
            evidence=tuple(dict.fromkeys(written for _, written in scored))[:MOST_EVIDENCE],
            message_id=said.message_id,
        )

    def _score(self, link: Link) -> float:
        """How bad a link is; 0 where nothing is wrong with it."""
        if link.host in self._blocked:
            return BLOCKED
        if link.doubtful:
            return 0.0
        scores = (
            (HOMOGRAPH, homograph(link.host)),
            (UNLISTED, self._only_allowed),
            (OBFUSCATED, link.obfuscated),
            (ADDRESS, link.address and not _at_home(link.host)),
            (SHORTENED, link.host in self._shorteners and link.deep),
        )
        return max((score for score, applies in scores if applies), default=0.0)


class _Domains:
    """Domains and all names below them."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._domains = frozenset(readable(each.strip().removeprefix("*.")) for each in domains)

    def __contains__(self, host: str) -> bool:
        labels = host.split(".")
        return any(".".join(labels[n:]) in self._domains for n in range(len(labels)))


def homograph(host: str) -> bool:
    """Whether a name pretends to be another: a label of mixed alphabets, or one that has only
    letters which look like ASCII under a domain that is ASCII (Unicode TR39, whole script)."""
    *labels, ending = host.split(".")
    return ending.isascii() and any(_pretends(label) for label in labels)


def _pretends(label: str) -> bool:
    if label.isascii():
        return False
    drawn = "".join(lookalike(each, script="latin") for each in label)
    mixed = any(each.isascii() and each.isalpha() for each in label)
    changed = sum(each != other for each, other in zip(label, drawn, strict=True))
    return changed > 0 and (mixed or drawn.isascii())


def _at_home(address: str) -> bool:
    """A machine of one's own, which people ask about often."""
    return address.startswith(("127.", "10.", "192.168.", "0.", "::1", "172.1", "172.2"))
