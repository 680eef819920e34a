"""What is compared with: the smallest python-telegram-bot application that shows typing, sends a
placeholder and edits the answer into it. It keeps no order, stores nothing and survives nothing."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def _answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_chat_action(ChatAction.TYPING)
    placeholder = await update.effective_message.reply_text("…")
    await placeholder.edit_text(f"{update.effective_message.text} end.")


def main(url: str, token: str) -> None:
    """Run until ended."""
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{url}/bot")
        .concurrent_updates(16)
        .connection_pool_size(16)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _answer))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
