"""Tiny scenarios of our own, each with one thing that matters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from sverka_scenarios import suites
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.certify.certificate import Certificate
from sverka_scenarios.certify.commands import certify
from sverka_scenarios.certify.runner import Status, Verdict, replay_line
from sverka_scenarios.suites import Scenario
from sverka_scenarios.world import World

NASTY = '<script>alert("x")</script> & \x00\x1b[31m'


def holds(world: World) -> None:
    world.check(True, "the sky is blue")
    world.wait(30.0)


def breaks(world: World) -> None:
    world.check(True, "the sky is blue")
    world.check(False, f"the sky is green {NASTY}")


def checks_nothing(world: World) -> None:
    world.wait(1.0)


def raises(world: World) -> None:
    raise LookupError("no such client")


@pytest.fixture
def scenario() -> Callable[..., Scenario]:
    def make(play: Callable[[World], None] = holds, id_: str = "IL-01", **given: Any) -> Scenario:
        chosen = {"behaviours": ("H1",), "scope": "clients", "policy": "", **given}
        return Scenario(id=id_, claim=f"Claim of {id_}", play=play, **chosen)

    return make


@pytest.fixture
def certificate() -> Callable[..., Certificate]:
    """Makes the certificate of a run from `id: status` or `id: (status, reason)`."""

    def make(usual: Arrangement | None = None, **statuses: Status) -> Certificate:
        usual = usual or Arrangement()
        verdicts = [_verdict(id_.replace("_", "-"), s, usual) for id_, s in statuses.items()]
        moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
        return Certificate(usual=usual, verdicts=verdicts, made_at=moment, seconds=9.0, built=16)

    return make


def _verdict(id_: str, status: Status, usual: Arrangement) -> Verdict:
    return Verdict(
        id=id_,
        claim=f"Claim of {id_}",
        suite="initial" if id_.startswith("IL") else "limits",
        behaviours=("H1", "B2"),
        status=status,
        scope="clients",
        checks=0 if status is Status.NOT_APPLICABLE else 3,
        reason=() if status is Status.PASSED else (f"Reason of {id_}: {NASTY}",),
        replay=replay_line(id_, usual),
    )


@dataclass
class CommandLine:
    """`sverka certify` in this process, over scenarios of our own."""

    built: dict[str, Scenario]
    folder: str

    def __call__(self, *words: str) -> Any:
        app = typer.Typer()
        app.command()(certify)
        return CliRunner().invoke(app, ["--report", self.folder, *words])

    def has(self, *built: Scenario) -> None:
        self.built |= {scenario.id: scenario for scenario in built}


@pytest.fixture
def sverka_certify(monkeypatch, tmp_path) -> CommandLine:
    built: dict[str, Scenario] = {}
    monkeypatch.setattr(suites, "SCENARIOS", built)
    return CommandLine(built, str(tmp_path / "report"))
