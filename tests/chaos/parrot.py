"""A model that names the questions it is asked, and checks that its prompts are what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.openai_endpoint import Reply, pictures

QUESTION = re.compile(r"q(\d+)-(\d+)")  # the number of the chat, and of the question in it
AT_LENGTH = "at length"
LONG = 60  # words of an answer "at length"


def question(chat: int, number: int) -> str:
    """The name of a question, which is in its text and in the answer to it."""
    return f"q{chat:02d}-{number:04d}"


@dataclass(slots=True)
class Parrot:
    """Answers "I heard: q01-0001, q01-0002.", with the number of pictures where there are any.

    `wrong` tells of prompts with something of another chat in them, or whose history is not all
    that was asked before, each once and in order. Without `whole` it may begin later, as that of a
    conversation does which is longer than the window.
    """

    whole: bool = True

    prompts: int = 0
    wrong: list[str] = field(default_factory=list)

    async def answer(self, request: dict[str, Any]) -> Reply:
        self.prompts += 1
        said = [_words(each) for each in request["messages"] if each["role"] == "user"]
        *earlier, current = [QUESTION.findall(text) for text in said]
        self._check([each for found in earlier for each in found], current)
        names = ", ".join(question(int(chat), int(number)) for chat, number in current)
        text = f"I heard: {names}."
        if seen := pictures({"messages": request["messages"][-1:]}):
            text += f" I see {seen}."
        if AT_LENGTH in said[-1]:
            text += " " + " ".join(f"word{number}" for number in range(1, LONG + 1)) + " the end."
        pieces = re.findall(r"\S+\s*", text)
        return Reply(pieces, prompt_tokens=50, completion_tokens=len(pieces))

    def _check(self, earlier: list[tuple[str, str]], current: list[tuple[str, str]]) -> None:
        chats = {chat for chat, _ in (*earlier, *current)}
        numbers = [int(number) for _, number in (*earlier, *current)]
        first = numbers[0] if numbers and not self.whole else 1
        if len(chats) != 1:
            self.wrong.append(f"a prompt of the chats {sorted(chats)}")
        elif numbers != list(range(first, first + len(numbers))):
            self.wrong.append(f"chat {chats.pop()} was remembered as {numbers}")


def _words(message: dict[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")
