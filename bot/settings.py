"""Typed settings, read once from the environment and `.env`; errors name the variable.

Each house defines its own section: a frozen Struct whose field names are the variables' names in
lower case. This module reads them all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, structs

from bot.channels.telegram.settings import TelegramSettings
from bot.environment import Secret, SettingsError, password_in, read_file, read_section
from chat.budgets import BudgetSettings
from chat.persona import Persona
from handlers.settings import (
    AccessMode,
    AccessSettings,
    AnswerSettings,
    KeepSettings,
    OidcSettings,
    Prices,
    StaffSettings,
)
from models.guard.settings import GuardSettings
from models.settings import ModelSettings
from storage.settings import StorageSettings
from web.settings import WebSettings


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
    oidc: OidcSettings
    persona: Persona
    answers: AnswerSettings
    model: ModelSettings
    guard: GuardSettings
    telegram: TelegramSettings
    web: WebSettings
    budgets: BudgetSettings
    prices: Prices
    staff: StaffSettings
    keep: KeepSettings
    process: ProcessSettings

    def secrets(self) -> list[str]:
        """The values that no log may show, passwords inside addresses among them."""
        found = []
        for section in structs.astuple(self):
            for value in structs.astuple(section):
                if isinstance(value, Secret):
                    found += [str(value)]
                    password = password_in(value)
                    found += [part for part in (password, unquote(password)) if part]
        return found


def load(environ: Mapping[str, str] | None = None, *, env_file: Path | None = None) -> Settings:
    """The settings from the environment, and from `env_file` what the environment does not say.

    Without arguments: the process's environment and `.env` of the current folder. An empty value is
    as good as none. Raises SettingsError.
    """
    if environ is None:
        environ, env_file = os.environ, env_file or Path(".env")
    values = read_file(env_file) if env_file else {}
    values |= {name: value for name, value in environ.items() if value.strip()}
    settings = Settings(
        storage=read_section(StorageSettings, values),
        access=read_section(AccessSettings, values),
        oidc=read_section(OidcSettings, values),
        persona=read_section(Persona, values),
        answers=read_section(AnswerSettings, values),
        model=read_section(ModelSettings, values),
        guard=read_section(GuardSettings, values),
        telegram=read_section(TelegramSettings, values),
        web=read_section(WebSettings, values),
        budgets=read_section(BudgetSettings, values),
        prices=read_section(Prices, values),
        staff=read_section(StaffSettings, values),
        keep=read_section(KeepSettings, values),
        process=read_section(ProcessSettings, values),
    )
    _check_persona(settings.persona)
    _check_access(settings.access)
    _check_addresses(settings.storage)
    return settings


def sections() -> list[type[Struct]]:
    """The section types in the order in which people think of them."""
    return [field.type for field in structs.fields(Settings)]


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


def _check_addresses(storage: StorageSettings) -> None:
    for name, value, starts, wanted in (
        (
            "DATABASE_URL",
            storage.database_url,
            ("sqlite:///", "postgresql://", "postgres://"),
            "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
        ),
        (
            "REDIS_URL",
            storage.redis_url,
            ("redis://", "rediss://", "unix://"),
            "redis://HOST:PORT, rediss://HOST:PORT or unix:///SOCKET",
        ),
        (
            "ATTACHMENTS_URL",
            storage.attachments_url,
            ("s3://", "file:///"),
            "s3://BUCKET/PREFIX or file:///FOLDER",
        ),
    ):
        if value and not value.startswith(starts):
            raise SettingsError(f"{name} wants {wanted}")


__all__ = ["LogLevel", "ProcessSettings", "Secret", "Settings", "SettingsError", "load", "sections"]
