"""The command `sverka journal`: what did not go, what a person has to decide, what happened."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sverka.asks import HistoryOf, Query, Reviews, Unsent
from sverka.cli.refusals import WrongUsage
from sverka.cli.screen import SIDES, moment
from sverka.cli.settings_file import FileSettings, journal_of, read_settings
from sverka.cli.shell import Ending, JsonOption, SettingsOption, environment, shell
from sverka.cli.told import line_json, review_json, runs_of, unsent_json
from sverka.connection import Connection
from sverka.journal import SqliteJournal
from sverka.records import HistoryLine, Review, Waiting

app = typer.Typer(help="What waits, what happened, and what you decide.", no_args_is_help=True)

T = TypeVar("T", Waiting, Review)
L = TypeVar("L")

NEW = "new"
NAMED_MAX = 10
KEYS = {"key", "candidates", "record"}
LEVEL_STYLES = {"info": "", "warning": "yellow", "error": "red"}


@dataclass(slots=True)
class Desk:
    """Where a person's question is answered: what it is about, and where to print."""

    settings: FileSettings
    journal: Path
    console: Console
    ending: Ending

    def asks(self, question: Query[L]) -> L:
        """What the journal says now, also while an exchange holds it."""
        with closing(SqliteJournal(self.journal, reading=True)) as seen:
            return seen.load(question)

    def holds(self) -> Connection:
        """Have the journal to oneself, to write in it."""
        return Connection(self.settings, self.journal)

    def show(self, table: Table, *, none: str) -> None:
        self.console.print(table if table.row_count else none, highlight=False)

    def say(self, sentence: str) -> None:
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def _desk(settings: Path, *, as_json: bool) -> Iterator[Desk]:
    with shell(settings, as_json=as_json) as ending:
        wanted = read_settings(settings, environment)
        journal = journal_of(settings, wanted)
        if not journal.exists():
            raise WrongUsage(
                f"There is no journal {journal} yet. The first exchange makes it: "
                f"sverka sync full --settings {settings}"
            )
        yield Desk(wanted, journal, Console(quiet=as_json), ending)


@app.command()
def unsent(*, settings: SettingsOption, as_json: JsonOption = False) -> None:
    """List the changes that did not go, with reason, tries and next try."""
    with _desk(settings, as_json=as_json) as desk:
        entries = desk.asks(Unsent())
        desk.ending.facts["unsent"] = [unsent_json(entry) for entry in entries]
        table = _table("key", "comes from", "reason", "tries", "next try")
        for entry in entries:
            _row(table, entry.key, SIDES[entry.side], entry.reason, entry.tries, _next_try(entry))
        desk.show(table, none="Nothing is unsent.")


@app.command()
def reviews(*, settings: SettingsOption, as_json: JsonOption = False) -> None:
    """List the records that look like others, with their candidates."""
    with _desk(settings, as_json=as_json) as desk:
        found = desk.asks(Reviews())
        desk.ending.facts["reviews"] = [review_json(review) for review in found]
        table = _table("key", "comes from", "alike by", "candidates", "decided")
        for review in found:
            candidates = "\n".join(review.candidates)
            side = SIDES[review.side]
            _row(table, review.key, side, review.criterion, candidates, review.decided or "open")
        desk.show(table, none="Nothing waits for a decision.")


@app.command()
def history(
    *,
    settings: SettingsOption,
    run: Annotated[int | None, typer.Option(min=1, help="Every line of this exchange.")] = None,
    record: Annotated[str, typer.Option(metavar="KEY", help="Every line of this record.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Tell what happened: the exchanges, or one exchange, or one record through all of them."""
    with _desk(settings, as_json=as_json) as desk:
        everything = desk.asks(HistoryOf())
        if run is None and not record:
            _show_runs(desk, everything)
            return
        _require_known(everything, run, record)
        lines = desk.asks(HistoryOf(record, run or 0))
        _show_lines(desk, lines)


def _show_runs(desk: Desk, lines: Sequence[HistoryLine]) -> None:
    runs = runs_of(lines)
    desk.ending.facts["runs"] = runs
    table = _table("exchange", "began", "records", "warnings", "errors")
    for one in runs:
        began = moment(datetime.fromisoformat(str(one["at"])))
        _row(table, one["run"], began, one["records"], one["warnings"], one["errors"])
    desk.show(table, none="Nothing has happened yet.")


def _show_lines(desk: Desk, lines: Sequence[HistoryLine]) -> None:
    desk.ending.facts["history"] = [line_json(line) for line in lines]
    table = _table("exchange", "when", "record", "what happened")
    for line in lines:
        values = [f"{name}: {value}" for name, value in line.values.items()]
        at = moment(datetime.fromtimestamp(line.at_s, UTC))
        text = "\n".join([line.text, *values])
        _row(table, line.run, at, line.key, text, style=LEVEL_STYLES[line.level])
    desk.show(table, none="Nothing has happened there.")


def _require_known(lines: Sequence[HistoryLine], run: int | None, record: str) -> None:
    runs = sorted({line.run for line in lines if line.run})
    if run is not None and run not in runs:
        there = f"There are {runs[0]} to {runs[-1]}" if runs else "There is none yet"
        raise WrongUsage(f"--run {run}: there was no such exchange. {there}.")
    if record:
        keys = [line.key for line in lines if line.key]
        _require_key("--record", record, keys, "The history tells of")


@app.command()
def resend(
    *,
    key: Annotated[str, typer.Argument(help="As `unsent` shows it.", show_default=False)] = "",
    everything: Annotated[bool, typer.Option("--all", help="All that is unsent.")] = False,
    settings: SettingsOption,
    as_json: JsonOption = False,
) -> None:
    """Let the next exchange try a change again, even one that waits for a person."""
    with _desk(settings, as_json=as_json) as desk:
        if bool(key) == everything:
            raise WrongUsage("Give a key that `sverka journal unsent` shows, or --all.")
        with desk.holds() as connection:
            entries = connection.unsent()
            chosen = entries if everything else _chosen(key, entries, "Unsent are")
            for entry in chosen:
                connection.resend(entry)
        desk.ending.facts["resent"] = [entry.key for entry in chosen]
        desk.say(
            f"{len(chosen)} to be tried again: sverka sync changes --settings {settings}"
            if chosen
            else "Nothing is unsent."
        )


@app.command()
def decide(
    key: Annotated[str, typer.Argument(help="As `reviews` shows it.")],
    candidate: Annotated[str, typer.Argument(help="One of its candidates, or `new`.")],
    *,
    settings: SettingsOption,
    as_json: JsonOption = False,
) -> None:
    """Say who a record on the review list is: one of its candidates, or a new one."""
    with _desk(settings, as_json=as_json) as desk, desk.holds() as connection:
        for review in _chosen(key, connection.reviews(), "On the review list are"):
            _require_key("CANDIDATE", candidate, [*review.candidates, NEW], f"{key} can be")
            connection.decide(review, candidate)
            desk.ending.facts |= {"key": key, "decided": candidate}
            desk.say(_decided(review, candidate, settings))


def _decided(review: Review, candidate: str, settings: Path) -> str:
    before = ""
    if review.decided:
        before = f" It was {review.decided} before; what was exchanged by that stays."
    what = "a new one" if candidate == NEW else candidate
    next_step = f"It goes with the next exchange: sverka sync changes --settings {settings}"
    return f"{review.key} is {what}. {next_step}{before}"


def _chosen(key: str, entries: Sequence[T], there_are: str) -> list[T]:
    _require_key("KEY", key, [entry.key for entry in entries], there_are)
    return [entry for entry in entries if entry.key == key]


def _require_key(name: str, given: str, known: Iterable[str], there_are: str) -> None:
    """Raises `WrongUsage`, naming the right ones, nearest first."""
    names = list(dict.fromkeys(known))
    if given in names:
        return
    near = get_close_matches(given, names, n=NAMED_MAX)
    listed = [*near, *(name for name in names if name not in near)]
    more = f" and {len(listed) - NAMED_MAX} more" if len(listed) > NAMED_MAX else ""
    there = f"{there_are}: {', '.join(listed[:NAMED_MAX])}{more}" if listed else "The list is empty"
    raise WrongUsage(f"{name} {given!r} is not there. {there}.")


def _next_try(entry: Waiting) -> str:
    # Every exchange that a person or a schedule starts takes it up, whatever its moment is.
    return "only by resend" if entry.parked else "next exchange"


def _table(*columns: str) -> Table:
    table = Table(*columns, show_lines=True)
    for column in table.columns:
        column.overflow = "fold"
        # They are copied into the next command.
        column.no_wrap = column.header in KEYS
    return table


def _row(table: Table, *cells: object, style: str = "") -> None:
    table.add_row(*(escape(str(cell)) for cell in cells), style=style)
