"""People who use Telegram: what they can do with the bot, in their own words."""

from __future__ import annotations

import copy
import time
from typing import Any

from tests.fakes.telegram.chats import Chat, Shown, Version
from tests.fakes.telegram.others import OTHER_KINDS
from tests.fakes.telegram.pictures import photo_sizes
from tests.fakes.telegram.text import MAX_TEXT, commands_in, utf16_length
from tests.fakes.telegram.world import World

BLOCKED = "bot was blocked by the user"


class Person:
    """Somebody with a private chat with the bot."""

    def __init__(self, world: World, *, number: int, name: str, language: str) -> None:
        self._world = world
        self.id = number
        self.user = {
            "id": number,
            "is_bot": False,
            "first_name": name,
            "language_code": language,
        }
        self.chat = Chat(number, {"id": number, "type": "private", "first_name": name})
        world.chats[number] = self.chat

    def says(
        self,
        text: str,
        *,
        reply_to: Shown | None = None,
        thread: int | None = None,
        chat: Chat | None = None,
    ) -> Shown:
        """Write a message of at most 4,096 UTF-16 units."""
        assert utf16_length(text) <= MAX_TEXT, "the app would cut this into pieces: use pastes()"
        commands = commands_in(text)
        fields = {"text": text, **({"entities": commands} if commands else {})}
        return self._send(fields, reply_to=reply_to, thread=thread, chat=chat)

    def pastes(self, text: str) -> list[Shown]:
        """Send a text of any length; the app cuts it into pieces of 4,096, as the real one."""
        pieces = []
        while text:
            piece = text[:MAX_TEXT]
            while utf16_length(piece) > MAX_TEXT:
                piece = piece[: len(piece) - (utf16_length(piece) - MAX_TEXT + 1) // 2]
            pieces.append(self.says(piece))
            text = text[len(piece) :]
        return pieces

    def sends_photo(
        self,
        content: bytes,
        caption: str = "",
        *,
        reply_to: Shown | None = None,
        album: str = "",
        thread: int | None = None,
    ) -> Shown:
        """Send a picture the usual way."""
        fields: dict[str, Any] = {"photo": photo_sizes(self._world, content)}
        fields |= {"caption": caption} if caption else {}
        fields |= {"media_group_id": album} if album else {}
        return self._send(fields, reply_to=reply_to, thread=thread, content=content)

    def sends_album(self, contents: list[bytes], caption: str = "") -> list[Shown]:
        """Send several pictures at once; the caption is on the first, as apps do it."""
        album = str(13_000_000_000_000_000 + self._world.next_number())
        return [
            self.sends_photo(content, caption if number == 0 else "", album=album)
            for number, content in enumerate(contents)
        ]

    def sends_document(
        self,
        content: bytes,
        name: str,
        media_type: str,
        caption: str = "",
        *,
        claimed_size: int | None = None,
        reply_to: Shown | None = None,
    ) -> Shown:
        """Send a file as it is; `claimed_size` lets it seem larger than it is."""
        file = self._world.add_file(content, "documents", name, claimed_size)
        document = {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_name": name,
            "mime_type": media_type,
            "file_size": file.size,
        }
        fields: dict[str, Any] = {"document": document}
        fields |= {"caption": caption} if caption else {}
        return self._send(fields, reply_to=reply_to, content=content)

    def sends_other(self, kind: str, caption: str = "") -> Shown:
        """Send a voice message, a sticker, a place, ...: one of `others.OTHER_KINDS`."""
        fields = copy.deepcopy(OTHER_KINDS[kind])
        fields |= {"caption": caption} if caption else {}
        return self._send(fields)

    def edits(self, shown: Shown, text: str) -> None:
        """Change what one of their own messages says."""
        name = "text" if "text" in shown.body else "caption"
        shown.body = {**shown.body, name: text, "edit_date": int(time.time())}
        shown.versions.append(Version(time.monotonic(), text))
        self._put("edited_message", shown.body, self.chat)

    def presses(self, shown: Shown, label: str, *, chat: Chat | None = None) -> str:
        """Press the button with this label, in their own chat or a group; the id of the query."""
        chat = chat or self.chat
        rows = shown.body["reply_markup"]["inline_keyboard"]
        data = [one["callback_data"] for row in rows for one in row if one["text"] == label]
        assert data, f"no button {label!r} among {shown.buttons}"
        number = str(4_000_000_000_000 + self._world.next_number())
        query = {
            "id": number,
            "from": self.user,
            "message": shown.body,
            "chat_instance": "1",
            "data": data[0],
        }
        self._world.queries[number] = chat.id
        self._put("callback_query", query, chat)
        return number

    def blocks_bot(self) -> None:
        """Stop the bot from writing here."""
        self.chat.refusal = BLOCKED
        self._member_update(self.chat, old="member", new="kicked")

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self.chat.refusal = ""
        self._member_update(self.chat, old="kicked", new="member")

    def adds_bot_to(self, title: str) -> Chat:
        """Add the bot to a group with this title."""
        number = -4_000_000_000 - self._world.next_number()
        group = Chat(number, {"id": number, "type": "group", "title": title})
        self._world.chats[number] = group
        self._member_update(group, old="left", new="member")
        self._send({"new_chat_members": [self._world.bot]}, chat=group)
        return group

    def upgrades(self, group: Chat, *, told: bool = True) -> Chat:
        """Make a group a supergroup, which gives it another id; a message in it says so."""
        number = -1_000_000_000_000 + group.id
        moved = Chat(number, {**group.body, "id": number, "type": "supergroup"})
        self._world.chats[number] = moved
        if told:
            self._send({"migrate_to_chat_id": number}, chat=group)
        group.migrated_to = number
        return moved

    def _send(
        self,
        fields: dict[str, Any],
        *,
        reply_to: Shown | None = None,
        thread: int | None = None,
        chat: Chat | None = None,
        content: bytes | None = None,
    ) -> Shown:
        chat = chat or self.chat
        if reply_to is not None:
            body = {name: val for name, val in reply_to.body.items() if name != "reply_to_message"}
            fields["reply_to_message"] = body
        if thread is not None:
            fields |= {"message_thread_id": thread, "is_topic_message": True}
        shown = self._world.add_message(chat, self.user, fields, content=content)
        self._put("message", shown.body, chat)
        return shown

    def _member_update(self, chat: Chat, *, old: str, new: str) -> None:
        update = {
            "chat": chat.body,
            "from": self.user,
            "date": int(time.time()),
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(new),
        }
        self._put("my_chat_member", update, chat)

    def _member(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._world.bot, "status": status, **until}

    def _put(self, kind: str, payload: dict[str, Any], chat: Chat) -> None:
        self._world.inbox.put(kind, payload, chat_id=chat.id)
