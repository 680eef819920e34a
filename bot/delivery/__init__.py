"""Shows answers as they grow, under every send budget."""

from bot.delivery.broadcasting import Broadcaster
from bot.delivery.delivery import Delivery
from bot.delivery.desk import DeskPlace, ModeratorsDesk
from bot.delivery.notices import NoticeSender
from bot.delivery.pacing import PacedChannel
from bot.delivery.showing import Pace

__all__ = [
    "Broadcaster",
    "Delivery",
    "DeskPlace",
    "ModeratorsDesk",
    "NoticeSender",
    "Pace",
    "PacedChannel",
]
