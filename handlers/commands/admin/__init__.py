"""/admin: what those who look after the assistant do from a chat, by role."""

from handlers.commands.admin.registry import admin, press_admin

__all__ = ["admin", "press_admin"]
