"""What a person sees in the terminal while the scenarios run, and at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sverka_scenarios.certify.certificate import Certificate, verdict_sentence
from sverka_scenarios.certify.runner import Status, Verdict
from sverka_scenarios.suites.registry import SUITES, Scenario

SIGNS = {
    # verdict: (sign, sign on a terminal without Unicode, style)
    Status.PASSED: ("✓", "+", "green"),
    Status.WARNING: ("!", "!", "yellow"),
    Status.FAILED: ("✗", "x", "bold red"),
    Status.SKIPPED: ("–", "-", "yellow"),
    Status.NOT_APPLICABLE: ("○", "o", "dim"),
    Status.INCONCLUSIVE: ("?", "?", "yellow"),
}


class Screen:
    """Prints verdicts as they come, under them a bar with the scenario at work."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
        )
        self._bar = self._progress.add_task("", total=None)

    @contextmanager
    def running(self, total: int) -> Iterator[None]:
        self._progress.update(self._bar, total=total)
        with self._progress:
            yield

    def begin(self, scenario: Scenario) -> None:
        self._progress.update(self._bar, description=f"{scenario.id}  {scenario.claim}")

    def end(self, verdict: Verdict) -> None:
        self._progress.advance(self._bar)
        time = f"[dim]{verdict.seconds:5.1f} s[/]"
        self._say(f"{self._sign(verdict.status)} {verdict.id} {time}  {escape(verdict.claim)}")
        for sentence in verdict.reason:
            self._say(f"    {escape(sentence)}")
        if verdict.status is Status.FAILED:
            self._say(f"    [dim]again:[/] {escape(verdict.replay)}")

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True)

    def _sign(self, status: Status) -> str:
        sign, plain, style = SIGNS[status]
        return f"[{style}]{plain if self.console.options.ascii_only else sign}[/]"

    def sum_up(self, certificate: Certificate, page: Path) -> None:
        self.console.print(_table(certificate.suites()))
        _, _, style = SIGNS[certificate.verdict]
        verdict = f"[{style}]{certificate.verdict.upper()}[/]"
        self._say(f"{verdict}  {verdict_sentence(certificate)}")
        self._say(f"The report is {escape(str(page))}")


def _table(suites: dict[str, list[Verdict]]) -> Table:
    shown = [status for status in Status if _any(suites, status)]
    table = Table("suite", *(str(status) for status in shown), "checks", "time")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, verdicts in suites.items():
        counts = [sum(verdict.status is status for verdict in verdicts) for status in shown]
        checks = sum(verdict.checks for verdict in verdicts)
        seconds = sum(verdict.seconds for verdict in verdicts)
        cells = [str(count or "") for count in counts]
        table.add_row(f"{name} ({SUITES[name]})", *cells, str(checks), f"{seconds:.1f} s")
    return table


def _any(suites: dict[str, list[Verdict]], status: Status) -> bool:
    found: list[Sequence[Verdict]] = list(suites.values())
    return any(verdict.status is status for verdicts in found for verdict in verdicts)
