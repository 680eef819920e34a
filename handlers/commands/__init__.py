"""What people can ask for with a slash, one file a command."""

from handlers.commands.registry import COMMANDS, Command, parse_command

__all__ = ["COMMANDS", "Command", "parse_command"]
