"""Turns from their opening to their end, and who shows them."""

from __future__ import annotations

from storage.repositories.turn_claiming import TurnClaiming
from storage.repositories.turn_ending import TurnEnding
from storage.repositories.turn_failures import TurnFailures
from storage.repositories.turn_figures import TurnFigures
from storage.repositories.turn_opening import TurnOpening
from storage.repositories.turn_showing import TurnShowing


class Turns(TurnOpening, TurnClaiming, TurnEnding, TurnShowing, TurnFailures, TurnFigures):
    """Turns of conversations: opening, answering, ending, showing, those that failed, figures."""
