"""Checks the parameters of calls against the Bot API's machine-readable schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.telegram.errors import bad_request

Check = Callable[[Any], Any]  # returns the value in its JSON type, raises ValueError

TRUE = {"true", "yes", "1"}
FALSE = {"false", "no", "0"}


@cache
def _document() -> dict[str, Any]:
    path = Path(__file__).with_name("schema") / "methods.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def version() -> str:
    """The version of the Bot API that the schema describes."""
    return str(_document()["version"])


def knows(method: str) -> bool:
    """Whether the Bot API has a method of this name (in any case of letters)."""
    return method.lower() in _names()


def proper_name(method: str) -> str:
    """The method's name as the documentation spells it; callers may use any case."""
    return _names()[method.lower()]


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in _document()["methods"]}


def check(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters in their JSON types. Stricter than the real server: an unknown one is refused.

    Form values arrive as strings and are decoded by the type that the schema names.
    """
    expected = _parameters(method)
    checked: dict[str, Any] = {}
    for name, value in given.items():
        if name not in expected:
            raise bad_request(f'method {method} has no parameter "{name}"')
        if value is None or (value == "" and not expected[name][1]):
            continue
        try:
            checked[name] = expected[name][0](value)
        except (ValueError, TypeError) as error:
            raise bad_request(f'parameter "{name}" of {method}: {error}') from None
    for name, (_, required) in expected.items():
        if required and name not in checked and name not in ("text", "chat_id"):
            raise bad_request(f'method {method} needs parameter "{name}"')
    return checked


def field_names(method: str) -> frozenset[str]:
    """The names of all parameters of a method."""
    return frozenset(_parameters(method))


@cache
def _parameters(method: str) -> dict[str, tuple[Check, bool]]:
    return {name: _field(said) for name, said in _document()["methods"][method].items()}


@cache
def _fields(type_name: str) -> dict[str, tuple[Check, bool]]:
    return {name: _field(said) for name, said in _document()["types"][type_name].items()}


def _field(said: str) -> tuple[Check, bool]:
    required = said.endswith(" *")
    return _check_of(said.removesuffix(" *")), required


@cache
def _check_of(said: str) -> Check:
    """The check for a type as the documentation writes it, e.g. `Array of MessageEntity`."""
    scalars: dict[str, Check] = {
        "String": _string,
        "Integer": _integer,
        "Float": _float,
        "Boolean": _boolean,
        "True": _boolean,
        "Integer or String": _integer_or_string,
        "InputFile": _string,
        "InputFile or String": _string,
    }
    if said in scalars:
        return scalars[said]
    if said.startswith("Array of "):
        inner = said.removeprefix("Array of ").replace(", ", " or ").replace(" and ", " or ")
        return _array(_check_of(inner))
    names = said.split(" or ")
    if len(names) == 1 and said in _document()["unions"]:
        names = _document()["unions"][said]
    return _any_of(names)


def _any_of(names: list[str]) -> Check:
    known = [name for name in names if name in _document()["types"]]
    if not known:
        return _decoded

    def check_object(value: Any) -> Any:
        value = _decoded(value)
        if not isinstance(value, dict):
            raise ValueError("Object expected")
        problems = []
        for name in known:
            problem = _problem(value, name)
            if not problem:
                return value
            problems.append(f"{name}: {problem}")
        raise ValueError("; ".join(problems))

    return check_object


def _problem(value: dict[str, Any], type_name: str) -> str:
    fields = _fields(type_name)
    for name, (check_field, required) in fields.items():
        if name not in value:
            if required:
                return f'needs field "{name}"'
            continue
        try:
            value[name] = check_field(value[name])
        except (ValueError, TypeError) as error:
            return f'field "{name}": {error}'
    unknown = value.keys() - fields.keys()
    return f"has no field {sorted(unknown)}" if unknown else ""


def _array(check_item: Check) -> Check:
    def check_array(value: Any) -> list[Any]:
        value = _decoded(value)
        if not isinstance(value, list):
            raise ValueError("Array expected")
        return [check_item(item) for item in value]

    return check_array


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("String expected")
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("Integer expected")
    return int(value)


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("Number expected")
    return float(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise ValueError("Boolean expected")


def _integer_or_string(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("Integer or String expected")
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value
