"""Naughty answers on Telegram: none is refused, none is previewed, and entities fit exactly."""

from __future__ import annotations

import re

from bot.channels.telegram.channel import MAX_TEXT, PART, TelegramChannel
from bot.channels.telegram.markdown import render
from bot.channels.telegram.splitting import split, utf16_length
from chat.outbound import OutboundMessage, SpokenButton
from tests.bot.channels.telegram.parts import key_of
from tests.fakes.telegram import FakeTelegram, Person
from tests.naughty.strings import STRINGS

WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def parts_of(text: str) -> list[str]:
    return split(text, PART)


def test_entities_fit_their_text_exactly() -> None:
    for text in STRINGS:
        for part in parts_of(text):
            rendered = render(part, limit=MAX_TEXT)
            units = rendered.text.encode("utf-16-le")  # raises where half a pair is left
            assert 0 < len(units) // 2 <= MAX_TEXT, text[:200]
            for entity in rendered.entities:
                start, end = entity["offset"], entity["offset"] + entity["length"]
                assert 0 <= start < end <= len(units) // 2, (text[:200], entity)
                units[2 * start : 2 * end].decode("utf-16-le")  # raises inside of a pair
                if "url" in entity:
                    assert WEB_ADDRESS.match(entity["url"]), (text[:200], entity)


def test_parts_are_within_the_limit_and_lose_no_word() -> None:
    for text in STRINGS:
        parts = parts_of(text)
        assert all(utf16_length(part) <= PART for part in parts), text[:200]
        words = re.findall(r"[^\W_]+", text) if len(text) <= PART else []
        assert all(any(word in part for part in parts) for word in words), text[:200]


async def test_sends_and_edits_are_taken_and_never_previewed(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    key, button = key_of(anna), SpokenButton("Stop", "stop:1")
    for text in STRINGS:
        for part in parts_of(text)[:2]:
            sent = await channel.send(key, OutboundMessage(part, buttons=(button,)))
            assert not anna.chat.from_bot[-1].preview, text[:200]
            await channel.edit(key, sent, OutboundMessage(f"see https://outside.example\n\n{part}"))
            assert not anna.chat.from_bot[-1].preview, text[:200]
    assert telegram.violations == []
    assert len(anna.chat.from_bot) >= len(STRINGS) - 30  # some say nothing at all


async def test_captions_of_files_are_taken(channel: TelegramChannel, anna: Person) -> None:
    for text in STRINGS[::9]:
        caption = OutboundMessage(text[:500], document=b"PK\x03\x04", document_name="export.zip")
        await channel.send(key_of(anna), caption)
        assert not anna.chat.from_bot[-1].preview, text[:200]
