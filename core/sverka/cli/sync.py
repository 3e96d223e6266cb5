"""The command `sverka sync`: one exchange, one after the other by a schedule, or realtime."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sverka.cli.living import Living
from sverka.cli.preview import SHOWN_MAX, preview_json, show
from sverka.cli.schedule import beats, now, wait_until
from sverka.cli.screen import Screen, moment
from sverka.cli.settings_file import FileSettings, journal_of, read_settings
from sverka.cli.shell import (
    FAILED,
    Ending,
    JsonOption,
    SettingsOption,
    Stopped,
    environment,
    gently,
    shell,
    stoppable,
    told,
)
from sverka.cli.told import Result
from sverka.connection import Connection
from sverka.engine import Report
from sverka.errors import JournalBusy, JournalFull, ProtocolSurprise, TryLater

app = typer.Typer(help="Exchange between 1C and Bitrix24.", no_args_is_help=True)

PASSING = (TryLater, JournalBusy, JournalFull, ProtocolSurprise)
"""What the next run of a schedule may well not meet again."""

ROOM_S = 30.0
"""Pause of realtime after a full disk."""

STOPPING = "Stopping; calls that are under way are waited for, 60 s at most."


@app.command()
def full(*, settings: SettingsOption, as_json: JsonOption = False) -> None:
    """Exchange everything that both sides hold.

    Exit codes: 0 all held, 1 something waits or a side was not reached, 2 wrong settings.
    """
    _once(settings, Connection.full, as_json=as_json)


@app.command()
def changes(*, settings: SettingsOption, as_json: JsonOption = False) -> None:
    """Exchange what changed, and everything that is unsent.

    Exit codes: 0 all held, 1 something waits or a side was not reached, 2 wrong settings.
    """
    _once(settings, Connection.changes, as_json=as_json)


@app.command()
def preview(
    *,
    settings: SettingsOption,
    show_all: Annotated[bool, typer.Option("--all", help="Show every record.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a full exchange would do, record by record; nothing is written on either side.

    Exit codes: 0 shown, 1 a side was not reached or the journal is in use, 2 wrong settings.
    """
    with shell(settings, as_json=as_json) as ending:
        wanted = read_settings(settings, environment)
        screen = Screen(_console(as_json=as_json), str(settings))
        journal = journal_of(settings, wanted)
        with Connection(wanted, journal, watch=screen.watch) as connection, _moving(screen):
            seen = connection.preview()
        ending.facts |= preview_json(seen)
        if not as_json:
            show(screen.console, seen, limit=None if show_all else SHOWN_MAX)
            screen.say(f"\nTo do it: sverka sync full --settings {escape(str(settings))}")


@app.command()
def schedule(*, settings: SettingsOption, as_json: JsonOption = False) -> None:
    """Exchange changes as the section `schedule` of the settings says, until it is stopped.

    A run that lasts longer than its interval makes the next one skip. A side that is not
    reached is tried again with the next run. Exit codes: 130 or 143 when stopped, 2 wrong
    settings.
    """
    with shell(settings, as_json=as_json) as ending:
        wanted = read_settings(settings, environment)
        trigger = wanted.schedule.trigger(now())
        console = _console(as_json=as_json)
        tally = {"runs": 0, "failed": 0, "skipped": 0}
        try:
            for beat in beats(trigger):
                tally["runs"] += 1
                if beat.skipped_at:
                    tally["skipped"] += 1
                    _tell(
                        beat.skipped_at, "skipped: the run before lasted longer than its interval."
                    )
                tally["failed"] += not _scheduled(settings, wanted, Screen(console, str(settings)))
        finally:
            ending.facts |= tally


@app.command()
def realtime(*, settings: SettingsOption, as_json: JsonOption = False) -> None:
    """Carry each change over as it happens, until it is stopped.

    A side that is not reached is tried again and again; what went wrong is told at once, and
    `sverka journal` shows it meanwhile. Exit codes: 130 or 143 when stopped, 1 the journal
    cannot be used, 2 wrong settings.
    """
    with shell(settings, as_json=as_json) as ending:
        wanted = read_settings(settings, environment)
        living = Living(_console(as_json=as_json))
        while True:
            try:
                _live(ending, living, wanted, journal_of(settings, wanted))
            except JournalFull as full:
                _tell(now(), f"{full} It is tried again in {ROOM_S:.0f} s.")
                with stoppable():
                    wait_until(now() + timedelta(seconds=ROOM_S))


def _live(ending: Ending, living: Living, wanted: FileSettings, journal: Path) -> None:
    """One life in realtime. It ends with an error, or with `Stopped`."""
    with Connection(wanted, journal, watch=living.watch) as connection:
        living.begin(connection.unsent())
        came = gently(connection.stop)
        try:
            with living.running():
                connection.realtime()
        finally:
            ending.facts |= living.as_json(connection)
            if came:
                typer.echo(STOPPING, err=True)
                raise Stopped(came[0])


def _once(settings: Path, exchange: Callable[[Connection], Report], *, as_json: bool) -> None:
    with shell(settings, as_json=as_json) as ending:
        wanted = read_settings(settings, environment)
        screen = Screen(_console(as_json=as_json), str(settings))
        result = _exchanged(settings, wanted, exchange, screen)
        screen.sum_up(result)
        _note(ending, result)


def _note(ending: Ending, result: Result) -> None:
    ending.facts |= result.as_json()
    if not result.all_held:
        ending.code = FAILED


def _exchanged(
    settings: Path,
    wanted: FileSettings,
    exchange: Callable[[Connection], Report],
    screen: Screen,
) -> Result:
    journal = journal_of(settings, wanted)
    with Connection(wanted, journal, watch=screen.watch) as connection:
        with _moving(screen):
            report = exchange(connection)
        return Result.of(connection, report)


@contextmanager
def _moving(screen: Screen) -> Iterator[None]:
    """Show what is going on; who stops it is told why it takes a moment."""
    try:
        with screen.running():
            yield
    except Stopped:
        typer.echo(STOPPING, err=True)
        raise


def _scheduled(settings: Path, wanted: FileSettings, screen: Screen) -> bool:
    """One run of a schedule; between runs the journal is free for other commands."""
    begun_at = now()
    try:
        result = _exchanged(settings, wanted, Connection.changes, screen)
    except PASSING as error:
        _tell(begun_at, told(settings, error))
        return False
    screen.tell_run(begun_at, result)
    return result.all_held


def _tell(at: datetime, text: str) -> None:
    typer.echo(f"{moment(at)}  {text}", err=True)


def _console(*, as_json: bool) -> Console:
    """Beside a JSON object only a person's terminal is spoken to."""
    return Console(stderr=as_json, quiet=as_json and not sys.stderr.isatty())
