"""`kill -9` of `sverka sync realtime` at random moments, while people edit on both sides."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from sverka.asks import Counts, HistoryOf, Unsent
from sverka.engine import Scope
from sverka.journal import SqliteJournal
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import converged, doubled, limits_kept
from sverka_scenarios.losses import lost
from sverka_scenarios.moments import WatchedRoad
from sverka_scenarios.people import API_LOGIN
from sverka_scenarios.simulation.life import Life
from sverka_scenarios.world import World

pytestmark = pytest.mark.sockets

RUN = "from sverka.cli.sync import app; app()"
CLIENTS_A_SIDE = 10
CALLS_MAX = 60
"""So many calls at most a process makes in its life, and is killed a moment later."""
MOMENT_S = 0.1
PAUSE_S = (0.05, 0.5)
"""Between two edits."""
PATIENCE_S = 90.0


class Process:
    """The exchange as a process of its own, over a journal file. What `World` knows as its core."""

    def __init__(self, folder, monkeypatch):
        self.file, self.journal = folder / "sverka.toml", folder / "exchange.sqlite"
        self.monkeypatch = monkeypatch
        self.realtime, self.crashes, self.trips = False, [], {}

    def configure(self, key, oauth_url, base_url):
        self.monkeypatch.setenv("SVERKA_KEY", key)
        self.monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        self.file.write_text(
            f"""
            [portal]
            key = "env:SVERKA_KEY"
            oauth_url = "{oauth_url}"
            [infobase]
            url = "{base_url}"
            user = "{API_LOGIN}"
            password = "secret"
            [journal]
            file = "{self.journal.name}"
            [pace]
            threshold = 1000
            drain_per_s = 1000
            calm_s = 0.1
            [realtime]
            portal_every_s = 0.2
            infobase_every_s = 0.2
            """
        )

    def command(self, words):
        return [sys.executable, "-c", RUN, words, "--settings", str(self.file), "--json"]

    def exchange(self, scope=Scope.CHANGES):
        done = subprocess.run(
            self.command(str(scope)), capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return json.loads(done.stdout)

    def lives(self):
        """Begin realtime."""
        return subprocess.Popen(
            self.command("realtime"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def asks(self, ask):
        """What the journal tells while nobody holds it."""
        journal = SqliteJournal(self.journal)
        try:
            return journal.load(ask)
        finally:
            journal.close()

    def history(self):
        return self.asks(HistoryOf())

    def counts(self):
        return self.asks(Counts())

    def close(self):
        """It has ended already."""


class Door:
    """A road that serves one system on the loopback; the exchange calls it by itself."""

    def __init__(self, system, clock, lock):
        self._served = serve(build_app(system, lock), clock=clock, lock=lock)
        self.origin = self.alias = self._served.url

    def close(self):
        self._served.stop()


class LiveWorld(World):
    """A world in real time: both systems behind sockets, the exchange a process."""

    def __init__(self, arrangement, core):
        self.lock = threading.RLock()
        super().__init__(arrangement, WallClock())
        self.core.close()
        self.core = core
        core.configure(
            self.connection_key,
            f"{self.roads['portal'].origin}/oauth/token/",
            self.roads["infobase"].origin + self.base_system.publication,
        )

    def _roads(self):
        roads = {
            name: WatchedRoad(Door(system, self.clock, self.lock), system)
            for name, system in (("portal", self.portal_system), ("infobase", self.base_system))
        }
        self.portal_system.origin = roads["portal"].origin
        return roads

    def wait(self, seconds_s):
        time.sleep(seconds_s)

    def call_count(self):
        return len(self.portal_system.calls.lines) + len(self.base_system.calls.lines)


@contextmanager
def living(folder, monkeypatch):
    world = LiveWorld(Arrangement(limits="box"), Process(folder, monkeypatch))
    try:
        yield world
    finally:
        world.close()


def people_work(world, life, until):
    """They edit on both sides, one after the other, until something holds."""
    give_up_s = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < give_up_s
        with world.lock:
            life.edit(life.chance.choice(life.ends()))
        time.sleep(life.chance.uniform(*PAUSE_S))


def dies_at_some_moment(world, life):
    """A process begins, lives for a while, and is killed in whatever it does."""
    with world.core.lives() as running:
        last = world.call_count() + life.chance.randint(1, CALLS_MAX)
        people_work(world, life, lambda: world.call_count() >= last)
        time.sleep(life.chance.uniform(0.0, MOMENT_S))
        running.kill()
        _, said = running.communicate(timeout=30)
    assert running.returncode == -signal.SIGKILL, said
    return world.core.counts()


def calms_down(world):
    """It goes on undisturbed until it has taken over all; the rest goes by hand."""
    calls = world.call_count()
    with world.core.lives() as running:
        give_up_s = time.monotonic() + PATIENCE_S
        while (
            world.call_count() == calls or world.portal_events() or world.base_system.registered()
        ):
            assert time.monotonic() < give_up_s, "something waits for ever"
            time.sleep(0.2)
        running.send_signal(signal.SIGTERM)
        told, said = running.communicate(timeout=90)
    assert "Traceback" not in said
    assert json.loads(told)["unsent"] == []
    # What was taken over may still have been on its way when it was stopped.
    assert world.core.exchange()["exit_code"] == 0


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(5, marks=pytest.mark.acceptance, id="5 kills"),
        pytest.param(50, marks=pytest.mark.kill, id="50 kills"),
    ],
)
def test_killed_at_random_moments_it_loses_nothing_and_doubles_nothing(
    kills, tmp_path, monkeypatch, capsys
):
    begun_s = time.monotonic()
    with living(tmp_path, monkeypatch) as world:
        life = Life(world, random.Random(f"kill {kills}"))
        for end in life.ends():
            end.has(*(world.make.client() for _ in range(CLIENTS_A_SIDE)))
        assert world.core.exchange(Scope.FULL)["exit_code"] == 0

        left = [dies_at_some_moment(world, life) for _ in range(kills)]
        calms_down(world)

        assert [*converged(world), *doubled(world), *lost(world), *limits_kept(world)] == []
        written = world.write_count()
        assert world.core.exchange()["exit_code"] == 0
        assert world.write_count() == written, "a further exchange writes nothing"
        assert world.nothing_waits()
        assert world.core.asks(Unsent()) == []
    with capsys.disabled():
        print(
            f"\n{kills} kills, {life.edits.total()} edits in {time.monotonic() - begun_s:.0f} s; "
            f"{sum(counts['waiting'] > 0 for counts in left)} left changes half way, "
            f"{sum(counts['intents'] > 0 for counts in left)} a write in doubt; "
            f"{world.exempt} edits exempt"
        )
    assert any(counts["waiting"] for counts in left), "none was killed at work"
