"""Links are found however they are written, and judged by rules and caution."""

from __future__ import annotations

import pytest

from moderation.text.found_links import find_links
from moderation.text.links import LinkRules, LinksCheck
from tests.moderation.text.asking import look

CHECK = LinksCheck(
    LinkRules(blocked=("evil.com", "böse.de"), allowed=("good.org", "bit.ly"), most=3)
)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("see https://www.bbc.co.uk/news?x=1.", "www.bbc.co.uk"),
        ("(example.org/a)", "example.org"),
        ("EXAMPLE.com", "example.com"),
        ("hxxps://example[.]com", "example.com"),
        ("example (dot) com", "example.com"),
        ("exam\u200bple.com", "example.com"),
        ("ｅｘａｍｐｌｅ。ｃｏｍ", "example.com"),
        ("xn--mnchen-3ya.de", "münchen.de"),
        ("пример.рф", "пример.рф"),
        ("http://user:pw@example.com/", "example.com"),
        ("http://[2001:db8::1]/x", "2001:db8::1"),
    ],
)
def test_links_are_found(text: str, host: str) -> None:
    (link,) = find_links(text)
    assert link.host == host


@pytest.mark.parametrize(
    "text", ["anna@example.com", "C:\\foo.com", "version 1.2.3.4", "e.g. this", "3.14", "a..b"]
)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert find_links(text) == []


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("go to evil.com", 1.0),
        ("http://a.b.EVIL.com./x", 1.0),
        ("ev\u200bil[.]com", 1.0),
        ("https://good.org@evil.com/", 1.0),
        ("böse.de", 1.0),
        ("xn--bse-sna.de", 1.0),
        ("http://раypal.com", 0.8),  # Cyrillic р and а
        ("https://xn--80ak6aa92e.com", 0.8),  # looks like apple.com
        ("hxxp://example[.]com", 0.6),
        ("http://185.1.2.3/a", 0.6),
        ("http://3232235777/", 0.6),
        ("https://tinyurl.com/abc", 0.5),
        ("a.com b.com c.com d.com", 0.6),
    ],
)
async def test_bad_links_are_found(text: str, score: float) -> None:
    (finding,) = await look(CHECK, text)
    assert (finding.check, finding.category, finding.score) == ("links", "link", score)


@pytest.mark.parametrize(
    "text",
    [
        "https://docs.python.org/3/ and example.com",
        "notevil.com",
        "evil.com.example.org",
        "bit.ly/abc",
        "x.good.org",
        "http://192.168.0.1:8080",
        "Is tinyurl.com safe?",
        "пример.рф and münchen.de",
        "main.py README.md a.rs b.sh",
    ],
)
async def test_other_links_are_left_alone(text: str) -> None:
    assert await look(CHECK, text) == []


async def test_only_allowed_links() -> None:
    check = LinksCheck(LinkRules(allowed=("good.org",), only_allowed=True))
    (finding,) = await look(check, "https://good.org https://other.org/x")
    assert finding.evidence == ("https://other.org/x",)
    assert await look(check, "main.py and README.md. So.it goes") == []


async def test_evidence_is_what_was_written() -> None:
    (finding,) = await look(CHECK, "go: hxxp://evil[.]com/a now")
    assert finding.evidence == ("hxxp://evil[.]com/a",)
