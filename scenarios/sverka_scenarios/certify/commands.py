"""The command `sverka certify`."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from b24_emulator.rules.limits import LIMITS
from sverka.entities.configurations import CONFIGURATIONS
from sverka.settings import Policy
from sverka_scenarios import suites
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.certify.certificate import Certificate
from sverka_scenarios.certify.choice import WrongUsage, chosen
from sverka_scenarios.certify.reports import write_reports
from sverka_scenarios.certify.runner import USUAL, Status, Verdict, not_played, run_one
from sverka_scenarios.certify.screen import Screen
from sverka_scenarios.roads import ROADS
from sverka_scenarios.suites import Scenario

EXIT_CODES = {Status.PASSED: 0, Status.FAILED: 1, Status.INCONCLUSIVE: 3}
WRONG_USAGE = 2

THERE_IS: Mapping[str, Sequence[str]] = {
    "configuration": tuple(known.name for known in CONFIGURATIONS),
    "mode": ("server",),
    "limits": tuple(LIMITS),
    "policy": tuple(Policy),
    "target": ("embedded",),
    "through": tuple(ROADS),
    "portal": ("emulated",),
    "base": ("emulated",),
}
"""What is built, by option."""


def certify(
    *,
    suite: Annotated[str, typer.Option(help="Suites or scenario IDs, by commas.")] = "all",
    configuration: Annotated[
        str, typer.Option(help="Of the 1C base: " + "|".join(THERE_IS["configuration"]))
    ] = USUAL.configuration,
    mode: Annotated[str, typer.Option(help="Of the 1C base: server.")] = "server",
    limits: Annotated[str, typer.Option(help="|".join(LIMITS))] = USUAL.limits,
    policy: Annotated[str, typer.Option(help="|".join(Policy))] = USUAL.policy,
    target: Annotated[str, typer.Option(help="What is certified: embedded.")] = "embedded",
    through: Annotated[str, typer.Option(help="|".join(ROADS))] = "direct",
    portal: Annotated[str, typer.Option(help="The portal: emulated.")] = "emulated",
    base: Annotated[str, typer.Option(help="The 1C base: emulated.")] = "emulated",
    seed: Annotated[int, typer.Option(help="Seed of all chance in the scenarios.")] = USUAL.seed,
    report: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("report"),
    as_json: Annotated[bool, typer.Option("--json", help="Print only one JSON object.")] = False,
) -> None:
    """Certify the sync core: play scenarios over both systems and write a report.

    Exit codes: 0 all held, 1 something failed, 2 wrong usage, 3 inconclusive.
    """
    given = {
        "configuration": configuration,
        "mode": mode,
        "limits": limits,
        "policy": policy,
        "target": target,
        "through": through,
        "portal": portal,
        "base": base,
    }
    try:
        refuse_what_is_not_built(given)
        asked = chosen(suite, suites.SCENARIOS)
        _make(report)
    except WrongUsage as mistake:
        typer.echo(str(mistake), err=True)
        raise typer.Exit(WRONG_USAGE) from mistake
    usual = Arrangement(
        seed=seed,
        configuration=configuration,
        limits=limits,
        told_limits=limits,
        policy=policy,
        through=through,
    )
    screen = Screen(Console(stderr=as_json, quiet=as_json and not sys.stderr.isatty()))
    certificate = play(asked, usual, screen)
    page = write_reports(certificate, report)
    screen.sum_up(certificate, page)
    if as_json:
        typer.echo(json.dumps(certificate.as_json(), ensure_ascii=False))
    raise typer.Exit(EXIT_CODES[certificate.verdict])


def refuse_what_is_not_built(given: Mapping[str, str]) -> None:
    for option, value in given.items():
        if value not in THERE_IS[option]:
            there_is = ", ".join(THERE_IS[option])
            raise WrongUsage(f"--{option} {value} is not available; there is: {there_is}.")


def _make(report: Path) -> None:
    try:
        report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsage(f"--report {report} cannot be a folder: {error.strerror}.") from error


def play(asked: Sequence[Scenario], usual: Arrangement, screen: Screen) -> Certificate:
    """Play what was asked; an interrupt ends it, and what had no turn is skipped."""
    begun_s = time.perf_counter()
    with screen.running(len(asked)):
        verdicts = _verdicts(asked, usual, screen)
    return Certificate(
        usual=usual,
        verdicts=verdicts,
        made_at=datetime.now(UTC),
        seconds=time.perf_counter() - begun_s,
        built=len(suites.SCENARIOS),
    )


def _verdicts(asked: Sequence[Scenario], usual: Arrangement, screen: Screen) -> list[Verdict]:
    verdicts: list[Verdict] = []
    try:
        for scenario in asked:
            screen.begin(scenario)
            verdicts.append(run_one(scenario, usual))
            screen.end(verdicts[-1])
    except KeyboardInterrupt:
        left = asked[len(verdicts) :]
        verdicts += [not_played(s, usual, "The run was interrupted before it.") for s in left]
    return verdicts
