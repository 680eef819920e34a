"""The messengers, each behind the Channel protocol of chat/ports.py."""
