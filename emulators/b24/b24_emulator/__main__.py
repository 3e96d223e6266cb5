"""`b24-emulator`: one portal on loopback, with its control plane, until it is stopped."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

from b24_emulator import sample
from b24_emulator.access import Webhook
from b24_emulator.console import CONSOLE
from b24_emulator.console.words import WORDS
from b24_emulator.coverage import coverage
from b24_emulator.decode import OAUTH_HOSTS
from b24_emulator.portal import Portal
from b24_emulator.refusals import SeedUnusable
from b24_emulator.rules.limits import LIMITS
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.courier import HttpCourier
from sverka_emulator_kit.coverage_text import ChoiceUnknown, told
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.keeping import DirectoryUnusable, KeepingLock, kept
from sverka_emulator_kit.load_server import Made, ServerAbsent, serve_on_granian
from sverka_emulator_kit.serve import (
    LocalAuthority,
    Served,
    console_of,
    pump,
    serve,
    until_stopped,
)

SAMPLE_CLIENTS = 200
SERVERS = ("waitress", "granian")

command = typer.Typer(add_completion=False)


@command.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(help="Plain port on loopback, 0 for any free one.")] = 8024,
    tls: Annotated[bool, typer.Option("--tls", help="Also answer https, by a local CA.")] = False,
    limits: Annotated[str, typer.Option(help="|".join(LIMITS))] = "50-2-100",
    webhook: Annotated[str, typer.Option(help="USER/SECRET of the incoming webhook.")] = "",
    empty: Annotated[bool, typer.Option("--empty", help="No records (the default).")] = False,
    filled: Annotated[bool, typer.Option("--sample", help="Two hundred sample clients.")] = False,
    seed_file: Annotated[Path | None, typer.Option(help="JSON of records to start with.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Directory that keeps the state; what is there goes on.")
    ] = None,
    server: Annotated[str, typer.Option(help="|".join(SERVERS))] = "waitress",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object first.")] = False,
) -> None:
    """Run a Bitrix24 portal on this machine."""
    if context.invoked_subcommand is not None:
        return
    if limits not in LIMITS:
        raise typer.BadParameter(f"{limits!r} is unknown. Use one of: {', '.join(LIMITS)}.")
    if sum((empty, filled, seed_file is not None)) > 1:
        raise typer.BadParameter("Give one of --empty, --sample and --seed-file.")
    if server not in SERVERS:
        raise typer.BadParameter(f"{server!r} is unknown. Use one of: {', '.join(SERVERS)}.")
    given = _webhook(webhook)
    if server == "granian":
        if tls or data is not None:
            raise typer.BadParameter("--server granian is for load: it has no --tls and no --data.")
        # A seed file that cannot be used is told here, and not in the server's process.
        _fill(Portal(limits=limits), seed_file, is_sample=False)
        _run_on_granian(partial(_made, limits, given, seed_file, filled, as_json), port)
        return
    portal = Portal(WallClock(), limits=limits)
    with ExitStack() as opened:
        lock = opened.enter_context(_kept(portal, data, seed_file, is_sample=filled))
        authority = opened.enter_context(closing(LocalAuthority())) if tls else None
        ca_file = authority.ca_file if authority else None
        portal.courier = courier = opened.enter_context(HttpCourier(ca_file))
        portal.handler_times = courier.took_s
        served = opened.enter_context(_served(portal, port, authority, lock))
        wait = until_stopped()
        with lock:
            facts = _facts(portal, served, given)
        _announce(facts, as_json=as_json)
        wait()


@command.command("coverage")
def show_coverage(
    *,
    show: Annotated[str, typer.Option(help="client, no-client, is-shape…")] = "",
    search: Annotated[str, typer.Option(help="Any part of a name, a page or a test.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Print what is emulated and what speaks for it, each axis by itself."""
    try:
        typer.echo(told(coverage(), WORDS, show, search, as_json=as_json))
    except ChoiceUnknown as error:
        raise typer.BadParameter(str(error)) from error


@contextmanager
def _kept(
    portal: Portal, data: Path | None, seed_file: Path | None, *, is_sample: bool
) -> Iterator[KeepingLock]:
    def begin() -> None:
        _fill(portal, seed_file, is_sample=is_sample)

    with ExitStack() as opened:
        try:
            lock = opened.enter_context(kept(portal, data, begin))
        except DirectoryUnusable as error:
            raise typer.BadParameter(str(error)) from error
        yield lock


def _webhook(words: str) -> Webhook | None:
    if not words:
        return None
    user_id, slash, secret = words.partition("/")
    if not slash or not secret or user_id != "1":
        raise typer.BadParameter(f"--webhook {words!r}: give 1/SECRET; only user 1 is here.")
    return Webhook(user_id, secret)


def _fill(portal: Portal, seed_file: Path | None, *, is_sample: bool) -> None:
    if is_sample:
        sample.fill(portal, SAMPLE_CLIENTS)
    if seed_file is not None:
        try:
            sample.load(portal, seed_file)
        except SeedUnusable as error:
            raise typer.BadParameter(str(error)) from error


def _served(
    portal: Portal, port: int, authority: LocalAuthority | None, lock: KeepingLock
) -> Served:
    clock = portal.clock
    return serve(
        build_app(portal, lock, CONSOLE),
        port=port,
        tls_port=0 if authority else None,
        authority=authority,
        tls_names=OAUTH_HOSTS,
        clock=clock if isinstance(clock, WallClock) else None,
        lock=lock,
    )


def _run_on_granian(make: Callable[[Served], Made], port: int) -> None:
    try:
        serve_on_granian(make, port=port)
    except ServerAbsent as error:
        raise typer.BadParameter(str(error)) from error


def _made(
    limits: str,
    given: Webhook | None,
    seed_file: Path | None,
    is_sample: bool,  # noqa: FBT001  # bound by place: what crosses to a process has no names
    as_json: bool,  # noqa: FBT001
    served: Served,
) -> Made:
    """A portal in granian's process, where it lives until that ends."""
    clock, lock, courier = WallClock(), threading.RLock(), HttpCourier()
    portal = Portal(clock, limits=limits)
    _fill(portal, seed_file, is_sample=is_sample)
    portal.courier, portal.handler_times = courier, courier.took_s
    facts = _facts(portal, served, given)
    pump(clock, lock)
    return build_app(portal, lock, CONSOLE), partial(_announce, facts, as_json=as_json)


def _facts(portal: Portal, served: Served, given: Webhook | None) -> dict[str, str | None]:
    if given is not None:
        portal.webhook = portal.access.add_webhook(given)
    portal.origin = served.tls_url or served.url
    webhook = portal.origin + portal.webhook_path
    return served.facts(webhook=webhook, key=portal.install_app())


def _announce(facts: Mapping[str, str | None], *, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(facts).decode())
    else:
        for name, value in (*facts.items(), ("console", console_of(facts))):
            if value:
                typer.echo(f"{name:12} {value}")


def main() -> None:
    command()


if __name__ == "__main__":
    main()
