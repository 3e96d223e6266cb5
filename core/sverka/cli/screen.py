"""What a person sees while an exchange runs, and at its end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatchcase

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sverka.asks import Ask, Calls, Request, Save, Sleep
from sverka.cli.told import COUNTS, Result
from sverka.records import SideName, Waiting

SIDES = {SideName.PORTAL: "Bitrix24", SideName.INFOBASE: "1C"}

DOINGS = (
    # name of the call, then whether it reads or writes: what is done
    ("oauth.token *", "signing in"),
    ("event.offline.* *", "taking over its changes"),
    ("POST SelectChanges *", "taking over its changes"),
    ("POST NotifyChangesReceived *", "confirming its changes"),
    ("* reads", "reading"),
    ("* writes", "writing"),
)
"""The first row whose pattern a call fits."""

SHOWN_MAX = 5
WAIT_SHOWN_S = 1.0


def doing(request: Request) -> str:
    """What a call does, in a person's words."""
    name = f"{request.name} {'reads' if request.safe else 'writes'}"
    return next(words for pattern, words in DOINGS if fnmatchcase(name, pattern))


class Screen:
    """One line that moves while a pass runs; afterwards a table."""

    def __init__(self, console: Console, settings: str) -> None:
        self.console = console
        self._settings = settings
        self._progress = Progress(
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
        )
        self._bar = self._progress.add_task("begins", total=None)
        self._waiting: set[tuple[SideName, str]] = set()
        self._done = 0
        self._calls: Counter[SideName] = Counter()
        self._now = ""

    @contextmanager
    def running(self) -> Iterator[None]:
        with self._progress:
            yield

    def watch(self, ask: Ask) -> None:
        """Take notice of an ask of the pass."""
        if isinstance(ask, Calls):
            self._notice_calls(ask)
        elif isinstance(ask, Save):
            self._notice_save(ask)
        elif isinstance(ask, Sleep) and ask.seconds_s >= WAIT_SHOWN_S:
            self._now = f"pausing for {ask.seconds_s:.0f} s before another try"
        else:
            return
        total = self._done + len(self._waiting)
        self._progress.update(
            self._bar, total=total or None, completed=self._done, description=self._described(total)
        )

    def _notice_calls(self, ask: Calls) -> None:
        self._calls.update(request.side for request in ask.requests)
        first = ask.requests[0]
        self._now = f"{SIDES[first.side]}: {doing(first)}"

    def _notice_save(self, ask: Save) -> None:
        for stored in ask.puts:
            if isinstance(stored, Waiting):
                self._waiting.add((stored.side, stored.key))
        for stored in ask.drops:
            if isinstance(stored, Waiting):
                self._waiting.discard((stored.side, stored.key))
                self._done += 1

    def _described(self, total: int) -> str:
        calls = ", ".join(f"{SIDES[side]} {count}" for side, count in sorted(self._calls.items()))
        records = f"records {self._done} of {total}; " if total else ""
        return f"{self._now}  ({records}calls: {calls})"

    def sum_up(self, result: Result) -> None:
        self.console.print(_table(result))
        self._say_some([line.text for line in result.warnings], "Worth knowing", "yellow")
        self._say_some([f"{e.key}: {e.reason}" for e in result.unsent], "Did not go", "red")
        for sentence in self._what_waits(result.report.journal):
            self.say(escape(sentence))

    def _what_waits(self, journal: Mapping[str, int]) -> Iterator[str]:
        yield f"{journal['links']} pairs are kept in step."
        if unsent := journal["unsent"]:
            yield f"{unsent} changes wait to be sent; reasons: {self._command('unsent')}"
        if reviews := journal["reviews"]:
            yield f"{reviews} records wait for your decision: {self._command('reviews')}"
        if not journal["waiting"] and not journal["reviews"]:
            yield "Nothing waits."

    def _command(self, name: str) -> str:
        return f"sverka journal {name} --settings {self._settings}"

    def _say_some(self, lines: Sequence[str], title: str, style: str) -> None:
        """The first few; equal ones once."""
        lines = list(dict.fromkeys(lines))
        if lines:
            self.say(f"[{style}]{title}[/]")
        for line in lines[:SHOWN_MAX]:
            self.say(f"  {escape(line)}")
        if len(lines) > SHOWN_MAX:
            self.say(f"  … and {len(lines) - SHOWN_MAX} more")

    def tell_run(self, at: datetime, result: Result) -> None:
        """One line for one of many runs."""
        counts = [f"{name} {count}" for name, count in result.counts().items() if count]
        waiting = result.report.journal["waiting"]
        said = [*counts, *([f"waiting {waiting}"] if waiting else [])]
        self.say(f"{moment(at)}  exchange {result.report.run}: {', '.join(said) or 'no change'}")

    def say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True)


def moment(at: datetime) -> str:
    """A moment as a clock on the wall shows it."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


def _table(result: Result) -> Table:
    report = result.report
    table = Table(title=f"Exchange {report.run} ({report.scope})", title_justify="left")
    table.add_column("what happened")
    table.add_column("records", justify="right")
    table.add_column("meaning", style="dim", overflow="fold")
    for name, count in result.counts().items():
        table.add_row(name, str(count), COUNTS[name])
    return table
