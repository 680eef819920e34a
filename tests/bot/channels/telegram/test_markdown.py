"""Markdown as text and entities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.markdown import Rendered, render
from bot.channels.telegram.splitting import utf16_length


def kinds(rendered: Rendered) -> dict[str, str]:
    """What each entity covers."""
    units = rendered.text.encode("utf-16-le")
    return {
        entity["type"]: units[
            entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2
        ].decode("utf-16-le")
        for entity in rendered.entities
    }


def test_formatting() -> None:
    rendered = render("🐦 **bold**, _it_ and `code` [here](https://example.org)", limit=4096)
    assert rendered.text == "🐦 bold, it and code here"
    assert kinds(rendered) == {
        "bold": "bold",
        "italic": "it",
        "code": "code",
        "text_link": "here",
    }


def test_blocks() -> None:
    rendered = render("# Title\n\n- one\n- two\n\n```python\nx < 1 || y\n```", limit=4096)
    assert rendered.text.strip() == "Title\n\n• one\n• two\n\nx < 1 || y"
    assert kinds(rendered)["pre"] == "x < 1 || y"


@pytest.mark.parametrize(
    "text",
    [
        "Dear <name>,\n\n<your address>\nhi",
        "List<String> and vector<int>",
        "<script>alert(1)</script>\n\ntext",
        "a <!-- comment --> b",
        "<div>\nhello\n</div>",
        "if (a || b || c)",
        "as shown[^1].\n\n[^1]: A note",
        "**not closed",
        "2 * 3 * 4 and snake_case_name",
        "$10.49 (about $11.20)",
        r"C:\new\table",
    ],
)
def test_no_word_is_lost(text: str) -> None:
    assert render(text, limit=4096).text == text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "tg://user?id=5", "a/b", "http://x"])
def test_links_that_telegram_refuses_or_that_lead_elsewhere(address: str) -> None:
    rendered = render(f"[words]({address})", limit=4096)
    assert (rendered.text, rendered.entities) == ("words", [])


def test_control_characters_and_halves_of_characters() -> None:
    assert render("a\x00b\x07c \ud83d d", limit=4096).text == "abc \ufffd d"


def test_too_long_or_empty_when_rendered() -> None:
    table = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 50 + f"| {'x' * 90} | 2 |"
    assert utf16_length(render(table, limit=100_000).text) > 4096
    assert render(table, limit=4096) == Rendered(table, [])
    assert render("[ref]: https://example.org", limit=4096).text == "[ref]: https://example.org"


@given(st.text(st.sampled_from("ab🐦 \n*_`~[]()<>|#-$\\!^&"), max_size=60))
def test_entities_always_fit_the_text(text: str) -> None:
    rendered = render(text, limit=4096)
    units = rendered.text.encode("utf-16-le")
    assert rendered.text.strip()
    for entity in rendered.entities:
        covered = units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]
        assert len(covered) == entity["length"] * 2
        covered.decode("utf-16-le")
