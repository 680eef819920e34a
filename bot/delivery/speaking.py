"""Buttons in the words of the person who is to press them."""

from __future__ import annotations

from collections.abc import Sequence

from chat.outbound import Button, SpokenButton
from chat.ports import Capabilities
from handlers.texts import Texts


def spoken(
    buttons: Sequence[Button], language: str, *, texts: Texts, can: Capabilities
) -> tuple[SpokenButton, ...]:
    """The buttons with their labels, or none where the messenger has no buttons."""
    if not can.buttons:
        return ()
    return tuple(
        SpokenButton(texts.label(button.label, language), button.action, button.url)
        for button in buttons
    )
