"""A fake Telegram Bot API server at the wire, and the people who use it."""

from tests.fakes.telegram.chats import Chat, Shown
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.server import TOKEN, FakeTelegram

__all__ = ["TOKEN", "Chat", "FakeTelegram", "Person", "Shown"]
