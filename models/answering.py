"""One turn in a worker, from its history to its committed end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import aclosing

import structlog
from msgspec import structs

from chat.errors import AttachmentMissing
from chat.failpoints import Failpoint, reached
from chat.messages import AttachmentPart, Message
from chat.moderation import Deed, Side, Verdict
from chat.outbound import Notice
from chat.ports import AttachmentStore
from chat.turns import ClaimedTurn, OutboundAdded, TurnResult, TurnState
from models.deltas import DeltaWriter
from models.engine import (
    Engine,
    Finished,
    Prompt,
    PromptMessage,
    PromptPart,
    PromptPicture,
    PromptText,
    SamplingParams,
)
from models.errors import EngineError, EngineUnavailable, PromptTooLong, TooManyPictures
from models.finishing import Finisher, Record
from models.held import Held, Interruption
from models.history import Histories, History
from models.metrics import WorkerMetrics
from models.moderating import AnswerWatch, Judged, Moderator, first_message
from models.prompt import DELETED, PromptBuilder
from moderation.recording import About, refusal
from moderation.recording import record as write_down
from storage.allowances import Usage
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.errors import BrokerUnavailable, StorageError

log = structlog.get_logger()

PATIENCE = 15 * 60.0  # seconds that a turn waits for an endpoint that is away
TELLING = 2.0  # seconds that a sentence has to arrive before what it tells of happens
REBUILDS = 3  # prompts tried while an endpoint tells what it does not take


class Answer:
    """What there is of an answer while it grows."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.first_text: float | None = None  # seconds after the prompt was finished
        self.finished: Finished | None = None
        self.prompt: Prompt | None = None
        self.question: Judged | None = None
        self.said: Judged | None = None  # of what it says itself

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    @property
    def judged(self) -> list[tuple[Side, Judged]]:
        """All that was looked at, and what follows."""
        sides = ((Side.QUESTION, self.question), (Side.ANSWER, self.said))
        return [(side, judged) for side, judged in sides if judged is not None]

    @property
    def stopped_by(self) -> Judged | None:
        """What keeps it from being shown, if anything does."""
        return next((judged for _, judged in self.judged if judged.verdict.stops), None)

    def computed(self, engine: Engine) -> int:
        """How many tokens were computed for it: those of the prompt that were not cached, and its
        own. Rather too many where it was stopped, since nobody has told then."""
        if self.finished is not None:
            fresh = self.finished.prompt_tokens - self.finished.cached_tokens
            return max(0, fresh) + self.finished.generated_tokens
        if self.prompt is None:
            return 0
        return engine.count(self.prompt) + max(len(self.pieces), self.length // 4)


class Answering:
    """Answers claimed turns, each by `answer`, any number at a time."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        engine: Engine,
        histories: Histories,
        prompts: PromptBuilder,
        params: SamplingParams,
        deltas: DeltaWriter,
        finisher: Finisher,
        metrics: WorkerMetrics,
        moderator: Moderator,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._store = store
        self._engine = engine
        self._histories = histories
        self._prompts = prompts
        self._params = params
        self._deltas = deltas
        self._finisher = finisher
        self._metrics = metrics
        self._moderator = moderator
        self._clock = clock

    async def answer(self, held: Held) -> None:
        """Bring a claimed turn to its end, or back into the queue."""
        turn = held.turn
        history: History | None = None
        answer = Answer()
        try:
            try:
                async with held:
                    await self._meet_engine()
                    history = await self._histories.load(turn)
                    reached(Failpoint.HISTORY_LOADED)
                    if await self._told_first(turn):
                        return
                    await self._compute(turn, history, answer)
            except EngineUnavailable as error:
                await self._wait_for_engine(turn, error)
                return
            except EngineError as error:
                await self._end(turn, history, failed(turn, error, answer.text))
                return
            if held.interruption is Interruption.RELEASED and answer.finished is None:
                await self._release(turn)
                return
            used = self._used(turn, answer)
            await self._end(turn, history, outcome(turn, answer), used=used, answer=answer)
        except StorageError as error:
            log.error("a turn goes back into the queue", turn=turn.id, error=str(error))
            await self._release(turn)
        finally:
            self._deltas.discard(turn.id, turn.attempt)

    async def _meet_engine(self) -> None:
        """Know how much fits into a prompt before one is made: a worker that has just begun would
        otherwise forget the beginning of long conversations. Raises EngineError."""
        if not self._engine.info.known:
            await self._engine.check()

    async def _compute(self, turn: ClaimedTurn, history: History, answer: Answer) -> None:
        """Generate; where the endpoint has told a limit, once more within it."""
        if not history.current:  # deleted while it waited
            return
        answer.question = await self._moderator.question(turn, history)
        if answer.stopped_by is not None:
            return
        care = answer.question.verdict.has(Deed.CARE)
        for _ in range(REBUILDS):
            info = self._engine.info
            draft = self._prompts.build(
                turn, history, engine=self._engine, max_tokens=self._params.max_tokens, care=care
            )
            prompt = await self._with_pictures(draft)
            reached(Failpoint.PROMPT_BUILT)
            try:
                await self._generate(turn, history, prompt, answer)
                return
            except (TooManyPictures, PromptTooLong):
                if self._engine.info == info or answer.pieces:
                    raise
        raise EngineError("the endpoint keeps refusing the prompt")

    async def _generate(
        self, turn: ClaimedTurn, history: History, prompt: Prompt, answer: Answer
    ) -> None:
        answer.prompt = prompt
        watch = self._moderator.watch(turn, history)
        try:
            await self._stream(turn, prompt, answer, watch)
            answer.said = await watch.finish(answer.text)
        finally:
            await watch.close()

    async def _stream(
        self, turn: ClaimedTurn, prompt: Prompt, answer: Answer, watch: AnswerWatch
    ) -> None:
        """Hand on what the engine says, until it ends or is not to be shown."""
        began = self._clock()
        async with aclosing(self._engine.generate(prompt, self._params)) as outputs:
            async for output in outputs:
                if isinstance(output, Finished):
                    answer.finished = output
                    return
                if not answer.pieces:
                    answer.first_text = max(0.0, self._clock() - began)
                    self._metrics.first_token.observe(answer.first_text)
                self._deltas.append(turn.id, turn.attempt, answer.length, output.text)
                answer.pieces.append(output.text)
                answer.length += len(output.text)
                if len(answer.pieces) == 1:
                    reached(Failpoint.FIRST_TEXT)
                watch.grown(answer.length, lambda: answer.text)
                if watch.stops:
                    return

    async def _with_pictures(self, draft: Prompt) -> Prompt:
        """The draft with the bytes of its pictures."""
        if not draft.pictures:
            return draft
        messages = []
        for message in draft.messages:
            parts = [await self._with_content(part) for part in message.parts]
            messages.append(PromptMessage(message.role, tuple(parts)))
        return Prompt(tuple(messages), draft.conversation_id)

    async def _with_content(self, part: PromptPart) -> PromptPart:
        if isinstance(part, PromptText):
            return part
        try:
            content = await self._store.get(part.sha256)
        except AttachmentMissing:
            return PromptText(DELETED)
        return PromptPicture(part.sha256, part.media_type, part.width, part.height, content)

    async def _end(
        self,
        turn: ClaimedTurn,
        history: History | None,
        result: TurnResult,
        *,
        used: Usage | None = None,
        answer: Answer | None = None,
    ) -> None:
        """Commit the end, then count it; nothing happens when another attempt has taken over. A
        history that was not loaded is not remembered."""
        self._deltas.discard(turn.id, turn.attempt)
        reached(Failpoint.ANSWER_COMPUTED)
        record = self._record(turn, history, answer) if answer is not None else None
        result = structs.replace(
            result,
            first_text_seconds=answer.first_text if answer else None,
            pictures=pictures_in(history.current) if history else None,
            model=self._engine.info.model if answer and answer.pieces else "",
        )
        if not await self._finisher.finish(result, used=used, record=record):
            log.warning("a late result was dropped", turn=turn.id, attempt=turn.attempt)
            return
        seconds = self._clock() - turn.created_at
        self._metrics.ended(turn.key.channel, result, seconds=seconds)
        log.info("turn ended", turn=turn.id, state=result.state.value, reason=result.reason)
        if history is not None:
            await self._histories.remember(turn, history, result)
        reached(Failpoint.SESSION_REMEMBERED)

    def _record(self, turn: ClaimedTurn, history: History | None, answer: Answer) -> Record | None:
        """What the verdicts change, to be written with the end."""
        if not any(judged.verdict.measures for _, judged in answer.judged):
            return None

        async def record(tx: Transaction) -> set[int]:
            told = False
            for side, judged in answer.judged:
                about = await self._about(tx, turn, history, answer, side, judged.verdict)
                told |= await write_down(tx, judged.verdict, about, judged.policy, self._clock())
            return {turn.conversation_id} if told else set()

        return record

    async def _about(
        self,
        tx: Transaction,
        turn: ClaimedTurn,
        history: History | None,
        answer: Answer,
        side: Side,
        verdict: Verdict,
    ) -> About:
        if side is Side.QUESTION:
            message_id = first_message(history.current if history else (), verdict)
        elif verdict.stops:  # kept for whoever looks at it, out of every prompt
            message_id = await tx.messages.add_taken_back(
                turn.conversation_id, turn_id=turn.id, text=answer.text
            )
        else:
            message_id = (await tx.turns.get(turn.id)).answer_id
        return About(
            turn.conversation_id,
            turn.user_id,
            turn.id,
            message_id,
            side,
            turn.language,
            turn.region,
        )

    def _used(self, turn: ClaimedTurn, answer: Answer) -> Usage:
        """What was computed, even where the question was edited meanwhile and it is void."""
        return Usage(
            user_id=turn.user_id,
            key=turn.key,
            receipt=f"turn:{turn.id}:{turn.attempt}",
            tokens=answer.computed(self._engine),
            budget=turn.budget,
        )

    async def _told_first(self, turn: ClaimedTurn) -> bool:
        """Whether the person has to be told first that their words go elsewhere, which puts the
        turn back for as long as the sentence needs to arrive."""
        fresh = frozenset(self._engine.info.places) - turn.told_places
        if not fresh:
            return False
        async with self._database.write() as transaction:
            until = self._clock() + TELLING
            if not await transaction.turns.release(turn.id, turn.attempt, until=until):
                return True
            if await transaction.conversations.tell_places(
                turn.conversation_id, fresh | turn.told_places
            ):
                notice = Notice("goes-elsewhere", {"places": ", ".join(sorted(fresh))})
                await transaction.outbound.add_notice(turn.conversation_id, notice, turn_id=turn.id)
        await self._tell(OutboundAdded(turn.conversation_id))
        return True

    async def _wait_for_engine(self, turn: ClaimedTurn, error: EngineUnavailable) -> None:
        """Try again later, telling the person the first time; give up after 15 minutes."""
        now = self._clock()
        since = now if turn.postponed_since is None else turn.postponed_since
        log.warning("the engine is away", turn=turn.id, error=str(error))
        if now - since >= PATIENCE:
            await self._end(turn, None, failed(turn, error, ""))
            return
        wait = max(error.retry_after or 0.0, min(30.0, 1.0 + (now - since) / 2))
        until = min(now + wait, since + PATIENCE)
        first = turn.postponed_since is None
        async with self._database.write() as transaction:
            ours = await transaction.turns.postpone(
                turn.id, turn.attempt, until=until, reason="endpoint-down"
            )
            if ours and first:
                await transaction.outbound.add_notice(
                    turn.conversation_id, Notice("endpoint-down"), turn_id=turn.id
                )
        if ours and first:
            await self._tell(OutboundAdded(turn.conversation_id))

    async def _release(self, turn: ClaimedTurn) -> None:
        try:
            async with self._database.write() as transaction:
                await transaction.turns.release(turn.id, turn.attempt)
            await self._broker.hint([turn.conversation_id])
        except StorageError as error:  # its lease will lapse, or a sweep hint it
            log.warning("a turn could not be released", turn=turn.id, error=str(error))

    async def _tell(self, event: OutboundAdded) -> None:
        try:
            await self._broker.publish(event)
        except BrokerUnavailable as error:
            log.warning("an event was not told", error=str(error))


def outcome(turn: ClaimedTurn, answer: Answer) -> TurnResult:
    """The end of a turn whose computing has ended in order: answered, or cancelled on the way."""
    end, text = answer.finished, answer.text
    if stopped := answer.stopped_by:
        return TurnResult(
            turn.id,
            turn.attempt,
            TurnState.REFUSED,
            reason=refusal(stopped.verdict, stopped.policy, turn.language),
        )
    if end is None:
        return TurnResult(turn.id, turn.attempt, TurnState.CANCELLED, text, reason="stopped")
    empty = not text.strip()
    return TurnResult(
        turn.id,
        turn.attempt,
        TurnState.FAILED if empty else TurnState.ANSWERED,
        text="" if empty else text,
        reason=EngineError.key if empty else "",
        finish_reason=end.finish_reason,
        prompt_tokens=end.prompt_tokens,
        cached_tokens=end.cached_tokens,
        generated_tokens=end.generated_tokens,
    )


def pictures_in(messages: Sequence[Message]) -> int:
    """How many pictures are in them."""
    parts = [part for message in messages for part in message.parts]
    return sum(isinstance(part, AttachmentPart) for part in parts)


def failed(turn: ClaimedTurn, error: EngineError, text: str) -> TurnResult:
    """The end of a turn that the engine could not answer."""
    refused = isinstance(error, PromptTooLong)
    state = TurnState.REFUSED if refused else TurnState.FAILED
    log.warning("no answer", turn=turn.id, error=str(error), key=error.key)
    return TurnResult(turn.id, turn.attempt, state, text, reason=error.key)
