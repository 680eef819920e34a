"""From a conversation's history to a prompt that fits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from chat.messages import Attachment, AttachmentState, Message, Speaker, TextPart
from chat.persona import Persona
from chat.turns import ClaimedTurn
from models.engine import (
    Engine,
    EngineInfo,
    Prompt,
    PromptMessage,
    PromptPart,
    PromptPicture,
    PromptText,
)
from models.errors import PromptTooLong
from models.history import History
from models.window import first_kept

PENDING = "[a picture that has not arrived yet]"
REFUSED = "[a picture that could not be read]"
DELETED = "[a picture that has been deleted]"
UNSEEN = "[a picture was sent here, which you cannot see: say so when asked about it]"
EARLIER = "[an earlier picture, which you cannot see any more]"
CARE = (
    "What the person writes may mean that they think of harming themselves. Take it seriously and "
    "answer warmly and plainly, without judging and without any detail of how it could be done. "
    "Encourage them to talk to somebody they trust or to a help line; numbers are shown below your "
    "answer."
)
LEAST_ANSWER = 64  # tokens
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class PromptBuilder:
    """Builds prompts for one assistant. Pictures have no `content` yet: the prompt is a draft."""

    def __init__(self, *, persona: Persona, clock: Callable[[], float] = time.time) -> None:
        self._persona = persona
        self._clock = clock
        self._zone = ZoneInfo(persona.timezone)

    def build(
        self,
        turn: ClaimedTurn,
        history: History,
        *,
        engine: Engine,
        max_tokens: int,
        care: bool = False,
    ) -> Prompt:
        """The newest of the history that leaves room for an answer, the current turn always.

        `care` asks for an answer to somebody who may be in distress. Raises PromptTooLong where
        the current turn alone does not fit."""
        info = engine.info
        messages = [*history.past, *history.current]
        spoken = _limit_pictures(
            [_spoken(message, history.attachments) for message in messages], info.max_pictures
        )
        system = PromptMessage("system", (PromptText(self.system(turn, info, care=care)),))
        turns = [
            [message for _, message in group]
            for _, group in groupby(
                zip(messages, spoken, strict=True), key=lambda pair: pair[0].turn_id
            )
        ]
        whole = _prompt(system, turns, turn)
        budget = info.context_window - min(max_tokens, info.context_window // 4)
        if engine.count(whole) <= budget:
            return whole
        return self._cut(system, turns, turn, engine=engine, budget=budget)

    def _cut(
        self,
        system: PromptMessage,
        turns: list[list[PromptMessage]],
        turn: ClaimedTurn,
        *,
        engine: Engine,
        budget: int,
    ) -> Prompt:
        def size(messages: Iterable[PromptMessage]) -> int:
            return engine.count(Prompt(tuple(messages))) if messages else 0

        sizes = [
            (
                size([each for each in messages if each.role == "user"]),
                size([each for each in messages if each.role != "user"]),
            )
            for messages in turns
        ]
        start = first_kept(sizes, fixed=size([system]), budget=budget)
        prompt = _prompt(system, turns[start:], turn)
        room = engine.info.context_window - engine.count(prompt)
        if room < min(LEAST_ANSWER, engine.info.context_window // 8):
            raise PromptTooLong(f"{room} of {engine.info.context_window} tokens left to answer in")
        return prompt

    def system(self, turn: ClaimedTurn, info: EngineInfo, *, care: bool = False) -> str:
        """Who the assistant is and which day it is; short for the checkpoint that ships."""
        today = datetime.fromtimestamp(self._clock(), self._zone)
        persona = self._persona
        lines = [
            f"You are {persona.assistant_name}, an assistant in a messenger. "
            f"Today is {today:%A}, {today.day} {today:%B %Y}."
        ]
        if persona.system_prompt:
            lines.append(persona.system_prompt)
        if not info.demonstration and turn.language:
            lines.append(
                f"The person's language is {turn.language}; answer in the language they write in."
            )
        if care and not info.demonstration:
            lines.append(CARE)
        return "\n".join(lines)


def _spoken(message: Message, attachments: dict[int, Attachment]) -> PromptMessage:
    """A message with its pictures, or what there is to say where one is missing."""
    parts: list[PromptPart] = []
    for part in message.parts:
        if isinstance(part, TextPart):
            parts.append(PromptText(readable(part.text)))
        else:
            parts.append(_picture(attachments.get(part.attachment_id)))
    return PromptMessage(message.speaker.value, tuple(parts))


def _picture(attachment: Attachment | None) -> PromptPart:
    if attachment is None:
        return PromptText(DELETED)
    if attachment.state is AttachmentState.PENDING:
        return PromptText(PENDING)
    stored = attachment.picture
    if attachment.state is AttachmentState.REFUSED or stored is None:
        return PromptText(REFUSED)
    return PromptPicture(
        sha256=stored.sha256,
        media_type=stored.media_type,
        width=stored.width,
        height=stored.height,
    )


def readable(text: str) -> str:
    """Text without control characters (all but tabs and line ends) and lone surrogates."""
    return _UNREADABLE.sub("", text)


def _limit_pictures(messages: Sequence[PromptMessage], limit: int) -> list[PromptMessage]:
    """Keep the newest `limit` pictures; a sentence in the place of each other one."""
    room, limited = limit, []
    marker = PromptText(EARLIER if limit else UNSEEN)
    for message in reversed(messages):
        parts: list[PromptPart] = []
        for part in reversed(message.parts):
            if isinstance(part, PromptPicture):
                room -= 1
                parts.append(part if room >= 0 else marker)
            else:
                parts.append(part)
        limited.append(PromptMessage(message.role, tuple(reversed(parts))))
    return limited[::-1]


def _prompt(
    system: PromptMessage, turns: Iterable[Iterable[PromptMessage]], turn: ClaimedTurn
) -> Prompt:
    """One message a speaker in turn, since many templates refuse two of the same in a row."""
    messages = [message for each in turns for message in each]
    joined = [
        PromptMessage(role, joined_parts(group))
        for role, group in groupby(messages, key=lambda message: message.role)
    ]
    spoken = [message for message in joined if message.parts]
    while spoken and spoken[0].role == Speaker.ASSISTANT.value:
        spoken.pop(0)
    return Prompt(messages=(system, *spoken), conversation_id=turn.conversation_id)


def joined_parts(messages: Iterable[PromptMessage]) -> tuple[PromptPart, ...]:
    """All parts in order; words that follow each other become one part, a line for each."""
    parts: list[PromptPart] = []
    for part in (part for message in messages for part in message.parts):
        if isinstance(part, PromptText):
            if not part.text:
                continue
            if parts and isinstance(last := parts[-1], PromptText):
                parts[-1] = PromptText(f"{last.text}\n{part.text}")
                continue
        parts.append(part)
    return tuple(parts)
