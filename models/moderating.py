"""What a worker looks at: questions before they are answered, answers while they grow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import structlog
from msgspec import structs

from chat.errors import AttachmentMissing
from chat.messages import Attachment, AttachmentPart, Message, Speaker
from chat.moderation import ALLOWED, Deed, Measure, Place, Side, Verdict
from chat.ports import AttachmentStore
from chat.turns import ClaimedTurn
from models.history import History
from moderation.checks import Said, Shown, Subject, place_of
from moderation.pipeline import Pipeline
from moderation.policy.deciding import decide
from moderation.policy.live import LivePolicy
from moderation.policy.rules import Policy

log = structlog.get_logger()

BEFORE = 20  # messages that checks see of what was said before
GREW = 240  # characters of an answer after which it is looked at again
_SIDES = {Speaker.PERSON: Side.QUESTION, Speaker.ASSISTANT: Side.ANSWER}


class Judged(NamedTuple):
    """A verdict, and the version of the policy that it is from."""

    verdict: Verdict
    policy: Policy


class Moderator:
    """Runs the checks over turns. Any number of turns at once."""

    def __init__(self, *, pipeline: Pipeline, policy: LivePolicy, store: AttachmentStore) -> None:
        self._pipeline = pipeline
        self._policy = policy
        self._store = store

    async def question(self, turn: ClaimedTurn, history: History) -> Judged:
        """What follows from the turn's own messages and pictures."""
        people = [message for message in history.current if message.speaker is Speaker.PERSON]
        fresh = [message for message in people if message.id > turn.cleared_up_to]
        said = fresh or people
        subject = Subject(
            side=Side.QUESTION,
            new=tuple(map(_said, said)),
            pictures=await self._pictures(said, history.attachments),
            before=tuple(map(_said, history.past[-BEFORE:])),
            place=_place(turn),
            language=turn.language,
            user_id=turn.user_id,
            conversation_id=turn.conversation_id,
        )
        judged = await self._look(subject)
        return judged if fresh else Judged(_let_through(judged.verdict), judged.policy)

    def watch(self, turn: ClaimedTurn, history: History) -> AnswerWatch:
        """Looks at the answer of a turn while it grows."""
        before = tuple(map(_said, (*history.past, *history.current)))[-BEFORE:]
        subject = Subject(
            side=Side.ANSWER,
            new=(),
            before=before,
            place=_place(turn),
            language=turn.language,
            user_id=turn.user_id,
            conversation_id=turn.conversation_id,
        )
        return AnswerWatch(self._look, subject)

    async def _look(self, subject: Subject) -> Judged:
        policy = await self._policy.get()
        looked = await self._pipeline.look(subject, policy)
        return Judged(decide(policy, looked.findings, subject.place), policy)

    async def _pictures(
        self, said: Iterable[Message], attachments: dict[int, Attachment]
    ) -> tuple[Shown, ...]:
        shown = []
        for message in said:
            for part in message.parts:
                if isinstance(part, AttachmentPart):
                    found = await self._picture(attachments.get(part.attachment_id), message.id)
                    shown += [found] if found else []
        return tuple(shown)

    async def _picture(self, attachment: Attachment | None, message_id: int) -> Shown | None:
        if attachment is None or attachment.picture is None:
            return None
        stored = attachment.picture
        with suppress(AttachmentMissing):  # deleted meanwhile: no prompt shows it either
            content = await self._store.get(stored.sha256)
            return Shown(stored.sha256, stored.media_type, content, message_id, attachment.id)
        return None


class AnswerWatch:
    """One answer. Looking goes on beside the generating, one look at a time, over all that there is
    by then; only the last look is waited for."""

    def __init__(
        self, look: Callable[[Subject], Coroutine[Any, Any, Judged]], subject: Subject
    ) -> None:
        self._look_at = look
        self._subject = subject
        self._looked = 0  # characters
        self._looking: asyncio.Task[Judged] | None = None
        self.judged: Judged | None = None

    @property
    def stops(self) -> bool:
        """Whether what there is of the answer must not be shown."""
        self._take()
        return self.judged is not None and self.judged.verdict.stops

    def grown(self, length: int, text: Callable[[], str]) -> None:
        """Tell that the answer has so many characters now; `text` gives them all."""
        self._take()
        if self._looking is None and length - self._looked >= GREW:
            self._begin(text())

    async def finish(self, text: str) -> Judged | None:
        """The verdict of the whole answer; None where there is nothing to look at."""
        if self._looking is not None:
            await self._looking
            self._take()
        if text.strip() and not self.stops and len(text) > self._looked:
            self._begin(text)
            await self.finish(text)
        return self.judged

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    def _begin(self, text: str) -> None:
        self._looked = len(text)
        subject = structs.replace(self._subject, new=(Said(Side.ANSWER, text),))
        self._looking = asyncio.create_task(self._look_at(subject), name="look")

    def _take(self) -> None:
        if self._looking is not None and self._looking.done():
            self.judged, self._looking = self._looking.result(), None


def _said(message: Message) -> Said:
    return Said(_SIDES[message.speaker], message.text, message.id or None)


def _place(turn: ClaimedTurn) -> Place:
    return place_of(turn.key.channel, turn.region, restricted=turn.restricted)


def _let_through(verdict: Verdict) -> Verdict:
    """Somebody has looked at it and let it through: only care is left of what follows."""
    care = (Measure(Deed.CARE),) if verdict.has(Deed.CARE) else ()
    return Verdict(verdict.findings, measures=care, policy=verdict.policy) if care else ALLOWED


def first_message(messages: Sequence[Message], verdict: Verdict) -> int | None:
    """The message that a verdict is about: the one with the leading finding, else the last."""
    for finding in verdict.findings:
        if finding.category == verdict.category and finding.message_id is not None:
            return finding.message_id
    people = [message.id for message in messages if message.speaker is Speaker.PERSON]
    return people[-1] if people else None
