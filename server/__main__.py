"""The command line: every process of Sightline and every tool of its operator.

Each command loads its own part when it is called, so that a tool does not load the media stack or the API.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Literal

import typer

from server.config import Settings, load_settings, prepare_folders
from server.errors import StartupError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
account = typer.Typer(no_args_is_help=True, help="People who may sign in.")
app.add_typer(account, name="account")
Process = Callable[[Settings, asyncio.Event], Coroutine[None, None, None]]


def main() -> None:
    """Run the command line; a start-up error is one sentence and exit code 2."""
    try:
        app()
    except StartupError as error:
        sys.stderr.write(f"sightline: {error}\n")
        sys.exit(2)


def _settings() -> Settings:
    settings = load_settings()
    prepare_folders(settings)
    return settings


def _run(name: Literal["serve", "api", "media", "work"], process: Process) -> None:
    """Run a process until SIGTERM or SIGINT tells it to stop."""
    import uvloop

    from server.observability import configure_logs

    settings = _settings()
    configure_logs(name)

    async def until_told() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        await process(settings, stop)

    # uvloop where it pays, by packets. The others wait for databases and people, and blocking calls are easier to see.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if name == "media" else None) as runner:
        runner.run(until_told())


@app.command()
def serve(
    *, lan: Annotated[bool, typer.Option("--lan", help="HTTPS on this machine's network address.")] = False
) -> None:
    """Run api, media and work under one supervisor, with demo data unless SIGHTLINE_DEMO is false."""
    from server.serving import serve_everything

    _run("serve", lambda settings, stop: serve_everything(settings, stop, lan=lan))


@app.command()
def api() -> None:
    """Run the API and the pages alone."""
    from server.serving import serve_api

    _run("api", serve_api)


@app.command()
def media(
    *, number: Annotated[int, typer.Option(min=0, help="Which one of SIGHTLINE_MEDIA_PROCESSES, from 0.")] = 0
) -> None:
    """Run a media process alone: it takes and sends the pictures and writes the recordings."""
    from server.serving import serve_media

    _run("media", lambda settings, stop: serve_media(settings, stop, number=number))


@app.command()
def work() -> None:
    """Run the worker alone: it files, thumbnails, mails, signs checkpoints and builds exports."""
    from server.serving import serve_work

    _run("work", serve_work)


@account.command("add")
def account_add(email: str, name: str, office_role: Annotated[str, typer.Option("--role")] = "supervisor") -> None:
    """Add a government account; the password is asked for, or read from standard input when that is no terminal."""
    from server.operator import add_account

    password = typer.prompt("Password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    asyncio.run(add_account(_settings(), email=email, name=name, office_role=office_role, password=password))
    typer.echo(f"{email} may sign in as {office_role}.")


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from server.migrations import upgrade

    upgrade(_settings().database)
    typer.echo("The database is at this version's schema.")


@app.command()
def seed() -> None:
    """Put the demo companies, people and validations into an empty database."""
    from server.operator import seed_database

    asyncio.run(seed_database(_settings()))


@app.command()
def fsck() -> None:
    """Re-read and check every log and every stored object in place; exit code 1 when something is wrong."""
    from server.operator import check_everything

    report, sound = asyncio.run(check_everything(_settings()))
    typer.echo(report)
    sys.exit(0 if sound else 1)


@app.command()
def export(validation: str, to: Path) -> None:
    """Write the bundle of a validation (its number, such as V-2026-0001) into the folder TO."""
    from server.operator import export_bundle

    asyncio.run(export_bundle(_settings(), validation, to))
    typer.echo(f"{validation} is in {to}.")


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def verify(context: typer.Context) -> None:
    """Check a bundle offline: BUNDLE [--key PUB | --receipt FILE] [--json].

    Exit codes: 0 verified, 1 something is wrong, 2 usage, 3 self-consistent but origin not checked.
    """
    from evidence.export.verify import main as verify_main

    sys.exit(verify_main(list(context.args)))


@app.command()
def doctor(
    *, store: Annotated[bool, typer.Option("--store", help="Probe the object store alone, as for CI.")] = False
) -> None:
    """Probe what the parts of these settings really do, and print it; exit code 1 when something is missing."""
    from server.operator import diagnose, diagnose_store

    rows = asyncio.run(diagnose_store(_settings()) if store else diagnose(_settings()))
    for name, state in rows:
        typer.echo(f"{name:<30} {state}")
    sys.exit(1 if any(state.startswith("MISSING") for _, state in rows) else 0)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from server.app import document

    typer.echo(json.dumps(document(), indent=1))


if __name__ == "__main__":
    main()
