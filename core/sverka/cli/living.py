"""What a person sees of realtime: how it stands, in one line, and above it what goes wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from textwrap import shorten

import typer
from rich.console import Console
from rich.markup import escape

from sverka.asks import Ask, Save
from sverka.cli.screen import SIDES, moment
from sverka.cli.told import unsent_json
from sverka.connection import Connection
from sverka.records import HistoryLine, Intent, Level, SideName, Waiting

TROUBLE_SHOWN = 100
"""So many characters of the last trouble stand in the line."""

Key = tuple[SideName, str]


class Living:
    """Takes notice of what is saved: all that matters passes through the journal."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.carried: Counter[SideName] = Counter()
        self.told: Counter[Level] = Counter()
        self._status = console.status("begins")
        self._waiting: dict[Key, str] = {}
        self._trouble = ""

    def begin(self, unsent: Iterable[Waiting]) -> None:
        """Know what an earlier life has left unsent."""
        self._waiting = {(entry.side, entry.key): entry.reason for entry in unsent}

    @contextmanager
    def running(self) -> Iterator[None]:
        with self._status:
            yield

    def watch(self, ask: Ask) -> None:
        """Take notice of an ask of the exchange."""
        if isinstance(ask, Save):
            lines = [stored for stored in ask.puts if isinstance(stored, HistoryLine)]
            self._count_waiting(ask)
            if lines:
                self._count_carried(ask)
            for line in lines:
                self._tell(line)
            self._status.update(escape(self.line()))

    def line(self) -> str:
        """How it stands: `1C → Bitrix24 12, Bitrix24 → 1C 7; waiting 3, unsent 1`."""
        carried = ", ".join(
            f"{SIDES[side.other]} → {SIDES[side]} {self.carried[side]}" for side in SideName
        )
        unsent = sum(bool(reason) for reason in self._waiting.values())
        trouble = f"; last trouble {self._trouble}" if self._trouble else ""
        return f"{carried}; waiting {len(self._waiting)}, unsent {unsent}{trouble}"

    def as_json(self, connection: Connection) -> dict[str, object]:
        """What it did in all its life, and what it leaves; `carried` by the side written to."""
        return {
            "carried": {str(side): self.carried[side] for side in SideName},
            "warnings": self.told[Level.WARNING],
            "errors": self.told[Level.ERROR],
            "journal": connection.counts(),
            "unsent": [unsent_json(entry) for entry in connection.unsent()],
        }

    def _count_waiting(self, ask: Save) -> None:
        for stored in ask.puts:
            if isinstance(stored, Waiting):
                self._waiting[stored.side, stored.key] = stored.reason
        for stored in ask.drops:
            if isinstance(stored, Waiting):
                self._waiting.pop((stored.side, stored.key), None)

    def _count_carried(self, ask: Save) -> None:
        """An intent that is dropped with words to the history was carried out, or refused."""
        kept = {(stored.side, stored.key) for stored in ask.puts if isinstance(stored, Waiting)}
        for stored in ask.drops:
            if isinstance(stored, Intent):
                ends = {(stored.side.other, stored.source_key), (stored.side, stored.target_key)}
                self.carried[stored.side] += not ends & kept

    def _tell(self, line: HistoryLine) -> None:
        """Warnings, errors, and what concerns the exchange itself."""
        at = moment(datetime.fromtimestamp(line.at_s, UTC))
        text = f"{at}  {line.key}: {line.text}" if line.key else f"{at}  {line.text}"
        if line.level is not Level.INFO:
            self.told[line.level] += 1
            self._trouble = shorten(text, TROUBLE_SHOWN, placeholder="…")
            typer.echo(text, err=True)
        elif not line.key:
            self.console.print(text, highlight=False, markup=False, soft_wrap=True)
