"""The `whimbrel` command: each command reads the settings and calls one function elsewhere."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import structlog
import typer

from bot import failpoints, logs
from bot.settings import Settings, SettingsError, load
from bot.signals import die_with_parent
from chat.errors import AssistantError
from storage.chain import Head

T = TypeVar("T")

FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    help="A self-hosted assistant that lives in people's messengers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def up() -> None:
    """Run everything on this machine: bot, worker, broker and web chat."""
    from bot import supervisor

    settings = _settings()
    _run(lambda: supervisor.up(settings, say=typer.echo))


@app.command("bot")
def run_bot() -> None:
    """Run one bot process: the web chat and the messengers."""
    from bot.app import run_bot
    from bot.home import with_parts
    from bot.ports import with_port

    settings = _settings()
    _run(lambda: run_bot(with_port(with_parts(settings))))


@app.command("worker")
def run_worker() -> None:
    """Run one worker process: the model, or the connection to an endpoint."""
    from bot.home import with_parts
    from bot.worker import run_worker

    settings = _settings()
    _run(lambda: run_worker(with_parts(settings)))


@app.command()
def chat(
    text: Annotated[str, typer.Argument(help="What to say.")],
    image: Annotated[
        list[Path] | None,
        typer.Option(help="A picture to show; may be repeated.", exists=True, dir_okay=False),
    ] = None,
    conversation: Annotated[
        str, typer.Option(help="A name: what was said under it before is remembered.")
    ] = "",
) -> None:
    """Say something to the assistant and print its answer as it grows."""
    from bot import supervisor
    from bot.channels import terminal

    os.environ.setdefault("LOG_LEVEL", "warning")
    settings = _settings()

    async def turn() -> int:
        async with supervisor.parts_for_chat(settings) as found:
            return await terminal.chat(found, text, image or [], conversation)

    raise typer.Exit(_run(turn))


@app.command()
def check() -> None:
    """Check the settings and everything that they name, a line each."""
    from bot import checks

    raise typer.Exit(asyncio.run(checks.check(say=typer.echo)))


@app.command()
def plan(model: Annotated[str, typer.Argument(help="scout, maverick, or a folder.")] = "") -> None:
    """Say what a model needs, or without one, what runs here."""
    from models.planning import plan

    for line in plan.plan(model):
        typer.echo(line)


@app.command()
def pair(
    forget: Annotated[
        bool,
        typer.Option("--forget", help="Take owners' passwords and second factors away first."),
    ] = False,
) -> None:
    """Print a new link that makes its opener the owner."""
    from bot import pairing
    from bot.home import Home, with_parts
    from bot.ports import local_url

    settings = _settings()
    running = Home(settings.storage.whimbrel_home).running()
    address = running.http_url if running else local_url(settings)

    async def links() -> None:
        if forget:
            await pairing.forget_passwords(with_parts(settings))
        found = await pairing.new_links(with_parts(settings), address)
        typer.echo("\n".join(pairing.describe(found)))

    _run(links)


@app.command()
def migrate(
    revision: Annotated[str, typer.Option(help="Where to go; `base` is an empty one.")] = "head",
    down: Annotated[bool, typer.Option("--down", help="Go down to it instead of up.")] = False,
) -> None:
    """Bring the database to this version's tables."""
    from bot.home import Home
    from storage import migrate

    settings = _settings()
    home = Home(settings.storage.whimbrel_home)

    async def change() -> None:
        home.prepare()
        url = settings.storage.sql_url
        await asyncio.to_thread(migrate.downgrade if down else migrate.upgrade, url, revision)
        typer.echo(f"The database is at revision {migrate.current(url) or 'base'}.")

    _run(change)


@app.command()
def backup(
    file: Annotated[str, typer.Argument(help="The file to write; `-` is the standard output.")],
) -> None:
    """Write everything that is kept into one file, while it runs."""
    from bot import backup

    settings = _settings()
    _run(lambda: backup.backup(settings, file, say=_say))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    sign_out: Annotated[
        bool, typer.Option("--sign-out", help="Let every browser have to sign in anew.")
    ] = False,
) -> None:
    """Bring a backup into an empty home or database."""
    from bot import backup

    settings = _settings()
    _run(lambda: backup.restore(settings, file, sign_out=sign_out, say=_say))


@app.command()
def retention() -> None:
    """Say what would be deleted for its age by the settings KEEP_…, and delete nothing."""
    from bot import retention

    settings = _settings()
    _run(lambda: retention.show(settings, say=typer.echo))


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


log = typer.Typer(help="The log of what was decided: what it holds is whole.", no_args_is_help=True)
app.add_typer(log, name="audit")


@log.command()
def head() -> None:
    """Print how far the log goes, as NUMBER:HASH: keep it elsewhere."""
    from bot import audit

    settings = _settings()
    _run(lambda: audit.head(settings, say=typer.echo))


@log.command()
def verify(
    head: Annotated[
        list[Head] | None,
        typer.Option(
            help="What `head` printed before; may be repeated.",
            metavar="NUMBER:HASH",
            parser=_head,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="An exported log; needs no database.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Check that no entry was changed, taken out or put in."""
    from bot import audit

    if file is not None:
        _run(partial(audit.verify_file, file, head or [], say=typer.echo))
    else:
        _run(partial(audit.verify, _settings(), head or [], say=typer.echo))


@log.command()
def export(
    file: Annotated[str, typer.Argument(help="The file to write; `-` is the standard output.")],
) -> None:
    """Write the log as JSON Lines, while it runs."""
    from bot import audit

    settings = _settings()
    _run(lambda: audit.export(settings, file, say=_say))


bank = typer.Typer(help="Pictures that are known already, by hash.", no_args_is_help=True)
app.add_typer(bank, name="bank")


@bank.command("import")
def import_bank(
    file: Annotated[
        Path, typer.Argument(help="Lines of HASH,CATEGORY.", exists=True, dir_okay=False)
    ],
    category: Annotated[str, typer.Option(help="Of lines without one.")] = "known-picture",
    note: Annotated[str, typer.Option(help="Kept with each of them.")] = "",
) -> None:
    """Add the PDQ hashes of a file."""
    from bot import bank

    settings = _settings()
    _run(lambda: bank.take(settings, file, category=category, note=note[:200], say=typer.echo))


@bank.command("export")
def export_bank(
    file: Annotated[str, typer.Argument(help="The file to write; `-` is the standard output.")],
) -> None:
    """Write all hashes, one HASH,CATEGORY a line."""
    from bot import bank

    settings = _settings()
    _run(lambda: bank.export(settings, file, say=_say))


@bank.command("count")
def count_bank() -> None:
    """Say how many there are, by category."""
    from bot import bank

    settings = _settings()
    _run(lambda: bank.count(settings, say=typer.echo))


policy = typer.Typer(help="The policy: what a new one would change.", no_args_is_help=True)
app.add_typer(policy, name="policy")


@policy.command("try")
def try_policy(
    file: Annotated[Path, typer.Argument(help="A policy.", exists=True, dir_okay=False)],
    days: Annotated[float, typer.Option(help="How far to look back.")] = 7.0,
    most: Annotated[int, typer.Option(help="Messages to look at, the newest ones.")] = 20_000,
) -> None:
    """Say what a policy would have made of what was said lately, instead of the one in force."""
    from bot import trial

    settings = _settings()
    _run(lambda: trial.try_file(settings, file, days=days, most=most, say=typer.echo))


@policy.command("run", hidden=True)
def run_trial(trial_id: int) -> None:
    """Run a try that the dashboard has asked for."""
    from bot import trial

    settings = _settings()
    _run(lambda: trial.run(settings, trial_id))


def _say(line: str) -> None:
    """Print to stderr: what is on the way, and never the thing itself."""
    typer.echo(line, err=True)


def _settings() -> Settings:
    """The settings, with the logs set up by them."""
    try:
        settings = load()
        failpoints.arm_from(os.environ)
    except SettingsError as error:
        _fail(error, BAD_USAGE)
    process = settings.process
    logs.configure(level=process.log_level, secrets=settings.secrets(), json=process.log_json)
    return settings


def _run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end; what we foresee going wrong becomes a sentence and an exit status."""

    async def begin() -> T:
        return await work()

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(begin())
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        foreseen = _foreseen(error)
        if foreseen is not None:
            _fail(foreseen, _status(foreseen))
        structlog.get_logger().exception("ended by an error that nobody foresaw")
        raise typer.Exit(FAILED) from None


def _foreseen(error: Exception) -> AssistantError | None:
    """The error of ours that ended the work, also where a task group raised it."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error if isinstance(error, AssistantError) else None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # only the bot has it
        return None
    return uvloop.new_event_loop


def _status(error: AssistantError) -> int:
    from bot.home import HomeError
    from models.errors import CheckpointError
    from web.errors import ExposureError

    if isinstance(error, (SettingsError, HomeError, CheckpointError, ExposureError)):
        return BAD_USAGE
    return int(getattr(error, "status", FAILED))


def _fail(error: AssistantError, status: int) -> NoReturn:
    redact = logs.Redactor()
    typer.echo(f"whimbrel: {redact(str(error))}", err=True)
    raise typer.Exit(status)


def main() -> None:
    """The console script."""
    die_with_parent()
    os.umask(0o077)  # whatever we and our children make is its owner's alone
    app()


if __name__ == "__main__":
    main()
