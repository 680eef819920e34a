"""The methods about the bot itself, its chats, files and webhook."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.inbox import Webhook
from tests.fakes.telegram.messages import Method, Params, Uploads
from tests.fakes.telegram.world import MAX_DOWNLOAD, World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, params: Params, uploads: Uploads) -> Any:
    """The bot."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_updates(world: World, params: Params, uploads: Uploads) -> Any:
    """Long polling."""
    world.inbox.allow(params.get("allowed_updates"))
    limit = min(max(params.get("limit", 100), 1), 100)
    wait = min(params.get("timeout", 0), 50)
    found = world.inbox.begin_poll(offset=params.get("offset", 0), limit=limit)
    return found if found or wait <= 0 else partial(world.inbox.wait, limit=limit, seconds=wait)


def set_webhook(world: World, params: Params, uploads: Uploads) -> Any:
    """Post updates to an address. The real server demands https; loopback is let pass here."""
    url = params.get("url", "")
    if not url:
        return delete_webhook(world, params, uploads)
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.get("secret_token", "")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    world.inbox.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        world.inbox.drop_pending()
    webhook = Webhook(url, secret, params.get("max_connections", 40))
    return partial(world.inbox.set_webhook, webhook)


def delete_webhook(world: World, params: Params, uploads: Uploads) -> Any:
    """Back to long polling."""
    if params.get("drop_pending_updates"):
        world.inbox.drop_pending()
    return world.inbox.delete_webhook


def get_webhook_info(world: World, params: Params, uploads: Uploads) -> Any:
    """Where updates go, and what went wrong there last."""
    webhook = world.inbox.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.inbox.pending),
    }
    if webhook:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error:
            info["last_error_message"] = webhook.last_error
    if world.inbox.allowed is not None:
        info["allowed_updates"] = sorted(world.inbox.allowed)
    return info


def set_my_commands(world: World, params: Params, uploads: Uploads) -> Any:
    """The menu of commands, by scope and language."""
    for command in params["commands"]:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(params["commands"]) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_scope(params)] = params["commands"]
    return True


def delete_my_commands(world: World, params: Params, uploads: Uploads) -> Any:
    """No menu any more for this scope and language."""
    world.commands.pop(_scope(params), None)
    return True


def get_my_commands(world: World, params: Params, uploads: Uploads) -> Any:
    """The menu of this scope and language."""
    return world.commands.get(_scope(params), [])


def get_file(world: World, params: Params, uploads: Uploads) -> Any:
    """Where the bytes of a file can be fetched."""
    file = world.files.get(params["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


def get_chat(world: World, params: Params, uploads: Uploads) -> Any:
    """What is known of a chat."""
    chat = world.known_chat(params.get("chat_id"))
    return {
        **chat.body,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": GIFTS,
    }


def leave_chat(world: World, params: Params, uploads: Uploads) -> Any:
    """The bot goes out of a group."""
    chat = world.writable_chat(params.get("chat_id"))
    if chat.body["type"] == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.refusal = f"bot is not a member of the {chat.body['type']} chat"
    chat.changed()
    return True


def agree(world: World, params: Params, uploads: Uploads) -> Any:
    """Nothing that a person could see."""
    return True


GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}

METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getMyCommands": get_my_commands,
    "getFile": get_file,
    "getChat": get_chat,
    "leaveChat": leave_chat,
    "logOut": agree,
    "close": agree,
    "setMyDescription": agree,
    "setMyShortDescription": agree,
    "setChatMenuButton": agree,
}


def _scope(params: Params) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    chat = str(scope.get("chat_id", ""))
    return f"{scope['type']}{chat}", params.get("language_code", "")
