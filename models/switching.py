"""Which of the allowed models a worker serves, and how it comes to another one."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

import structlog
from msgspec import structs

from chat.outbound import Notice
from chat.turns import OutboundAdded
from models.engine import Engine, Prompt, PromptMessage, PromptText, SamplingParams
from models.errors import EngineMisconfigured
from models.settings import ModelSettings
from storage.broker import Broker
from storage.database import Database
from storage.errors import BrokerUnavailable, StorageError
from storage.repositories import ASSISTANT, ModelChoice, SwitchState

log = structlog.get_logger()

DEFAULT = "default"  # how the settings' own model is called
LOOK = 2.0  # seconds between two looks at what is wanted
PROOF = 300.0  # seconds in which a model has to say its first word
_ASKED = Prompt(
    (
        PromptMessage("system", (PromptText("Answer in one word."),)),
        PromptMessage("user", (PromptText("Are you there?"),)),
    )
)


class Choosing:
    """What admins want, as far as the settings allow it, and what came of it."""

    def __init__(
        self, *, database: Database, broker: Broker, settings: ModelSettings, look: float = LOOK
    ) -> None:
        self._database = database
        self._broker = broker
        self._settings = settings
        self._look = look

    async def get(self) -> ModelChoice:
        """What is wanted now; the settings' own while the database is away."""
        try:
            async with self._database.read() as tx:
                return await tx.operations.model()
        except StorageError as error:
            log.warning("model-choice-unknown", error=str(error))
            return ModelChoice()

    def settings_for(self, choice: ModelChoice) -> ModelSettings:
        """The settings with the model that is wanted. Raises EngineMisconfigured where they do not
        allow it, or not any more."""
        if not choice.wanted:
            return self._settings
        if choice.wanted not in self._settings.models:
            raise EngineMisconfigured("MODELS does not name it")
        return structs.replace(self._settings, model=choice.wanted)

    async def until_other(self, served: ModelChoice) -> None:
        """Return when something else is wanted than what is served."""
        while True:
            await asyncio.sleep(self._look)
            try:
                async with self._database.read() as tx:
                    wanted = await tx.operations.model()
            except StorageError:
                continue  # what is served goes on
            anew = wanted.state is SwitchState.WANTED and wanted.number != served.number
            if anew or wanted.wanted != served.wanted:
                return

    async def answers(self, served: ModelChoice, engine: Engine) -> None:
        """A model that was wanted is loaded and has answered: the one who asked hears of it."""
        async with self._database.write() as tx:
            done = await tx.operations.model_answers(served.number)
            if done is None:
                return
            await tx.audit.add(
                "model.switched",
                actor=ASSISTANT,
                kind="operation",
                object_id="model",
                details={"model": engine.info.model},
            )
            if done.conversation_id is not None:
                notice = Notice("model-switched", {"model": f"`{engine.info.model}`"})
                await tx.outbound.add_notice(done.conversation_id, notice)
        await self._tell(done)

    async def fails(self, served: ModelChoice) -> None:
        """A model cannot answer: everybody goes back, and the one who asked hears of it."""
        async with self._database.write() as tx:
            back = await tx.operations.model_failed(served.number, served.wanted)
            if back is None:
                return
            await tx.audit.add(
                "model.failed",
                actor=ASSISTANT,
                kind="operation",
                object_id="model",
                details={"model": back.failed, "back": back.wanted},
            )
            if back.conversation_id is not None:
                notice = Notice("model-switch-failed", {"model": f"`{back.failed or DEFAULT}`"})
                await tx.outbound.add_notice(back.conversation_id, notice)
        await self._tell(back)

    async def _tell(self, choice: ModelChoice) -> None:
        if choice.conversation_id is not None:
            with suppress(BrokerUnavailable):
                await self._broker.publish(OutboundAdded(choice.conversation_id))


async def prove(engine: Engine) -> None:
    """Have a model say something. Raises EngineError, and TimeoutError."""
    await engine.check()
    async with (
        asyncio.timeout(PROOF),
        aclosing(engine.generate(_ASKED, SamplingParams(max_tokens=4, temperature=0))) as outputs,
    ):
        async for _ in outputs:
            pass
