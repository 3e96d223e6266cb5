"""The command line `sverka`. Other parts add their commands by entry points."""

import sys
from importlib.metadata import EntryPoint, entry_points

GROUP = "sverka.commands"
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
    )
    # A callback keeps `sverka NAME` a sub-command even if only one is installed.
    app.callback()(lambda: None)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        _add(app, point)
    app()


def _add(app: "typer.Typer", point: EntryPoint) -> None:  # type: ignore[name-defined]  # noqa: F821 - imported on use, so that the core needs no typer
    import typer

    try:
        app.command(point.name)(point.load())
    except ModuleNotFoundError as missing:
        text = f"needs the package {missing.name!r}. Run: pip install 'sverka[stand]'"

        def absent() -> None:
            typer.echo(f"sverka {point.name} {text}", err=True)
            raise typer.Exit(WRONG_USAGE)

        app.command(point.name, help=f"Not installed: it {text}")(absent)
