"""The flood limits of the real Telegram, as bots have met them."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from dataclasses import dataclass, field

from tests.fakes.telegram.errors import too_many_requests

COUNTED = frozenset(
    {
        "sendMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
        "deleteMessage",
        "sendChatAction",
        "sendPhoto",
        "sendDocument",
        "setMessageReaction",
    }
)


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` tokens a second, at most `burst` of them."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    filled_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def has_token(self, now: float) -> bool:
        """Fill up to now and say whether a call may pass."""
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return self.tokens >= 1


class FloodLimits:
    """Per chat and overall, 429 beyond. `early` counts calls inside a wait that was asked for."""

    def __init__(self) -> None:
        self.enabled = True
        self.overall = Bucket(30, 30)
        self.chat_rate = 1.0
        self.chat_burst = 5.0
        self.retry_after = 3
        self.refused = 0
        self.early = 0
        self._chats: defaultdict[int, Bucket] = defaultdict(self._new_chat)
        self._wait_until: dict[int, float] = {}

    def _new_chat(self) -> Bucket:
        return Bucket(self.chat_rate, self.chat_burst)

    def demand_wait(self, chat_id: int, seconds: int) -> None:
        """From now on the chat is in a wait, as after a 429."""
        self._wait_until[chat_id] = time.monotonic() + seconds

    def admit(self, method: str, chat_id: int) -> None:
        """Let a call pass, or raise the 429 that Telegram would answer."""
        if method not in COUNTED:
            return
        now = time.monotonic()
        wait = self._wait_until.get(chat_id, 0.0) - now
        if wait > 0:
            self.refused += 1
            self.early += 1
            raise too_many_requests(math.ceil(wait))
        if not self.enabled:
            return
        chat = self._chats[chat_id]
        if chat.has_token(now) and self.overall.has_token(now):
            chat.tokens -= 1
            self.overall.tokens -= 1
            return
        self.refused += 1
        self.demand_wait(chat_id, self.retry_after)
        raise too_many_requests(self.retry_after)
