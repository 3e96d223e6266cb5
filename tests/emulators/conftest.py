"""Guests: real clients in other languages and newer Pythons, each in a process of its own.

What a guest needs is a tool of this machine and, of most, packages, installed once and kept. A test
without its tool is skipped, unless `SVERKA_REQUIRE` names it: `SVERKA_REQUIRE=node,php`.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NoReturn

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sverka-guests"
GUEST_S = 120
"""No guest talks longer."""


def lacking(tool: str, why: str) -> NoReturn:
    """Skip the test, or fail it where the tool is required."""
    text = f"{tool}: {why}. Install it, or take it out of SVERKA_REQUIRE."
    if tool in os.environ.get("SVERKA_REQUIRE", "").split(","):
        pytest.fail(text)
    pytest.skip(text)


def found(tool: str) -> str:
    """The tool's path, if it also starts: a version manager leaves names that lead nowhere."""
    path = shutil.which(tool)
    if path is None:
        lacking(tool, "is not on this machine")
    started = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    if started.returncode:
        lacking(tool, f"does not start: {started.stderr.strip()[:200]}")
    return path


def installed(tool: str, name: str, command: Callable[[Path], Sequence[str]]) -> Path:
    """The folder that `command` filled, now or in an earlier run."""
    folder = CACHE / f"{tool}-{name.replace('/', '_').replace(' ', '_')}"
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(dir=CACHE))
    done = subprocess.run(command(fresh), capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(fresh)
        lacking(tool, f"{name} cannot be installed: {done.stderr.strip()[-300:]}")
    # Whoever comes second finds the folder of the first, which is as good.
    with suppress(OSError):
        fresh.rename(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    return folder


def answer(command: Sequence[str], facts: Any, env: dict[str, str], cwd: Path | None = None) -> Any:
    """What a guest prints as JSON when it is told `facts` as JSON."""
    done = subprocess.run(
        command,
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        timeout=GUEST_S,
        check=False,
        cwd=cwd,
        env={**os.environ, "NO_PROXY": "*", **env},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def python_guest() -> Callable[..., Any]:
    """Runs a program of a newer Python with one client installed."""

    def run(python: str, client: str, program: Path, facts: Any, **env: str) -> Any:
        tool = found(python)
        pip = [sys.executable, "-m", "pip", "--quiet", "--python", tool, "install", "--target"]
        packages = installed(python, client, lambda folder: [*pip, str(folder), client])
        return answer([tool, str(program)], facts, {**env, "PYTHONPATH": str(packages)})

    return run


@pytest.fixture(scope="session")
def node_guest() -> Callable[..., Any]:
    """Runs a module of node with one package installed."""

    def run(package: str, program: Path, facts: Any, **env: str) -> Any:
        node, npm = found("node"), found("npm")
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        packages = installed(
            "node",
            package,
            lambda folder: [npm, "install", *quiet, "--prefix", str(folder), package],
        )
        command = [node, "--input-type=module", "--eval", program.read_text()]
        return answer(command, facts, env, cwd=packages)

    return run


@pytest.fixture(scope="session")
def php_guest() -> Callable[..., Any]:
    """Runs a script of PHP, which needs nothing but its own curl."""

    def run(program: Path, facts: Any) -> Any:
        return answer([found("php"), str(program)], facts, {})

    return run


@pytest.fixture(scope="session")
def curl() -> Callable[..., Any]:
    """Runs curl and reads its answer as JSON."""
    return lambda *arguments: answer([found("curl"), "--silent", *arguments], None, {})
