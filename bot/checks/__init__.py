"""`whimbrel check`: the settings and everything that they name, a line each."""

from bot.checks.run import check

__all__ = ["check"]
