"""The command line `sverka`. Other parts add their commands by entry points."""

import sys
from importlib.metadata import EntryPoint, entry_points

GROUP = "sverka.commands"
OWN = "sverka.cli."
WRONG_USAGE = 2


def main() -> None:
    """Run the command line. Exit codes: 0 held, 1 failed, 2 wrong usage, 3 inconclusive."""
    try:
        import typer
    except ModuleNotFoundError:
        print("sverka: the command line needs more packages. Run: pip install 'sverka[cli]'")
        sys.exit(WRONG_USAGE)
    app = typer.Typer(
        name="sverka",
        help="Keeps 1C and Bitrix24 in step, and proves it.",
        no_args_is_help=True,
        add_completion=False,
        # Locals hold the settings, and these hold secrets.
        pretty_exceptions_show_locals=False,
    )
    # A callback keeps `sverka NAME` a sub-command even if only one is installed.
    app.callback()(lambda: None)
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    # Who exchanges does not wait until all that proves the exchange is imported.
    for point in [point for point in points if [point.name] == sys.argv[1:2]] or points:
        _add(app, point)
    app()


def _add(app: "typer.Typer", point: EntryPoint) -> None:  # type: ignore[name-defined]  # noqa: F821 - imported on use, so that the core needs no typer
    """A function is a command, a Typer a command with commands of its own."""
    import typer

    try:
        command = point.load()
    except ModuleNotFoundError as missing:
        _add_absent(app, point, str(missing.name))
        return
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=point.name)
    else:
        app.command(point.name)(command)


def _add_absent(app: "typer.Typer", point: EntryPoint, package: str) -> None:  # type: ignore[name-defined]  # noqa: F821 - as above
    import typer

    extra = "cli" if point.value.startswith(OWN) else "stand"
    text = f"needs the package {package!r}. Run: pip install 'sverka[{extra}]'"

    def absent() -> None:
        typer.echo(f"sverka {point.name} {text}", err=True)
        raise typer.Exit(WRONG_USAGE)

    # Whatever is asked of it, the answer is the same.
    anything = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(point.name, help=f"Not installed: it {text}", context_settings=anything)(absent)
