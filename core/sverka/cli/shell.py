"""How every command of the core begins and ends: its options, its exit code, its last words."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from sverka.cli.refusals import WrongUsage
from sverka.errors import JournalForeign, JournalNewer, SettingsError, SverkaError

HELD, FAILED, REFUSED = 0, 1, 2
BY_SIGNAL = 128
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM)

SettingsOption = Annotated[
    Path, typer.Option("--settings", metavar="FILE", help="TOML: portal, infobase, journal.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object at the end, and nothing else.")
]

CODES: tuple[tuple[type[SverkaError], int], ...] = (
    (WrongUsage, REFUSED),
    (SettingsError, REFUSED),
    (JournalForeign, REFUSED),
    (JournalNewer, REFUSED),
    (SverkaError, FAILED),
)
"""The first row that an error belongs to."""

UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
TRUST = "If a CA of your own signed its certificate, name that CA's file in SSL_CERT_FILE."


class Stopped(BaseException):
    """A person or the system ends us."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


@dataclass(slots=True)
class Ending:
    """What a command says when it ends.

    Attributes:
        facts: The JSON object.
    """

    facts: dict[str, object] = field(default_factory=dict)
    code: int = HELD


@contextmanager
def shell(settings: Path, *, as_json: bool) -> Iterator[Ending]:
    """A command's body: its errors and signals become one sentence and an exit code."""
    ending = Ending()
    try:
        with stoppable():
            yield ending
    except Stopped as stopped:
        ending.code = BY_SIGNAL + stopped.number
        _explain(ending, "Stopped", f"Stopped by {stopped}. Nothing was lost: run it again.")
    except SverkaError as error:
        ending.code = next(code for kind, code in CODES if isinstance(error, kind))
        _explain(ending, type(error).__name__, told(settings, error))
    if as_json:
        typer.echo(json.dumps({**ending.facts, "exit_code": ending.code}, ensure_ascii=False))
    raise typer.Exit(ending.code)


def _explain(ending: Ending, name: str, text: str) -> None:
    typer.echo(text, err=True)
    ending.facts["error"] = {"name": name, "text": text}


def told(settings: Path, error: SverkaError) -> str:
    """What a person reads of an error: where it lies, and what to do."""
    text = str(error)
    if isinstance(error, SettingsError):
        text = f"{settings}: {text}"
    return f"{text} {TRUST}" if UNTRUSTED in text else text


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C and SIGTERM raise `Stopped`; a second one of a kind ends the process at once."""

    def stop(number: int, at: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in STOPPING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def gently(stop: Callable[[], None]) -> list[int]:
    """From now to the shell's end a signal only calls `stop`; a second one of a kind still kills.

    Returns the signals that have come, filled as they come.
    """
    came: list[int] = []

    def meet(number: int, at: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        came.append(number)
        stop()

    for number in STOPPING_SIGNALS:
        signal.signal(number, meet)
    return came


def environment(name: str) -> str:
    """An environment variable, `""` if it is not set or empty.

    Typer reads it, as it does for options: the core itself asks no environment.
    """
    found: list[str] = []
    reader = typer.Typer(add_completion=False)

    @reader.command()
    def read(value: Annotated[str, typer.Option(envvar=name)] = "") -> None:
        found.append(value)

    run: Any = reader  # Any: a Typer takes what its command's main takes
    run(args=[], standalone_mode=False)
    return found[0]
