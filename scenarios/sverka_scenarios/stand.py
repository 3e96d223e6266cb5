"""The command `sverka stand`: both systems in one process, on one clock, with sample data."""

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Annotated, NoReturn

import typer
from flask import Flask
from rich.console import Console
from rich.table import Table

from b24_emulator import console as portal_console
from b24_emulator import sample as portal_sample
from b24_emulator.decode import OAUTH_HOSTS
from b24_emulator.portal import Portal
from b24_emulator.rules.limits import LIMITS
from onec_emulator import console as base_console
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.courier import HttpCourier
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.people import Truth, two_ledgers
from sverka_emulator_kit.serve import LocalAuthority, Served, console_of, serve, until_stopped

USER, PASSWORD = "obmen", "secret"
FAILED, WRONG_USAGE = 1, 2
Facts = dict[str, str | None]


class PortTaken(Exception):
    """Somebody else listens there; the text is one sentence for a person."""


@dataclass(slots=True)
class Stand:
    """Both systems on one clock behind one lock.

    Attributes:
        truth: Which clients people have entered where, and who is one and the same.
    """

    truth: Truth
    limits: str
    seed: int
    clock: WallClock = field(default_factory=WallClock)
    lock: AbstractContextManager[bool] = field(default_factory=threading.RLock)
    portal: Portal = field(init=False)
    base: Infobase = field(init=False)

    def __post_init__(self) -> None:
        self.portal = Portal(self.clock, seed=self.seed, limits=self.limits)
        for client in self.truth.portal:
            portal_sample.enter(self.portal, client)
        self.base = Infobase(
            clock=self.clock,
            seed=self.seed,
            users={USER: PASSWORD},
            filling=self._fill,
        )

    def _fill(self, base: Infobase) -> None:
        for client in self.truth.base:
            base_sample.enter(base, client)

    def open_portal(self, port: int, authority: LocalAuthority | None) -> Served:
        app = build_app(self.portal, self.lock, portal_console.CONSOLE)
        return self._serve(Portal.name, app, port, authority, OAUTH_HOSTS)

    def open_base(self, port: int, authority: LocalAuthority | None) -> Served:
        app = build_app(self.base, self.lock, base_console.CONSOLE)
        return self._serve(Infobase.name, app, port, authority)

    def _serve(
        self,
        name: str,
        app: Flask,
        port: int,
        authority: LocalAuthority | None,
        tls_names: Sequence[str] = (),
    ) -> Served:
        """Open the door of one system; the TLS port is the next one, or any if any is asked.

        Raises:
            PortTaken: Somebody listens at one of the ports.
        """
        tls_port = (port + 1 if port else 0) if authority else None
        try:
            return serve(
                app,
                port=port,
                tls_port=tls_port,
                authority=authority,
                tls_names=tls_names,
                clock=self.clock,
                lock=self.lock,
            )
        except OSError as error:
            raise PortTaken(_taken(name, port, tls_port, error)) from error

    def install(self, served: Served) -> str:
        """Install the application at the portal's real address; returns the connection key."""
        with self.lock:
            # The key names the portal's address, so it is made when that is known.
            self.portal.origin = served.tls_url or served.url
            return self.portal.install_app()


OPTIONS = {Portal.name: "--port", Infobase.name: "--onec-port"}


def _taken(name: str, port: int, tls_port: int | None, error: OSError) -> str:
    ports = f"{port} or {tls_port}" if tls_port else str(port)
    option = OPTIONS[name]
    return (
        f"Port {ports} cannot be opened: {error.strerror or error}. "
        f"Give another one with {option} N, or any free one with {option} 0."
    )


def stand(
    *,
    tls: Annotated[bool, typer.Option("--tls", help="Also answer https, by a local CA.")] = False,
    companies: Annotated[int, typer.Option(min=0, help="Sample clients in each system.")] = 50,
    onec_companies: Annotated[
        int | None, typer.Option(min=0, help="In the 1C base, if not as many.", show_default=False)
    ] = None,
    same: Annotated[
        int, typer.Option(min=0, help="Of them in both, on the portal with dirty keys.")
    ] = 0,
    doubtful: Annotated[
        int, typer.Option(min=0, help="Of the portal's, with the e-mail of two in 1C.")
    ] = 0,
    port: Annotated[int, typer.Option(help="Of the portal, 0 for any free one.")] = 8024,
    onec_port: Annotated[int, typer.Option(help="Of the 1C base, 0 for any free one.")] = 8081,
    limits: Annotated[str, typer.Option(help="|".join(LIMITS))] = "50-2-100",
    seed: Annotated[int, typer.Option(help="Seed of the sample data and of all chance.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object first.")] = False,
) -> None:
    """Run a Bitrix24 portal and a 1C base on this machine, until they are stopped."""
    if limits not in LIMITS:
        _refuse(f"--limits {limits} is unknown. Use one of: {', '.join(LIMITS)}.", WRONG_USAGE)
    try:
        truth = two_ledgers(
            seed,
            portal=companies,
            base=companies if onec_companies is None else onec_companies,
            same=same,
            doubtful=doubtful,
        )
    except ValueError as unfit:
        _refuse(f"--same {same} --doubtful {doubtful}: {unfit}", WRONG_USAGE)
    systems = Stand(truth, limits, seed)
    with ExitStack() as open_doors:
        try:
            facts = _open(systems, open_doors, (port, onec_port), _authority(open_doors, tls=tls))
        except PortTaken as taken:
            _refuse(str(taken), FAILED)
        wait = until_stopped()
        print_facts(facts, as_json=as_json)
        wait()


def _refuse(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _authority(open_doors: ExitStack, *, tls: bool) -> LocalAuthority | None:
    if not tls:
        return None
    authority = LocalAuthority()
    open_doors.callback(authority.close)
    return authority


def _open(
    systems: Stand, open_doors: ExitStack, ports: tuple[int, int], authority: LocalAuthority | None
) -> dict[str, Facts]:
    ca_file = authority.ca_file if authority else None
    systems.portal.courier = courier = open_doors.enter_context(HttpCourier(ca_file))
    systems.portal.handler_times = courier.took_s
    base_courier = HttpCourier(ca_file, systems.base.notices.ended)
    systems.base.courier = open_doors.enter_context(base_courier)
    portal = open_doors.enter_context(systems.open_portal(ports[0], authority))
    base = open_doors.enter_context(systems.open_base(ports[1], authority))
    key = systems.install(portal)
    webhook = systems.portal.origin + systems.portal.webhook_path
    return {
        "portal": portal.facts(webhook=webhook, key=key),
        "infobase": base.facts(systems.base.publication, user=USER, password=PASSWORD),
    }


NAMES = {
    "url": "address",
    "tls_url": "address, TLS",
    "ca_file": "CA to trust",
    "control_url": "control plane",
    "webhook": "webhook",
    "user": "user",
    "password": "password",
}
"""What a person calls the facts; the key is printed apart."""


def print_facts(facts: Mapping[str, Facts], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts))
        return
    console = Console(highlight=False)
    for title, system in (("Bitrix24", facts["portal"]), ("1C", facts["infobase"])):
        console.print(_table(title, system))
    # A line of its own without a frame, so that it can be copied whole.
    console.print("[bold]Connection key of the application[/]")
    console.print(facts["portal"]["key"], markup=False, soft_wrap=True)
    console.print("[dim]Ctrl-C stops both.[/]")


def _table(title: str, facts: Facts) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in NAMES.items():
        if facts[name] is not None:
            table.add_row(words, facts[name])
    table.add_row("console", console_of(facts))
    return table
