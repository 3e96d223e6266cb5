"""The command `sverka simulate`."""

import json
import statistics
from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn
from rich.table import Table

from sverka.drivers.simulated import CrashPoint
from sverka.entities.configurations import CONFIGURATIONS
from sverka_scenarios.bugs import BUGS
from sverka_scenarios.simulation.life import TROUBLE_KINDS
from sverka_scenarios.simulation.seeds import MODES, SeedResult, run_seed

WRONG_USAGE = 2
BATCH_THAT_MUST_MEET_ALL = 50
"""From so many seeds on, a kind of trouble or crash that never occurred is a failure."""


def simulate(
    seeds: Annotated[str, typer.Option(help="First and last seed: 1-200.")] = "1-20",
    replay: Annotated[int | None, typer.Option(help="Show one seed's story, line by line.")] = None,
    bug: Annotated[str, typer.Option(help=f"Plant a bug: {', '.join(BUGS)}.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Play random lives of both systems with trouble and crashes; all laws must hold."""
    console = Console(stderr=as_json)
    if bug and bug not in BUGS:
        _refuse(console, f"--bug {bug} is unknown. Use one of: {', '.join(BUGS)}.")
    if replay is not None:
        raise typer.Exit(_replay(console, replay, bug))
    results = [*_run(console, _range(console, seeds), bug)]
    missing = _never_met(results)
    if as_json:
        print(json.dumps(_as_json(results, missing), ensure_ascii=False))
    else:
        _print(console, results, missing)
    failed = any(result.violations for result in results)
    raise typer.Exit(1 if failed or missing else 0)


def _run(console: Console, seeds: range, bug: str) -> list[SeedResult]:
    results = []
    columns = (SpinnerColumn(), *Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("seeds", total=len(seeds))
        for seed in seeds:
            result = run_seed(seed, bug)
            results.append(result)
            progress.advance(bar)
            if result.violations:
                progress.console.print(f"[red]seed {seed}[/]: {result.violations[0]}")
                progress.console.print(f"  sverka simulate --replay {seed}{_with(bug)}")
    return results


def _replay(console: Console, seed: int, bug: str) -> int:
    result = run_seed(seed, bug)
    begun_s = result.story[0][0] if result.story else 0.0
    for at_s, line in result.story:
        console.print(f"{at_s - begun_s:9.3f} s  {line}", highlight=False, markup=False)
    for sentence in result.violations:
        console.print(f"[red]violated:[/] {sentence}")
    console.print(f"seed {seed}: {'violated' if result.violations else 'all laws hold'}")
    console.print(f"trace {result.trace}")
    return 1 if result.violations else 0


def _print(console: Console, results: list[SeedResult], missing: list[str]) -> None:
    table = Table(title=f"{len(results)} seeds", show_header=False)
    failed = [result for result in results if result.violations]
    for name, value in _totals(results).items():
        table.add_row(name, str(value))
    console.print(table)
    for kind in missing:
        console.print(f"[red]never occurred:[/] {kind}")
    verdict = "[red]some laws were violated[/]" if failed else "[green]all laws hold[/]"
    console.print(f"{len(results) - len(failed)} of {len(results)} seeds: {verdict}")


def _totals(results: list[SeedResult]) -> dict[str, object]:
    troubles: Counter[str] = sum((r.troubles for r in results), Counter())
    crashes: Counter[str] = sum((r.crashes for r in results), Counter())
    edits: Counter[str] = sum((r.edits for r in results), Counter())
    return {
        "edits": dict(edits),
        "configurations": dict(Counter(r.configuration for r in results)),
        "modes": dict(Counter(r.mode for r in results)),
        "records, least in a seed": min(r.records for r in results),
        "edits a side, least in a seed": min(min(r.edits.values()) for r in results),
        "troubles met": dict(sorted(troubles.items())),
        "troubles, least in a seed": min(r.troubles.total() for r in results),
        "crashes": dict(sorted(crashes.items())),
        "exempt edits (committed between our read and our write)": sum(r.exempt for r in results),
        "exchanges": sum(r.passes for r in results),
        "calls": sum(r.calls for r in results),
        "virtual hours": round(sum(r.virtual_s for r in results) / 3600, 1),
        "median time of a seed, s": round(statistics.median(r.wall_s for r in results), 3),
    }


def _never_met(results: list[SeedResult]) -> list[str]:
    if len(results) < BATCH_THAT_MUST_MEET_ALL:
        return []
    troubles = {kind for result in results for kind in result.troubles}
    crashes = {point for result in results for point in result.crashes}
    modes = {result.mode for result in results}
    wanted = [f"trouble {kind}" for kind in TROUBLE_KINDS if kind not in troubles]
    wanted += [f"mode {mode}" for mode in MODES if mode not in modes]
    bases = {result.configuration for result in results}
    wanted += [f"configuration {c.name}" for c in CONFIGURATIONS if c.name not in bases]
    return wanted + [f"crash {point}" for point in CrashPoint if str(point) not in crashes]


def _as_json(results: list[SeedResult], missing: list[str]) -> dict[str, object]:
    seeds = []
    for result in results:
        row = asdict(result)
        row.pop("story")
        seeds.append(row)
    return {"schema": 1, "totals": _totals(results), "never_occurred": missing, "seeds": seeds}


def _range(console: Console, text: str) -> range:
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit() or int(last or first) < int(first):
        _refuse(console, f"--seeds {text} is no range. Write it as 1-200.")
    return range(int(first), int(last or first) + 1)


def _refuse(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False)
    raise typer.Exit(WRONG_USAGE)


def _with(bug: str) -> str:
    return f" --bug {bug}" if bug else ""
