"""The command `sverka stand`: both emulators with sample data, on one clock."""

import json
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from b24_emulator import sample as portal_sample
from b24_emulator.portal import Portal
from b24_emulator.rules.limits import LIMITS
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import LocalAuthority, Served, serve
from sverka_emulator_kit.system import System

WRONG_USAGE = 2
FAILED = 1


def stand(
    *,
    tls: Annotated[bool, typer.Option("--tls", help="Also answer https, by a local CA.")] = False,
    companies: Annotated[int, typer.Option(help="Sample clients on each side.", min=0)] = 50,
    port: Annotated[int, typer.Option(help="Of the portal, 0 for any free one.")] = 8024,
    onec_port: Annotated[int, typer.Option(help="Of the base, 0 for any free one.")] = 8081,
    limits: Annotated[str, typer.Option(help="|".join(LIMITS))] = "50-2-100",
    seed: Annotated[int, typer.Option(help="Seed of the sample data.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object first.")] = False,
) -> None:
    """Run both emulators with sample data until they are stopped."""
    if limits not in LIMITS:
        typer.echo(f"--limits {limits} is unknown. Use one of: {', '.join(LIMITS)}.", err=True)
        raise typer.Exit(WRONG_USAGE)
    with ExitStack() as stack:
        try:
            pair = raise_pair(stack, tls=tls, ports=(port, onec_port), limits=limits, seed=seed)
        except OSError as error:
            typer.echo(f"A port is taken: {error}. Give --port and --onec-port others.", err=True)
            raise typer.Exit(FAILED) from error
        portal_sample.fill(pair.portal, companies, seed)
        base_sample.fill(pair.base, companies, seed + 1)
        _announce(pair.facts(), as_json=as_json)
        _until_stopped()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both systems as they are served."""

    portal: Portal
    base: Infobase
    portal_at: Served
    base_at: Served

    def facts(self) -> dict[str, dict[str, str | None]]:
        """Addresses and keys by system; null where it does not apply."""
        login, password = next(iter(self.base.users.items()))
        return {
            "portal": _facts(
                self.portal_at,
                webhook=self.portal.origin + self.portal.webhook_path,
                key=self.portal.install_app(),
            ),
            "infobase": _facts(
                self.base_at, path=self.base.publication, user=login, password=password
            ),
        }


def raise_pair(
    stack: ExitStack, *, tls: bool, ports: tuple[int, int], limits: str, seed: int
) -> Pair:
    """Serve an empty portal and an empty base on one clock; `stack` stops them.

    Raises:
        OSError: A port is taken.
    """
    clock, lock = WallClock(), threading.RLock()
    portal = Portal(clock, seed=seed, limits=limits)
    base = Infobase(clock=clock, seed=seed)
    authority = LocalAuthority() if tls else None
    if authority:
        stack.callback(authority.close)
    systems: tuple[System, System] = (portal, base)
    served = [
        stack.enter_context(
            serve(
                build_app(system, lock),
                port=port,
                tls_port=0 if authority else None,
                authority=authority,
                clock=clock,
                lock=lock,
            )
        )
        for system, port in zip(systems, ports, strict=True)
    ]
    portal.origin = served[0].tls_url or served[0].url
    return Pair(portal, base, served[0], served[1])


def _facts(served: Served, *, path: str = "", **known: str) -> dict[str, str | None]:
    facts = {
        "url": served.url + path,
        "tls_url": served.tls_url + path if served.tls_url else None,
        "ca_file": str(served.ca_file) if served.ca_file else None,
        "control_url": f"{served.url}/_emulator/",
    }
    secrets = {name: known.get(name) for name in ("webhook", "key", "user", "password")}
    return facts | secrets


def _announce(facts: dict[str, dict[str, str | None]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    console = Console()
    for system, named in facts.items():
        table = Table(title=system, show_header=False, title_justify="left")
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for name, value in named.items():
            if value:
                table.add_row(name, value)
        console.print(table)
    console.print("Both run until Ctrl-C.")


def _until_stopped() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    # Windows delivers signals only between waits.
    while not stopped.wait(1.0):
        pass
