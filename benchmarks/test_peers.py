"""Our portal beside other servers that teams test against: pages and single records a second.

A page is one that is asked again and again; a walk asks ours for 1,400 others in turn.

One core for the server, another for the load, eight connections, a page of about 42 KB. Ours holds
10,000 deals, filters by ID and moment, counts limits and writes its record of calls; WireMock and
Prism send a file. Rates are by CPU time of the server: what it would do with a core for itself,
whoever else is busy here. Latencies are as they were met.
"""

import os
import statistics
from collections.abc import Iterator
from contextlib import ExitStack

import peers
import portals
import pytest
import served
from load import Load, pressed

ASKED = os.environ.get("SVERKA_PEERS") == "1"
ROUNDS, ROUND_S = 5, 2.0
WARM_S, WARM_ANSWERS = 45.0, 4000
"""Compilers of the peers want thousands of calls before they are at their best."""
GRANIAN, WAITRESS = "ours on granian", "ours on waitress"
OF_PAGES = {"WireMock": (2.0, 1.1), "json-server": (5.0, 3.0), "Mockoon CLI": (5.0, 3.0)}
AIMS = {
    # Beside whom: on granian, on waitress.
    "page": OF_PAGES,
    "entity": {"WireMock": (0.9, 0.0)},
    "walk": OF_PAGES,
}

pytestmark = [
    pytest.mark.skipif(not ASKED, reason="SVERKA_PEERS=1 installs the peers and measures them"),
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="server and load need a core each"),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[dict[str, peers.Running]]:
    """All peers that run here, by name; who cannot is named and left out."""
    rows = portals.rows_of("deal", served.DEALS)
    folder, found = tmp_path_factory.mktemp("peers"), {}
    with ExitStack() as started:
        for number, peer in enumerate(peers.PEERS):
            try:
                place = folder / str(number)
                found[peer.name] = started.enter_context(peers.running(peer, place, rows))
            except peers.Absent as absent:
                print(f"\nleft out: {absent}")
        # The servers are pinned to the other core.
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {peers.LOAD_CORE})
        yield found
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize("what", AIMS)
def test_answers_a_second_beside_the_peers(what: str, running: dict[str, peers.Running], capsys):
    asks = {
        peer.name: ask
        for peer in peers.PEERS
        if peer.name in running and (ask := getattr(peer, what) or (what == "walk" and peer.page))
    }
    for name, ask in asks.items():
        round_of(running[name], ask, WARM_S, WARM_ANSWERS)
    met: dict[str, list[tuple[float, Load]]] = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            met[name].append(round_of(running[name], ask, ROUND_S))
    rates = {name: statistics.median(rate for rate, _ in rounds) for name, rounds in met.items()}
    with capsys.disabled():
        for name, rounds in met.items():
            loads = [load for _, load in rounds]
            print(
                f"\n{what}, {name}: {rates[name]:.0f} a second of CPU, "
                f"{statistics.median(load.rate for load in loads):.0f} a second; p99 "
                f"{statistics.median(load.p99_s for load in loads) * 1000:.1f} ms; "
                f"{loads[0].bytes_each} bytes"
            )
            for ours, aim in zip((GRANIAN, WAITRESS), AIMS[what].get(name, (0, 0)), strict=True):
                if ours in rates and ours != name:
                    aimed = f" (aim {aim})" if aim else ""
                    print(f"    {ours} {rates[ours] / rates[name]:.2f}x{aimed}")


def round_of(
    server: peers.Running, ask: peers.Ask, seconds_s: float, answers_max: int = 1_000_000
) -> tuple[float, Load]:
    """Answers by second of the server's CPU, and what was met."""
    before_s = server.worked_s()
    load = pressed(server.root + ask[0], ask[1], seconds_s=seconds_s, answers_max=answers_max)
    worked_s = max(server.worked_s() - before_s, 0.01)
    return len(load.latencies_s) / worked_s, load
