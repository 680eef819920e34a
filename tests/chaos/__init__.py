"""Chaos: processes that are killed while many people talk, judged by what stands in their chats."""
