"""A folder with a settings file, before both emulators in this process."""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from b24_emulator import sample as portal_sample
from b24_emulator.portal import Portal
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka.cli import journal, sync
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.people import Registry
from sverka_emulator_kit.serve import serve

QUICK = {"threshold": 1000, "drain_per_s": 1000.0, "calm_s": 0.01, "tries": 3}
APPS = {"sync": sync.app, "journal": journal.app}


@dataclass
class Folder:
    """Where a person works: a settings file, and the commands that are typed there."""

    path: Path
    sections: dict = field(default_factory=dict)

    @property
    def file(self):
        return self.path / "sverka.toml"

    @property
    def journal(self):
        return self.path / self.sections["journal"]["file"]

    def has(self, **sections):
        """Write the settings file: what is given here is merged into what it held."""
        for name, keys in sections.items():
            self.sections[name] = {**self.sections.get(name, {}), **keys}
        lines = []
        for name, keys in self.sections.items():
            # JSON's texts, numbers and lists of them are TOML's too.
            lines += [f"[{name}]", *(f"{key} = {json.dumps(v)}" for key, v in keys.items())]
        self.file.write_text("\n".join(lines), encoding="utf-8")

    def types(self, words, *more, **environment):
        """Type `sync full`, or another command with `--settings` at its end."""
        command, *rest = [*words.split(), *more]
        return CliRunner().invoke(
            APPS[command],
            [*rest, "--settings", str(self.file)],
            env={"COLUMNS": "200", **environment},
        )

    def tells(self, words, *more):
        """The JSON object of a command."""
        done = self.types(words, *more, "--json")
        assert done.stdout.count("\n") == 1
        return json.loads(done.stdout)


@dataclass
class Ends:
    """Both systems; people enter clients of one registry into them."""

    portal: Portal
    base: Infobase
    registry: Registry = field(default_factory=lambda: Registry(7))

    def fill(self, count=2):
        """So many clients in each, nobody in both."""
        for client in self.registry.clients(count):
            portal_sample.enter(self.portal, client)
        for client in self.registry.clients(count):
            base_sample.enter(self.base, client)

    def touches(self):
        return len(self.portal.ledger.touches), len(self.base.ledger.touches)


@pytest.fixture
def folder(tmp_path):
    """A settings file that is right, for systems that nobody started."""
    made = Folder(tmp_path)
    made.has(
        portal={"webhook": "http://127.0.0.1:9/rest/1/secret/"},
        infobase={"url": "http://127.0.0.1:9/unf", "user": "obmen", "password": "secret"},
        journal={"file": "exchange.sqlite"},
        pace=QUICK,
    )
    return made


@pytest.fixture
def ends(folder):
    """Both systems, and the settings file that leads to them."""
    clock, lock = WallClock(), threading.RLock()
    portal = Portal(clock, seed=1, limits="box", pace=0.01)
    base = Infobase(clock=clock, seed=1, pace=0.01)
    with (
        serve(build_app(portal, lock), clock=clock, lock=lock) as portal_door,
        serve(build_app(base, lock)) as base_door,
    ):
        portal.origin = portal_door.url
        folder.has(
            portal={
                "webhook": "",
                "key": portal.install_app(),
                "oauth_url": f"{portal.origin}/oauth/token/",
            },
            infobase={"url": base_door.url + base.publication},
        )
        yield Ends(portal, base)
