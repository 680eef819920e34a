"""docker-compose.yml as compose itself reads it: merged and interpolated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.deployment.environments import ROOT

VARIABLE = re.compile(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}")


def services(variables: Mapping[str, str]) -> dict[str, Any]:
    """The services with these variables filled in. Raises KeyError where one is demanded."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)["services"]
    return {name: _filled(service, variables) for name, service in found.items()}


def environment(service: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a service."""
    return {name: str(value) for name, value in service["environment"].items()}


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, variables) for each in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda match: _variable(match, variables), value).replace("$$", "$")
    return value


def _variable(match: re.Match[str], variables: Mapping[str, str]) -> str:
    name, sign, rest = match.groups()
    if value := variables.get(name, ""):
        return value
    if sign == ":?":
        raise KeyError(name)
    return rest if sign == ":-" else ""
