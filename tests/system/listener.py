"""A model that says back what it was told, so that a test sees in the chat what reached it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.openai_endpoint import Reply
from tests.handlers.pictures import colour, opened

LONG = 40  # words of an answer "at length"
LAST = "the end."


@dataclass(frozen=True, slots=True)
class Heard:
    """One prompt: the current question and its pictures, and what was said and shown before."""

    words: str
    pictures: tuple[str, ...]
    earlier: tuple[str, ...]
    earlier_pictures: tuple[str, ...]
    system: str


@dataclass(slots=True)
class Listener:
    """Answers "I heard: …. I see: …. I remember: …. I saw: …."; asked for something at length, it
    counts to `LONG` first. `silent` makes it answer nothing but these words."""

    heard: list[Heard] = field(default_factory=list)
    says: str = ""  # instead, where it is set

    async def answer(self, request: dict[str, Any]) -> Reply:
        heard = _heard(request["messages"])
        self.heard.append(heard)
        pieces = re.findall(r"\S+\s*", self.says or _answer(heard))
        return Reply(pieces, prompt_tokens=50, completion_tokens=len(pieces))

    def prompts(self, words: str) -> list[Heard]:
        """The prompts whose question contains these words."""
        return [heard for heard in self.heard if words in heard.words]


def _answer(heard: Heard) -> str:
    sentences = [f"I heard: {_brief(heard.words)}."]
    for verb, found in (
        ("see", heard.pictures),
        ("remember", tuple(map(_brief, heard.earlier))),
        ("saw", heard.earlier_pictures),
    ):
        if found:
            sentences.append(f"I {verb}: {', '.join(found)}.")
    if "at length" in heard.words:
        sentences += [f"word{number}" for number in range(1, LONG + 1)] + [LAST]
    return " ".join(sentences)


def _brief(words: str) -> str:
    if len(words) < 80:
        return words
    return f"{len(words)} characters from {words[:8]} to {words[-8:]}"


def _heard(messages: list[dict[str, Any]]) -> Heard:
    said = [_parts(message["content"]) for message in messages if message["role"] == "user"]
    *earlier, (words, pictures) = said
    return Heard(
        words=words,
        pictures=tuple(pictures),
        earlier=tuple(text for text, _ in earlier if text),
        earlier_pictures=tuple(picture for _, found in earlier for picture in found),
        system=_parts(messages[0]["content"])[0],
    )


def _parts(content: str | list[dict[str, Any]]) -> tuple[str, list[str]]:
    """The words of a message, and its pictures in words."""
    if isinstance(content, str):
        return content, []
    words = "\n".join(part["text"] for part in content if part["type"] == "text")
    urls = [part["image_url"]["url"] for part in content if part["type"] == "image_url"]
    return words, [_described(url) for url in urls]


def _described(url: str) -> str:
    """The colours of the upper left and lower right corners, and the size: red-blue 64x48."""
    content = base64.b64decode(url.partition(",")[2])
    size = "x".join(map(str, opened(content).size))
    return f"{colour(content, 0.1, 0.1)}-{colour(content, 0.9, 0.9)} {size}"
