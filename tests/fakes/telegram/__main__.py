"""The fake Telegram as a process: what is typed here is said to the bot.

`python -m tests.fakes.telegram --port 8081`, then start the bot with the two settings printed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from tests.fakes.telegram import TOKEN, FakeTelegram, Person


def main(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes a free one.")] = 0,
    token: Annotated[str, typer.Option(help="The token of the bot.")] = TOKEN,
    limits: Annotated[bool, typer.Option(help="Enforce Telegram's flood limits.")] = True,
) -> None:
    """Serve until interrupted. Lines of standard input are messages of one person; a line that
    begins with @ is the path of a picture to send."""
    asyncio.run(_serve(FakeTelegram(token=token, limits=limits, port=port)))


async def _serve(telegram: FakeTelegram) -> None:
    async with telegram:
        typer.echo(f"TELEGRAM_API_URL={telegram.url}")
        typer.echo(f"TELEGRAM_BOT_TOKEN={telegram.token}")
        anna = telegram.person("Anna")
        async with asyncio.TaskGroup() as group:
            group.create_task(_print_answers(anna))
            group.create_task(_read_lines(anna))


async def _read_lines(person: Person) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().rstrip("\n"):
        if line.startswith("@"):
            person.sends_photo(await asyncio.to_thread(Path(line[1:]).read_bytes))
        else:
            person.says(line)
    await asyncio.Event().wait()  # nothing more to say; go on showing


async def _print_answers(person: Person) -> None:
    shown: dict[int, str] = {}

    def news() -> list[tuple[int, str]]:
        said = [(message.id, message.text) for message in person.chat.from_bot]
        return [(number, text) for number, text in said if shown.get(number) != text]

    while True:
        await person.chat.until(lambda _: bool(news()), within=float("inf"))
        for number, text in news():
            shown[number] = text
            typer.echo(f"[{number}] {text}")


typer.run(main)
