"""Granian in place of waitress, for load: an answer costs it a fifth of what it costs waitress.

It has no TLS with our authority, opens no WebSockets, does not see that the caller of a held call
has left, and refuses a target with letters that a URL must have encoded, as a raw `>`. It works in
a process of its own, in which the system is made.
"""

import importlib.util
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from sverka_emulator_kit.serve import THREADS, Served, listener

if TYPE_CHECKING:
    from flask import Flask

LOOK_S = 0.02
Made = tuple["Flask", Callable[[], object]]
"""The door of a system, and what is to be done once it answers."""


class ServerAbsent(RuntimeError):
    """Granian is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "--server granian needs the package granian: pip install 'sverka[load]', or leave"
            " --server out."
        )


def serve_on_granian(make: Callable[[Served], Made], *, port: int = 0) -> None:
    """Serve on loopback until Ctrl-C or SIGTERM what `make` makes.

    Args:
        make: Called in the server's process; on systems without fork it must be picklable.
        port: 0 for any free one.

    Raises:
        ServerAbsent: It is not installed.
        OSError: The port is taken.
    """
    if importlib.util.find_spec("granian") is None:
        raise ServerAbsent
    from granian import Granian
    from granian.constants import Interfaces

    with closing(listener(port)) as taken:
        port = taken.getsockname()[1]
    Granian(
        "the system",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_enabled=False,
    ).serve(target_loader=partial(_loaded, make, port), wrap_loader=False)


def _loaded(make: Callable[[Served], Made], port: int) -> "Flask":
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    app, announce = make(Served(f"http://127.0.0.1:{port}"))
    threading.Thread(target=_when_it_answers, args=(port, announce), daemon=True).start()
    return app


def _end_with_the_command() -> None:
    """A command that is killed could not tell its server to stop."""
    if command := multiprocessing.parent_process():
        command.join()
        # To the process, not to this thread: it is the main one that waits for it.
        os.kill(os.getpid(), signal.SIGTERM)


def _when_it_answers(port: int, announce: Callable[[], object]) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
        except OSError:
            time.sleep(LOOK_S)
        else:
            announce()
            return
