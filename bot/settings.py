"""Typed settings, read once from the environment and `.env`; errors name the variable.

Each house defines its own section: a frozen Struct whose field names are the variables' names in
lower case. This module reads them all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, Struct, structs
from msgspec import inspect as types

from bot.channels.telegram.settings import TelegramSettings
from chat.errors import AssistantError
from chat.persona import Persona
from handlers.settings import AccessMode, AccessSettings
from models.settings import ModelSettings
from storage.settings import StorageSettings
from web.settings import WebSettings

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


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ProcessSettings(Struct, frozen=True):
    """What a process of ours is told about itself.

    `log_json` None: JSON where the log is not a terminal. `worker_metrics_port` opens /metrics of a
    worker on loopback; 0 does not.
    """

    log_level: LogLevel = LogLevel.INFO
    log_json: bool | None = None
    worker_metrics_port: Annotated[int, Meta(ge=0, le=65535)] = 0


class Settings(Struct, frozen=True):
    """Every setting of every house."""

    storage: StorageSettings
    access: AccessSettings
    persona: Persona
    model: ModelSettings
    telegram: TelegramSettings
    web: WebSettings
    process: ProcessSettings

    def secrets(self) -> list[str]:
        """The values that no log may show, passwords inside addresses among them."""
        found = []
        for section in structs.astuple(self):
            for value in structs.astuple(section):
                if isinstance(value, Secret):
                    found += [str(value)]
                    found += [part for part in [_password(value)] if part]
        return found


def load(environ: Mapping[str, str] | None = None, *, env_file: Path | None = None) -> Settings:
    """The settings from the environment, and from `env_file` what the environment does not say.

    Without arguments: the process's environment and `.env` of the current folder. An empty value is
    as good as none. Raises SettingsError.
    """
    if environ is None:
        environ, env_file = os.environ, env_file or Path(".env")
    values = _read(env_file) if env_file else {}
    values |= {name: value for name, value in environ.items() if value.strip()}
    settings = Settings(
        storage=_section(StorageSettings, values),
        access=_section(AccessSettings, values),
        persona=_section(Persona, values),
        model=_section(ModelSettings, values),
        telegram=_section(TelegramSettings, values),
        web=_section(WebSettings, values),
        process=_section(ProcessSettings, values),
    )
    _check_persona(settings.persona)
    _check_access(settings.access)
    return settings


def sections() -> list[type[Struct]]:
    """The section types in the order in which people think of them."""
    return [field.type for field in structs.fields(Settings)]


def _read(path: Path) -> dict[str, str]:
    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    return {name: value for name, value in values.items() if value and value.strip()}


def _section(kind: type[Section], values: Mapping[str, str]) -> Section:
    given: dict[str, Any] = {}
    for field in structs.fields(kind):
        name = field.name.upper()
        if name in values:
            given[field.name] = _value(name, field.type, values[name].strip())
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
    hidden = SECRET_NAMES.search(name.lower()) or (isinstance(value, str) and _password(value))
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


def _password(url: str) -> str:
    """The password inside an address, or nothing."""
    if "://" not in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = re.search(r"(?:^|&)password=([^&]+)", parts.query)
    return parts.password or (query.group(1) if query else "")


def _check_access(access: AccessSettings) -> None:
    for name, ids in (("ALLOWED_IDS", access.allowed_ids), ("OWNER_IDS", access.owner_ids)):
        for each in ids:
            if not re.fullmatch(r"[a-z]+:.+", each):
                raise SettingsError(f"{name} wants ids such as telegram:12345, not {each!r}")
    if access.access is AccessMode.ALLOWLIST and not (access.allowed_ids or access.owner_ids):
        raise SettingsError("ALLOWED_IDS wants at least one id where ACCESS is allowlist")


def _check_persona(persona: Persona) -> None:
    try:
        ZoneInfo(persona.timezone)
    except (ValueError, OSError, KeyError):
        raise SettingsError(
            f"TIMEZONE wants a name such as Europe/Berlin, not {persona.timezone!r}"
        ) from None
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", persona.language):
        raise SettingsError(
            f"LANGUAGE wants a language code such as en or de, not {persona.language!r}"
        )
