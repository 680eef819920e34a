"""Which model answers, and how: the settings of this house."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from models.endpoint.presets import presets


class NumberFormat(Enum):
    """How the weights of a checkpoint on one's own machine are kept."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"
    INT4 = "int4"


class ModelSettings(Struct, frozen=True):
    """`engine_url` set: an OpenAI-compatible endpoint answers; else transformers in the worker.

    It is an address, the name of a cloud, or several of them with spaces between. `engine_account`
    and `engine_region` are what some clouds want in their addresses.
    `model` is a folder, a hub id or the endpoint's name for it; empty stands for the checkpoint
    that ships with the project, or the endpoint's first model. `models` are others that admins may
    switch to. `context_window` and `max_tokens`
    are tokens; None stands for what the endpoint or checkpoint says of itself.
    """

    model: str = ""
    models: tuple[str, ...] = ()
    engine_url: str = ""
    engine_api_key: str = ""
    engine_account: str = ""
    engine_region: str = ""
    number_format: NumberFormat = NumberFormat.AUTO
    context_window: Annotated[int, Meta(ge=256)] | None = None
    max_pictures: Annotated[int, Meta(ge=0, le=100)] | None = None
    max_tokens: Annotated[int, Meta(ge=1, le=1_000_000)] = 1024
    temperature: Annotated[float, Meta(ge=0, le=2)] = 0.6

    def __post_init__(self) -> None:
        known = presets()
        for each in self.engine_urls:
            if each not in known and not each.startswith(("http://", "https://")):
                raise ValueError(
                    "ENGINE_URL wants an address such as http://127.0.0.1:11434/v1, or one of "
                    + ", ".join(known)
                )
            if each in known:
                known[each].address(account=self.engine_account, region=self.engine_region)
                for name in (self.model, *self.models):
                    known[each].model(name)

    @property
    def engine_urls(self) -> list[str]:
        """The addresses and names in `engine_url`, in their order."""
        return self.engine_url.replace(",", " ").split()
