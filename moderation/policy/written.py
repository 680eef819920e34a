"""A policy as people write it: YAML, read strictly, with errors that name the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from chat.errors import AssistantError
from chat.moderation import Category, Deed, Measure, PlaceKind, Priority, Side
from moderation.durations import seconds_of
from moderation.policy.rules import (
    PENALTIES,
    CheckRule,
    Confirmation,
    Links,
    Policy,
    Rule,
    Rung,
    Words,
)

SHIPPED = Path(__file__).with_name("shipped.yaml")
MOST = 500_000  # characters
TIMED = frozenset({Deed.MUTE, Deed.BAN})
# What a check that fails closed could not look at is not answered.
UNCHECKED = Rule(frozenset({Category.UNCHECKED}), (Measure(Deed.REFUSE),))
T = TypeVar("T")


class PolicyError(AssistantError):
    """A policy cannot be understood; the message says where and what was expected."""


class _Check(Struct, forbid_unknown_fields=True):
    limit: str = "1 s"
    failing: str = "open"
    off: bool = False


class _Rule(Struct, forbid_unknown_fields=True):
    when: str | list[str]
    then: str | list[str]
    score: float = field(default=0.5, name="from")
    of: str | list[str] = []
    places: str | list[str] = field(default=[], name="in")
    regions: list[str] = []
    restricted: bool | None = None
    priority: str = "normal"
    confirmed_by: str = ""
    says: dict[str, str] = {}


class _Rung(Struct, forbid_unknown_fields=True):
    strikes: int
    then: str


class _Strikes(Struct, forbid_unknown_fields=True):
    last: str = "90 d"
    ladder: list[_Rung] = []


class _Warnings(Struct, forbid_unknown_fields=True):
    last: str = "30 d"


class _Words(Struct, forbid_unknown_fields=True):
    category: str
    phrases: dict[str, list[str]] = {}
    patterns: list[str] = []
    score: float = 1.0


class _Links(Struct, forbid_unknown_fields=True):
    blocked: list[str] = []
    allowed: list[str] = []
    most: int | None = None


class _Document(Struct, forbid_unknown_fields=True):
    name: str
    rules: list[_Rule] = []
    checks: dict[str, _Check] = {}
    strikes: _Strikes = field(default_factory=_Strikes)
    warnings: _Warnings = field(default_factory=_Warnings)
    categories: dict[str, dict[str, str]] = {}
    words: list[_Words] = []
    exceptions: list[str] = []
    links: _Links = field(default_factory=_Links)


def shipped_policy() -> Policy:
    """The mild one that is in force until somebody publishes another."""
    return read_policy(SHIPPED.read_text("utf-8"))


def read_policy(text: str, *, number: int = 0) -> Policy:
    """The policy that is written there. Raises PolicyError."""
    document = _document(text)
    checks = {name: _check(each, f"checks.{name}") for name, each in document.checks.items()}
    own = {
        _at(f"categories.{name}", _name, name): says for name, says in document.categories.items()
    }
    return Policy(
        name=document.name,
        number=number,
        rules=(
            *(_rule(each, f"rules[{place}]", own) for place, each in enumerate(document.rules)),
            *(UNCHECKED for check in checks.values() if check.closed),
        ),
        checks=checks,
        strikes_last=_at("strikes.last", seconds_of, document.strikes.last),
        warnings_last=_at("warnings.last", seconds_of, document.warnings.last),
        ladder=tuple(
            _rung(each, f"strikes.ladder[{place}]")
            for place, each in enumerate(document.strikes.ladder)
        ),
        own=own,
        words=tuple(
            _words(each, f"words[{place}]", own) for place, each in enumerate(document.words)
        ),
        exceptions=frozenset(document.exceptions),
        links=Links(
            frozenset(map(str.lower, document.links.blocked)),
            frozenset(map(str.lower, document.links.allowed)),
            document.links.most,
        ),
    )


def _document(text: str) -> _Document:
    if len(text) > MOST:
        raise PolicyError(f"a policy has at most {MOST:,} characters")
    # YAML 1.2, where `no` is a language and not a refusal, and no key may stand twice.
    reader = YAML(typ="safe", pure=True)
    try:
        said = reader.load(StringIO(text))
    except MarkedYAMLError as error:
        place = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise PolicyError(f"{place}{error.problem or 'no YAML'}") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise PolicyError(f"no YAML: {str(error).splitlines()[0]}") from error
    try:
        return msgspec.convert(said, _Document)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `$.")
        raise PolicyError(f"{place.rstrip('`') or 'the policy'}: {problem}") from error


def _check(written: _Check, place: str) -> CheckRule:
    if written.failing not in ("open", "closed"):
        raise PolicyError(f"{place}.failing: open or closed, not `{written.failing}`")
    limit = _at(f"{place}.limit", seconds_of, written.limit)
    return CheckRule(limit=limit, closed=written.failing == "closed", off=written.off)


def _rule(written: _Rule, place: str, own: Mapping[str, Any]) -> Rule:
    measures = tuple(_at(f"{place}.then", measure_of, each) for each in _list(written.then))
    if not measures:
        raise PolicyError(f"{place}.then: say what follows: {', '.join(Deed)}")
    if not 0 <= written.score <= 1:
        raise PolicyError(f"{place}.from: a score between 0 and 1, not {written.score}")
    rule = Rule(
        categories=frozenset(_category(each, f"{place}.when", own) for each in _list(written.when)),
        measures=measures,
        score=written.score,
        sides=frozenset(_one_of(Side, each, f"{place}.of") for each in _list(written.of)),
        places=frozenset(_one_of(PlaceKind, each, f"{place}.in") for each in _list(written.places)),
        regions=frozenset(map(str.upper, written.regions)),
        restricted=written.restricted,
        priority=_at(f"{place}.priority", _priority, written.priority),
        confirmed_by=_one_of(Confirmation, written.confirmed_by, f"{place}.confirmed_by"),
        says=written.says,
    )
    _refuse_what_is_too_hard(rule, place)
    return rule


def _refuse_what_is_too_hard(rule: Rule, place: str) -> None:
    """A machine never shuts anybody out for good, and never punishes talk of self-harm."""
    for measure in rule.measures:
        if measure.deed is Deed.BAN and measure.seconds is None and not rule.confirmed_by:
            raise PolicyError(f"{place}: a ban for good has to be `confirmed_by` somebody")
        if measure.deed in PENALTIES and Category.SELF_HARM in rule.categories:
            raise PolicyError(f"{place}: talk of {Category.SELF_HARM} is never punished")


def _rung(written: _Rung, place: str) -> Rung:
    measure = _at(f"{place}.then", measure_of, written.then)
    if written.strikes < 1 or measure.deed not in TIMED or measure.seconds is None:
        raise PolicyError(f"{place}: from 1 strike on, a mute or a ban for a time, as `mute 1 d`")
    return Rung(written.strikes, measure)


def _words(written: _Words, place: str, own: Mapping[str, Any]) -> Words:
    return Words(
        category=_category(written.category, f"{place}.category", own),
        phrases={language: tuple(each) for language, each in written.phrases.items()},
        patterns=tuple(written.patterns),
        score=written.score,
    )


def measure_of(written: str) -> Measure:
    """`flag`, `mute 24 h`, `ban`. Raises ValueError."""
    word, _, length = written.strip().partition(" ")
    try:
        deed = Deed(word)
    except ValueError:
        raise ValueError(f"`{word}` is none of {', '.join(Deed)}") from None
    if length and deed not in TIMED:
        raise ValueError(f"`{deed}` has no length")
    return Measure(deed, seconds_of(length) if length else None)


def _category(name: str, place: str, own: Mapping[str, Any]) -> str:
    if name not in own and name not in frozenset(Category):
        raise PolicyError(f"{place}: `{name}` is no category; add it under `categories`")
    return name


def _name(name: str) -> str:
    if not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        raise ValueError("small letters, digits and hyphens")
    if name in frozenset(Category):
        raise ValueError("this one ships already")
    return name


def _priority(name: str) -> Priority:
    try:
        return Priority[name.upper()]
    except KeyError:
        names = ", ".join(each.name.lower() for each in Priority)
        raise ValueError(f"`{name}` is none of {names}") from None


def _one_of(kind: Callable[[str], T], name: str, place: str) -> T:
    try:
        return kind(name)
    except ValueError:
        names = ", ".join(str(each) or '""' for each in kind)  # type: ignore[attr-defined]
        raise PolicyError(f"{place}: `{name}` is none of {names}") from None


def _at(place: str, read: Callable[[str], T], written: str) -> T:
    try:
        return read(written)
    except ValueError as error:
        raise PolicyError(f"{place}: {error}") from None


def _list(written: str | Iterable[str]) -> list[str]:
    return [written] if isinstance(written, str) else list(written)
