"""Telegram: the only house where python-telegram-bot is imported, and not before it is needed."""
