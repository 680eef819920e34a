"""Markdown from people and models can do nothing but be read."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.blocks import GROWTH, LONG, GrowingMarkdown
from tests.web.inspector import inspect
from web.markdown import render_blocks, render_markdown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <b onmouseover=alert(1)>b</b>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x) [b](file:///etc/passwd) [c](//evil.example) [d](/sign-out)",
        "<javascript:alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "![x](javascript:alert(1))",
        '[a](https://x.example/"onmouseover="alert(1))',
        '[a](https://x.example "\\" onmouseover=alert(1)")',
        "```html\n<script>alert(1)</script>\n```",
        '```"><script>alert(1)</script>\nx\n```',
        "[a]: javascript:alert(1)\n\n[a]",
        "> " * 500 + "deep",
        "&lt;script&gt; &#60;script&#62;",
        'https://x.example/"><script>alert(1)</script>',
    ],
)
def test_nothing_runs_and_nothing_is_loaded(text: str) -> None:
    inspect(render_markdown(text))


@given(st.text(alphabet="<>[]()!*`_~#|-\\\"' \n&;:/.ahtpsjvcriptonerror=1", max_size=120))
def test_nothing_runs_whatever_is_written(text: str) -> None:
    inspect(render_markdown(text))


def test_a_link_shows_where_it_leads() -> None:
    html = render_markdown("[your bank](https://evil.example/login)")
    assert ">your bank</a>" in html
    assert "(https://evil.example/login)" in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_a_bare_address_becomes_a_link() -> None:
    html = render_markdown("See https://example.org/a_b_c, please.")
    assert 'href="https://example.org/a_b_c"' in html
    assert "</a>, please." in html


def test_a_picture_becomes_a_link() -> None:
    html = render_markdown("![a cat](https://example.org/cat.png)")
    assert "<img" not in html
    assert 'href="https://example.org/cat.png"' in html
    assert ">a cat</a>" in html


def test_a_picture_in_a_link_does_not_end_it() -> None:
    html = render_markdown("[![a cat](https://example.org/cat.png)](https://example.org/) and on")
    assert inspect(html).split() == [
        *("a", "cat", "(https://example.org/cat.png)"),
        *("(https://example.org/)", "and", "on"),
    ]


def test_what_a_link_says_of_itself_is_read_too() -> None:
    html = render_markdown('[a](https://example.org/ "the *first*") ![b](https://b.example "b")')
    assert inspect(html).strip() == (
        "a (https://example.org/, the *first*) b (https://b.example, b)"
    )


def test_references_are_shown_as_they_are() -> None:
    html = render_markdown("[the book][1]\n\n[1]: https://example.org/book")
    assert inspect(html).split() == ["[the", "book][1]", "[1]:", "https://example.org/book"]


@pytest.mark.parametrize("nesting", ["> ", "- ", "1. ", "> - "])
def test_words_that_are_nested_too_deeply_are_read_all_the_same(nesting: str) -> None:
    assert "deep" in inspect(render_markdown(nesting * 200 + "deep"))


def test_a_text_with_too_many_marks_is_plain_from_there_on() -> None:
    text = "**first**\n" + "*a*\n" * 5_000 + "**last**"
    html = render_markdown(text)
    assert "<strong>first</strong>" in html
    assert inspect(html).endswith("*a*\n**last**\n")
    assert "".join(html for _, html in render_blocks(text)) == html
    assert render_markdown("[" * 6_000).count("<") == 2


def test_a_growing_block_is_not_rendered_again_for_every_word() -> None:
    """What the parser reads in all stays within a few times of the text's length and more."""
    growing, shown, tails = GrowingMarkdown(), 0, set()
    for _ in range(4_000):
        growing.append("some words ")
        tail = growing.tail()
        tails.add(id(tail))
        shown = max(shown, sum(map(len, tail)))
    assert shown > 0.9 * 44_000
    renderings = (LONG / 11) + log(44_000 / LONG, 1 + GROWTH)
    assert len(tails) <= renderings + 2


def test_columns_are_aligned_without_style_attributes() -> None:
    html = render_markdown("| a | b |\n| -: | :-: |\n| 1 | 2 |")
    inspect(html)
    assert '<td class="align-right">1</td>' in html


def test_the_usual_markdown_is_shown() -> None:
    html = render_markdown("# T\n\n- *a*\n- **b**\n\n| x |\n| - |\n| 1 |\n\n```py\nz = 1\n```\n")
    for tag in ("<h1>", "<li>", "<em>", "<strong>", "<table>", '<code class="language-py">'):
        assert tag in html


DOCUMENT = st.lists(
    st.sampled_from(
        [
            "A paragraph.\n\n",
            "One line\nand another\n\n",
            "Other ends\x0cof\u2028lines\x85here\r\nand there\r\n\r\n",
            "- one\n- two\n\n",
            "1. first\n\n   more of it\n\n2. second\n\n",
            "```\ncode\n\nmore\n```\n\n",
            "| a | b |\n| - | - |\n| 1 | 2 |\n\n",
            "> said\n\n",
            "# Title\n\n",
            "---\n\n",
        ]
    ),
    max_size=8,
).map("".join)


@given(DOCUMENT, st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_a_growing_answer_ends_as_the_whole_one(text: str, sizes: list[int]) -> None:
    growing = GrowingMarkdown()
    at, turn = 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        before = list(growing.finished)
        growing.append(text[at : at + size])
        if turn % 3:  # a page asks now and then
            growing.tail()
        assert growing.finished[: len(before)] == before  # what is finished stays as it is
        at, turn = at + size, turn + 1
    tail = growing.tail()
    shown = growing.finished + tail
    assert "".join(shown) == "".join(html for _line, html in render_blocks(text))
