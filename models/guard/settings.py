"""Which guard looks at what is said: its part of the settings."""

from __future__ import annotations

from msgspec import Struct

from models.endpoint.presets import presets
from models.guard.errors import of_guard
from models.guard.hazards import codes
from models.settings import ModelSettings, NumberFormat


class GuardSettings(Struct, frozen=True):
    """`guard_url` is for the guard what ENGINE_URL is for the assistant: an address, several with
    spaces between, or a cloud, which wants `guard_model` named.

    `guard_model` is the endpoint's name for it, or without `guard_url` a folder or hub id of a
    Llama Guard 4 that is loaded into the worker; neither set: there is no guard. `guard_excludes`
    are hazards that nothing is said about, by code or category.
    """

    guard_url: str = ""
    guard_model: str = ""
    guard_api_key: str = ""
    guard_account: str = ""
    guard_region: str = ""
    guard_number_format: NumberFormat = NumberFormat.AUTO
    guard_excludes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            urls = self.endpoint.engine_urls
        except ValueError as error:
            raise ValueError(of_guard(str(error))) from None
        clouds = [url for url in urls if url in presets()]
        if clouds and not self.guard_model:
            raise ValueError(f"GUARD_MODEL wants what {clouds[0]} calls its Llama Guard")
        try:
            codes(self.guard_excludes)
        except ValueError as error:
            raise ValueError(f"GUARD_EXCLUDES {error}") from None

    @property
    def wanted(self) -> bool:
        """Whether there is to be a guard at all."""
        return bool(self.guard_url or self.guard_model)

    @property
    def endpoint(self) -> ModelSettings:
        """The same as settings of an engine. Raises ValueError."""
        return ModelSettings(
            model=self.guard_model,
            engine_url=self.guard_url,
            engine_api_key=self.guard_api_key,
            engine_account=self.guard_account,
            engine_region=self.guard_region,
            number_format=self.guard_number_format,
        )
