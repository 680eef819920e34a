"""The methods that change what a person sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram.body import Upload
from tests.fakes.telegram.chats import Chat, Shown, Version
from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.pictures import photo_sizes
from tests.fakes.telegram.text import MAX_CAPTION, MAX_TEXT, formatted, utf16_length
from tests.fakes.telegram.world import World

Params = dict[str, Any]
Uploads = dict[str, Upload]
Method = Callable[[World, Params, Uploads], Any]


def send_message(world: World, params: Params, uploads: Uploads) -> Any:
    """A new text in the chat."""
    chat = world.writable_chat(params.get("chat_id"))
    fields = {**_common_fields(world, chat, params), **_text_fields(params, editing=False)}
    shown = world.add_message(chat, world.bot, fields)
    chat.set_preview(shown, params.get("link_preview_options"))
    return shown.body


def edit_message_text(world: World, params: Params, uploads: Uploads) -> Any:
    """Another text in place of the one that stands there, and other buttons."""
    chat, shown = _message_to_edit(world, params)
    if "text" not in shown.body:
        raise bad_request("there is no text in the message to edit")
    fields = _text_fields(params, editing=True)
    return _replace(chat, shown, fields, params)


def edit_message_caption(world: World, params: Params, uploads: Uploads) -> Any:
    """Another caption in place of the one that stands there."""
    chat, shown = _message_to_edit(world, params)
    return _replace(chat, shown, _caption_fields(params), params)


def edit_message_reply_markup(world: World, params: Params, uploads: Uploads) -> Any:
    """Other buttons under the same words."""
    chat, shown = _message_to_edit(world, params)
    names = ("text", "entities", "caption", "caption_entities")
    same = {name: shown.body[name] for name in names if name in shown.body}
    return _replace(chat, shown, same, params)


def delete_message(world: World, params: Params, uploads: Uploads) -> Any:
    """The message disappears for everybody."""
    chat = world.writable_chat(params.get("chat_id"))
    shown = chat.find(params["message_id"])
    if shown is None:
        raise bad_request("message to delete not found")
    shown.deleted = True
    chat.changed()
    return True


def send_photo(world: World, params: Params, uploads: Uploads) -> Any:
    """A picture of the bot."""
    chat = world.writable_chat(params.get("chat_id"))
    upload = _uploaded(params.get("photo"), "photo", uploads)
    fields = {
        **_common_fields(world, chat, params),
        **_caption_fields(params),
        "photo": photo_sizes(world, upload.content),
    }
    return world.add_message(chat, world.bot, fields, content=upload.content).body


def send_document(world: World, params: Params, uploads: Uploads) -> Any:
    """A file of the bot."""
    chat = world.writable_chat(params.get("chat_id"))
    upload = _uploaded(params.get("document"), "document", uploads)
    file = world.add_file(upload.content, "documents", upload.name)
    fields = {
        **_common_fields(world, chat, params),
        **_caption_fields(params),
        "document": {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_name": upload.name,
            "file_size": file.size,
        },
    }
    return world.add_message(chat, world.bot, fields, content=upload.content).body


def send_chat_action(world: World, params: Params, uploads: Uploads) -> Any:
    """The bot is typing."""
    chat = world.writable_chat(params.get("chat_id"))
    chat.typing_at.append(time.monotonic())
    chat.changed()
    return True


def send_message_draft(world: World, params: Params, uploads: Uploads) -> Any:
    """A preview of a text that is being written; no message."""
    chat = world.writable_chat(params.get("chat_id"))
    if params["draft_id"] == 0:
        raise bad_request("draft_id must be non-zero")
    text = params.get("text", "")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    chat.drafts.append(Version(time.monotonic(), text))
    chat.changed()
    return True


def set_message_reaction(world: World, params: Params, uploads: Uploads) -> Any:
    """The bot's reaction under a message."""
    chat = world.writable_chat(params.get("chat_id"))
    if chat.find(params["message_id"]) is None:
        raise bad_request("message to react not found")
    given = params.get("reaction", [])
    chat.reactions[params["message_id"]] = [one.get("emoji", one["type"]) for one in given]
    chat.changed()
    return True


def answer_callback_query(world: World, params: Params, uploads: Uploads) -> Any:
    """The press of a button was noticed."""
    chat_id = world.queries.pop(params["callback_query_id"], None)
    if chat_id is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    chat = world.chats[chat_id]
    chat.pressed_notes.append(params.get("text", ""))
    chat.changed()
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
}


def _common_fields(world: World, chat: Chat, params: Params) -> dict[str, Any]:
    """Thread, reply and buttons of a new message."""
    fields: dict[str, Any] = {}
    if "message_thread_id" in params:
        fields["message_thread_id"] = params["message_thread_id"]
        fields["is_topic_message"] = True
    reply = params.get("reply_parameters")
    if reply:
        replied = chat.find(reply["message_id"])
        if replied is not None:
            body = {
                name: value for name, value in replied.body.items() if name != "reply_to_message"
            }
            fields["reply_to_message"] = body
        elif not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    return {**fields, **_buttons(params)}


def _buttons(params: Params) -> dict[str, Any]:
    markup = params.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not button["text"]:
            raise bad_request("inline keyboard button text must be non-empty")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
        if data is None and "url" not in button and "copy_text" not in button:
            raise bad_request(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline "
                "keyboard"
            )
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _text_fields(params: Params, *, editing: bool) -> dict[str, Any]:
    given = params.get("text", "")
    if not given:
        raise bad_request("message text is empty")
    text, entities = formatted(
        given, entities=params.get("entities"), parse_mode=params.get("parse_mode")
    )
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("MESSAGE_TOO_LONG" if editing else "message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def _caption_fields(params: Params) -> dict[str, Any]:
    given = params.get("caption", "")
    if not given:
        return {}
    caption, entities = formatted(
        given, entities=params.get("caption_entities"), parse_mode=params.get("parse_mode")
    )
    if utf16_length(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return {"caption": caption, **({"caption_entities": entities} if entities else {})}


def _message_to_edit(world: World, params: Params) -> tuple[Chat, Shown]:
    chat = world.writable_chat(params.get("chat_id"))
    shown = chat.find(params.get("message_id", 0))
    if shown is None:
        raise bad_request("message to edit not found")
    if not shown.from_bot:
        raise bad_request("message can't be edited")
    return chat, shown


def _replace(chat: Chat, shown: Shown, fields: dict[str, Any], params: Params) -> Any:
    fields = {**fields, **_buttons(params)}
    names = ("text", "entities", "caption", "caption_entities", "reply_markup")
    if all(shown.body.get(name) == fields.get(name) for name in names):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    kept = {name: value for name, value in shown.body.items() if name not in names}
    shown.body = {**kept, **fields, "edit_date": int(time.time())}
    shown.versions.append(Version(time.monotonic(), shown.text))
    chat.set_preview(shown, params.get("link_preview_options"))
    chat.changed()
    return shown.body


def _uploaded(value: Any, name: str, uploads: Uploads) -> Upload:
    """The file of a field: uploaded as the field itself, or elsewhere as `attach://` says."""
    if name in uploads:
        return uploads[name]
    if isinstance(value, str) and value.startswith("attach://"):
        attached = uploads.get(value.removeprefix("attach://"))
        if attached is not None:
            return attached
    raise bad_request(f"there is no {name} in the request")
