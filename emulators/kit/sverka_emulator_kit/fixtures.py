"""What the fixtures of both emulators share: a server that runs elsewhere."""

import os
from collections.abc import Iterator

import pytest

from sverka_emulator_kit.in_tests import Elsewhere


def address(config: pytest.Config, name: str) -> str:
    """Where the emulator `name` runs already, by `--name-url` or `name_url`; `""` if nowhere."""
    return str(config.getoption(f"--{name}-url") or config.getini(f"{name}_url"))


def elsewhere(config: pytest.Config, name: str, what: str) -> Iterator[Elsewhere]:
    """The emulator `name` that runs already, for one fixture; `what` says what it is."""
    url = address(config, name)
    if not url:
        pytest.fail(
            f"{name}_noproc has no address. Give --{name}-url, or {name}_url in the settings."
        )
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.fail(f"Workers of xdist would reset each other's {what} at {url}. Run with -n 0.")
    there = Elsewhere(url)
    yield there
    there.close()
