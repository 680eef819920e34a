"""The catalogues are whole: every key in every language, none missing, none idle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent

from chat.outbound import Notice
from handlers.texts import Texts

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "handlers" / "texts"
HOUSES = ("bot", "chat", "dashboard", "handlers", "models", "moderation", "storage", "web")
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Calls whose first words are text keys, and arguments that are.
SAYING = {"say", "label", "Notice", "_greet", "_once"}
NAMED = {"key", "reason"}


def entries(language: str) -> dict[str, fluent.Message]:
    """The messages of one language, from all its files; broken ones fail."""
    found: dict[str, fluent.Message] = {}
    for path in FOLDER.glob("*.ftl"):
        if path.name.split(".")[-2] != language:
            continue
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{entry.id.name} is there twice"
                found[entry.id.name] = entry
    return found


def variables(message: fluent.Message) -> set[str]:
    """The arguments that a message takes."""
    return set(re.findall(r"\$([a-z_]+)", _plain(message)))


def _plain(node: object) -> str:
    if isinstance(node, fluent.VariableReference):
        return f"${node.id.name} "
    if isinstance(node, fluent.BaseNode):
        return "".join(_plain(value) for value in vars(node).values())
    if isinstance(node, list):
        return "".join(map(_plain, node))
    return ""


def sources() -> Iterator[Path]:
    """Our own files that may name keys."""
    for house in HOUSES:
        for ending in ("py", "js", "html", "jinja"):
            yield from (ROOT / house).rglob(f"*.{ending}")


def keys_in_code() -> dict[str, str]:
    """Text keys that code says, and where."""
    found: dict[str, str] = {}
    for path in sources():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for key in _keys(node):
                found[key] = str(path.relative_to(ROOT))
    return found


def _keys(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    candidates = [keyword.value for keyword in node.keywords if keyword.arg in NAMED]
    if name in SAYING | {"Button"}:
        candidates += node.args[:2]
    for candidate in candidates:
        match candidate:
            case ast.Constant(value=str(word)) if "-" in word and KEY.fullmatch(word):
                yield word


def test_every_language_has_every_key_with_the_same_arguments() -> None:
    assert Texts.languages() == ("de", "en")
    english, german = entries("en"), entries("de")
    assert english.keys() == german.keys()
    for key, message in english.items():
        assert variables(message) == variables(german[key]), key


def test_every_key_that_code_says_has_a_text() -> None:
    texts = entries("en")
    missing = {key: path for key, path in keys_in_code().items() if key not in texts}
    assert not missing


def test_no_text_is_idle() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    words = set(re.findall(r"[a-z0-9-]+", code))
    idle = set(entries("en")) - words
    assert not idle


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_sentence_is_broken(language: str) -> None:
    for key, message in entries(language).items():
        for value in (0, 1, 7, "yes", "no"):
            args: dict[str, str | int | float] = dict.fromkeys(variables(message), value)
            said = Texts().say(Notice(key, args), language)
            assert said.strip(), key
            assert "{" not in said, key
            assert "$" not in said, key


@pytest.mark.parametrize(
    ("wanted", "fallback", "spoken"),
    [
        ("de", "en", "de"),
        ("de-CH", "en", "de"),
        ("DE_at", "en", "de"),
        ("fr", "de", "de"),
        ("fr", "it", "en"),
        ("", "de", "de"),
    ],
)
def test_who_speaks_another_language_hears_the_operators(
    wanted: str, fallback: str, spoken: str
) -> None:
    assert Texts(fallback).language(wanted) == spoken


def test_a_key_without_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts().label("no-such-key", "en")
