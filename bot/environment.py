"""From the texts of an environment to typed values; errors name the variable and what it wants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values
from msgspec import Struct, structs
from msgspec import inspect as types

from chat.errors import AssistantError

Section = TypeVar("Section", bound=Struct)

SECRET_NAMES = re.compile(r"(token|secret|key|password)$")
SEPARATORS = re.compile(r"[,\s]+")


class SettingsError(AssistantError):
    """A setting is missing or wrong; the message names it and says what it wants."""


class Secret(str):
    """A string that does not show itself where values are printed for debugging."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'(hidden)'"


def read_file(path: Path) -> dict[str, str]:
    """What an `.env` file sets; nothing where there is none. Raises SettingsError."""
    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    return {name: value for name, value in values.items() if value and value.strip()}


def read_section(kind: type[Section], values: Mapping[str, str]) -> Section:
    """A section, whose fields are named like the variables in lower case. Raises SettingsError."""
    given: dict[str, Any] = {}
    for field in structs.fields(kind):
        name = field.name.upper()
        if name in values:
            given[field.name] = _value(name, field.type, values[name].strip())
        elif isinstance(field.default, Path):
            given[field.name] = _custom(Path, field.default)
    try:
        return kind(**given)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _value(name: str, kind: Any, text: str) -> Any:
    told = types.type_info(kind)
    raw: Any = text
    if isinstance(told, types.VarTupleType):
        raw = [word for word in SEPARATORS.split(text) if word]
    elif _is(told, types.BoolType):
        raw = {"yes": True, "on": True, "no": False, "off": False}.get(text.lower(), text.lower())
    elif _is(told, types.EnumType):
        raw = text.lower()
    try:
        value = msgspec.convert(raw, kind, strict=False, dec_hook=_custom)
    except msgspec.ValidationError:
        shown = "" if SECRET_NAMES.search(name.lower()) else f", not {text!r}"
        raise SettingsError(f"{name} wants {_wants(told)}{shown}") from None
    hidden = SECRET_NAMES.search(name.lower()) or (isinstance(value, str) and password_in(value))
    return Secret(value) if hidden else value


def _custom(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value).expanduser().absolute()
    raise NotImplementedError(f"no setting can be a {kind.__name__}")


def _is(told: types.Type, kind: type[types.Type]) -> bool:
    options: Iterable[types.Type] = told.types if isinstance(told, types.UnionType) else [told]
    return any(isinstance(option, kind) for option in options)


def _wants(told: types.Type) -> str:
    match told:
        case types.UnionType(types=options):
            return _wants(next(each for each in options if not isinstance(each, types.NoneType)))
        case types.Metadata(type=inner):
            return _wants(inner)
        case types.IntType(ge=low, le=high):
            return "a whole number" + _range(low, high)
        case types.FloatType(ge=low, gt=above, le=high):
            return "a number" + (_range(low, high) if above is None else f" above {above:g}")
        case types.BoolType():
            return "yes or no"
        case types.EnumType(cls=choices):
            return "one of " + ", ".join(str(choice.value) for choice in choices)
        case types.VarTupleType():
            return "values separated by commas"
    return "a text"


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    return f" of at least {low:g}" if high is None else f" from {low:g} to {high:g}"


def password_in(url: str) -> str:
    """The password inside an address, or nothing."""
    if "://" not in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = re.search(r"(?:^|&)password=([^&]+)", parts.query)
    return parts.password or (query.group(1) if query else "")
