"""Markdown as models write it, made into HTML that can do nothing but be read.

Raw HTML is text, links go to http(s) only and show where they lead, pictures become links.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from itertools import islice
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

MAX_NESTING = 30
# A text with more marks than this, which may begin or end something, is Markdown up to there and
# plain from that line on: each costs the parser time, and none may keep the server busy.
MAX_MARKS = 5_000
MARK = re.compile(r"://|\d[.)]\s|[\n\[\]*_`<&\\~|>#+-]")
Env = MutableMapping[str, Any]
BARE_LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+[^\s<>\"'`{}|\\^\[\].,;:!?)]")


class SafeRenderer(RendererHTML):
    """Writes links and pictures our way."""

    def link_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        title = str(tokens[index].attrs.pop("title", ""))
        tokens[index].attrSet("rel", "noopener noreferrer nofollow")
        tokens[index].attrSet("target", "_blank")
        address = str(tokens[index].attrGet("href"))
        env.setdefault("links", []).append((address, title, index))
        return self.renderToken(tokens, index, options, env)

    def link_close(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        address, title, opened = env["links"].pop()
        label = "".join(token.content for token in tokens[opened + 1 : index])
        if label.strip() == address and not title:
            return "</a>"
        return f"</a> {_address(address, title)}"

    def image(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        address = str(tokens[index].attrGet("src") or "")
        label = _escape(tokens[index].content) or _escape(address)
        shown = _address(address, str(tokens[index].attrGet("title") or ""))
        if env.get("links"):  # a link in a link would end it
            return f"{label} {shown}"
        return (
            f'<a href="{_escape(address)}" rel="noopener noreferrer nofollow" target="_blank">'
            f"{label}</a> {shown}"
        )

    def table_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        return '<div class="table" tabindex="0"><table>\n'

    def table_close(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        # The policy of our pages forbids style attributes.
        style = str(tokens[index].attrs.pop("style", ""))
        if style:
            tokens[index].attrSet("class", style.replace("text-align:", "align-"))
        return self.renderToken(tokens, index, options, env)

    td_open = th_open


def _escape(text: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text


def _address(address: str, title: str) -> str:
    """Where a link leads, and what else it says of itself."""
    words = f"{address}, {title}" if title else address
    return f'<span class="address">({_escape(words)})</span>'


class WholeBlocks(ParserBlock):
    """Keeps the words that are nested more deeply than we go, as a paragraph."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        if state.level < MAX_NESTING:
            super().tokenize(state, startLine, endLine)
            return
        words = state.getLines(startLine, endLine, state.blkIndent, False).strip()
        place = [startLine, endLine]
        state.push("paragraph_open", "p", 1).map = place
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = words, place, []
        state.push("paragraph_close", "p", -1)
        state.line = endLine


class SafeMarkdown(MarkdownIt):
    """Follows links to the web only."""

    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(("http://", "https://"))


def _link_bare_addresses(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children and "://" in block.content:
            block.children = _linked(state.md, block.children)


def _linked(markdown: MarkdownIt, children: list[Token]) -> list[Token]:
    result: list[Token] = []
    inside = 0
    for token in children:
        inside += token.nesting if token.type.startswith("link_") else 0
        if token.type == "text" and not inside:
            result += _split_text(markdown, token)
        else:
            result.append(token)
    return result


def _split_text(markdown: MarkdownIt, token: Token) -> list[Token]:
    pieces: list[Token] = []
    end = 0
    for match in BARE_LINK.finditer(token.content):
        address = markdown.normalizeLink(match.group())
        pieces.append(Token("text", "", 0, content=token.content[end : match.start()]))
        pieces.append(Token("link_open", "a", 1, attrs={"href": address}))
        pieces.append(Token("text", "", 0, content=address))
        pieces.append(Token("link_close", "a", -1))
        end = match.end()
    return [*pieces, Token("text", "", 0, content=token.content[end:])] if pieces else [token]


def _parser() -> MarkdownIt:
    markdown = SafeMarkdown(
        "commonmark", {"html": False, "maxNesting": MAX_NESTING}, renderer_cls=SafeRenderer
    )
    markdown.block = WholeBlocks()
    markdown.enable(["table", "strikethrough"])
    # References would take words away, mean something else while an answer grows, and make a page
    # of a few words that repeat one long address.
    markdown.disable(["html_block", "html_inline", "reference"])
    markdown.core.ruler.push("bare_links", _link_bare_addresses)
    return markdown


_MARKDOWN = _parser()


def render_markdown(text: str) -> str:
    """Markdown as safe HTML."""
    env: dict[str, Any] = {}
    return str(_MARKDOWN.renderer.render(_parse(text, env), _MARKDOWN.options, env))


def render_blocks(text: str) -> list[tuple[int, str]]:
    """The top-level blocks of a text: the line (from 0) where each begins, and its HTML."""
    env: dict[str, Any] = {}
    tokens = _parse(text, env)
    blocks: list[tuple[int, str]] = []
    start = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            block = tokens[start : index + 1]
            line = block[0].map[0] if block[0].map else 0
            blocks.append((line, _MARKDOWN.renderer.render(block, _MARKDOWN.options, env)))
            start = index + 1
    return blocks


def _parse(text: str, env: dict[str, Any]) -> list[Token]:
    """The lines that fit the bound as Markdown, the rest as it is."""
    end = _end_of_markdown(text)
    tokens = _MARKDOWN.parse(text[:end], env)
    if text[end:].strip():
        attrs: dict[str, str | int | float] = {"class": "plain"}
        place = [text.count("\n", 0, end), text.count("\n")]
        words = Token("text", "", 0, content=text[end:])
        tokens += [
            Token("paragraph_open", "p", 1, attrs=attrs, map=place, block=True),
            Token("inline", "", 0, content=text[end:], children=[words], level=1),
            Token("paragraph_close", "p", -1, block=True),
        ]
    return tokens


def _end_of_markdown(text: str) -> int:
    """Where the line begins that has one mark too many."""
    surplus = next(islice(MARK.finditer(text), MAX_MARKS, None), None)
    return len(text) if surplus is None else text.rfind("\n", 0, surplus.start()) + 1
