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
from moderation.policy.written import SHIPPED, read_policy
from moderation.recording import statement
from storage.repositories import Restriction, RestrictionKind

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


def parts_of_others() -> set[str]:
    """Texts that others name: they are never said by themselves."""
    catalogues = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.en.ftl"))
    return set(re.findall(r"\{ ([a-z][a-z0-9-]*) \}", catalogues))


def test_no_text_is_idle() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    words = set(re.findall(r"[a-z0-9-]+", code))
    idle = set(entries("en")) - words - parts_of_others()
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


# What an id is called in code: restrictions, people, flags, turns, versions, entries of the log.
ID = re.compile(r"(id|number|policy|against|broken|\w+_id)")

UNSAID = {"turn_id"}  # of Exchange.say: what a notice belongs to


def _said(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """The arguments that are said, and where."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in SAYING | {"lines", "tell"}:
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            yield from (
                (where, keyword.value) for keyword in node.keywords if keyword.arg not in UNSAID
            )
            for argument in node.args:
                if isinstance(argument, ast.Dict):
                    yield from ((where, value) for value in argument.values)


def test_no_id_is_said_as_a_number() -> None:
    """Fluent groups the digits of numbers: /appeal 1,234 would be what people are told to type."""
    wrong = []
    for path in sources():
        if path.suffix == ".py":
            wrong += [
                where
                for where, value in _said(path)
                if isinstance(value, ast.Attribute) and ID.fullmatch(value.attr)
            ]
        elif path.suffix == ".html":
            for call in re.findall(r"\bt\([^{}]*", path.read_text(encoding="utf-8")):
                for attribute in re.findall(
                    r"(?<!count)=\w+(?:\.\w+)*\.(\w+)\b(?! \| string| ~)", call
                ):
                    if ID.fullmatch(attribute):
                        wrong.append(f"{path.name}: {call}")
    assert not wrong


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", [*RestrictionKind])
def test_people_are_told_the_number_that_they_have_to_type(
    language: str, kind: RestrictionKind
) -> None:
    given = Restriction(
        id=1234,
        user_id=1,
        kind=kind,
        category="hate",
        reason="",
        policy=0,
        flag_id=None,
        decision_id=None,
        decided_by=None,
        created_at=0.0,
        until=None,
    )
    told = statement(given, read_policy(SHIPPED.read_text("utf-8")), language)
    assert "/appeal 1234" in Texts().say(told, language)
