"""`onec-emulator`: one infobase behind a door on loopback, until it is stopped."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from onec_emulator.console import CONSOLE
from onec_emulator.console.words import WORDS
from onec_emulator.coverage import coverage
from onec_emulator.infobase import PLATFORM, Infobase
from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill_whole, seed_from
from onec_emulator.schemas.files import NotBuilt, load
from onec_emulator.schemas.imported import NoMetadata, declaration
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.courier import HttpCourier
from sverka_emulator_kit.coverage_text import ChoiceUnknown, told
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.keeping import DirectoryUnusable, kept
from sverka_emulator_kit.serve import LocalAuthority, Served, console_of, serve, until_stopped

SAMPLE_COUNT = 100
DEFAULT_USER = "obmen:secret"

command = typer.Typer(add_completion=False)


@command.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(help="Port of plain HTTP, 0 for any free one.")] = 8081,
    tls: Annotated[bool, typer.Option("--tls", help="Serve HTTPS too, with a CA.")] = False,
    configuration: Annotated[
        str, typer.Option(help="unf, unf16, ut11, bp30, other, or a .json file of one's own.")
    ] = "unf",
    mode: Annotated[str, typer.Option(help="server or file.")] = "server",
    platform: Annotated[str, typer.Option(help="Version of 1C:Enterprise.")] = PLATFORM,
    licences: Annotated[
        int | None, typer.Option(min=0, help="Sessions at most: windows and calls.")
    ] = None,
    user: Annotated[str, typer.Option(help="NAME:PASSWORD of the OData user.")] = DEFAULT_USER,
    empty: Annotated[bool, typer.Option("--empty", help="Nothing but what is predefined.")] = False,
    sample: Annotated[
        bool,
        typer.Option("--sample", help=f"{SAMPLE_COUNT} clients and all that is theirs."),
    ] = False,
    seed_file: Annotated[Path | None, typer.Option(help="JSON: {set: [fields, …]}.")] = None,
    settings: Annotated[
        Path | None, typer.Option(help="JSON of what people have set up: {notify: [{url}], …}.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Directory that keeps the state; what is there goes on.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print addresses as JSON.")] = False,
) -> None:
    """Run a 1C infobase on this machine. It answers loopback only."""
    if context.invoked_subcommand is not None:
        return
    if [empty, sample, seed_file is not None].count(True) > 1:
        raise typer.BadParameter("Choose one of --empty, --sample and --seed-file.")
    login, _, password = user.partition(":")
    clock = WallClock()
    try:
        set_up = {} if settings is None else _settings(settings)
        base = Infobase(
            clock=clock,
            configuration=configuration,
            mode=mode,
            users={login: password},
            filling=_filling(sample, seed_file),
            licences=licences,
            platform=platform,
            settings=set_up,
        )
    except (NotBuilt, ValueError, LookupError, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    tls_port = (port + 1 if port else 0) if tls else None
    with ExitStack() as opened:
        try:
            lock = opened.enter_context(kept(base, data))
        except DirectoryUnusable as error:
            raise typer.BadParameter(str(error)) from error
        # A directory that is used again holds the settings of another day.
        base.act("set_up", set_up)
        authority = opened.enter_context(closing(LocalAuthority())) if tls else None
        ca_file = authority.ca_file if authority else None
        base.courier = opened.enter_context(HttpCourier(ca_file, base.notices.ended))
        door = build_app(base, lock, CONSOLE)
        served = opened.enter_context(
            serve(door, port=port, tls_port=tls_port, authority=authority, clock=clock, lock=lock)
        )
        wait = until_stopped()
        typer.echo(_addresses(base, served, login, password, as_json=as_json))
        wait()


@command.command("import-metadata")
def import_metadata(
    file: Annotated[Path, typer.Argument(help="The saved answer of …/$metadata.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Where to write; FILE.json beside it.")] = None,
    plan: Annotated[str, typer.Option(help="The exchange plan to register changes in.")] = "",
) -> None:
    """Declare a configuration from the $metadata of a real base, for --configuration."""
    target = out or file.with_suffix(".json")
    try:
        facts = declaration(file.read_bytes(), target.stem, plan)
    except (NoMetadata, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    target.write_bytes(orjson.dumps(facts, option=orjson.OPT_INDENT_2))
    typer.echo(f"{len(facts['sets'])} sets. Run: onec-emulator --configuration {target}")


@command.command("coverage")
def show_coverage(
    *,
    configuration: Annotated[
        str, typer.Option(help="unf, unf16, ut11, bp30, other, or a .json file of one's own.")
    ] = "unf",
    show: Annotated[str, typer.Option(help="client, no-client, is-none…")] = "",
    search: Annotated[str, typer.Option(help="Any part of a name, a source or a test.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Print what is emulated and what speaks for it, each axis by itself."""
    try:
        typer.echo(told(coverage(load(configuration)), WORDS, show, search, as_json=as_json))
    except (ChoiceUnknown, NotBuilt) as error:
        raise typer.BadParameter(str(error)) from error


def main() -> None:
    command()


def _filling(sample: object, seed_file: Path | None) -> Callable[[Infobase], object] | None:
    if sample:
        return lambda base: fill_sales(base, fill_whole(base, SAMPLE_COUNT))
    if seed_file is not None:
        records = orjson.loads(seed_file.read_bytes())
        return lambda base: seed_from(base, records)
    return None


def _settings(file: Path) -> dict[str, Any]:  # Any: JSON, checked by the base
    try:
        return dict(orjson.loads(file.read_bytes()))
    except (orjson.JSONDecodeError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is no JSON object of settings: {error}.") from error


def _addresses(base: Infobase, served: Served, login: str, password: str, *, as_json: bool) -> str:
    facts = served.facts(base.publication, user=login, password=password)
    if as_json:
        return orjson.dumps(facts).decode()
    shown = (*facts.items(), ("console", console_of(facts)))
    return "\n".join(f"{name:12} {value}" for name, value in shown if value is not None)


if __name__ == "__main__":
    main()
