"""Turns from their opening to their end, and who shows them."""

from __future__ import annotations

from storage.repositories.turn_answering import TurnAnswering
from storage.repositories.turn_opening import TurnOpening
from storage.repositories.turn_showing import TurnShowing


class Turns(TurnOpening, TurnAnswering, TurnShowing):
    """Turns of conversations: opening, answering, ending and showing."""
