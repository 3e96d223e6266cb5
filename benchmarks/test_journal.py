"""Journal upserts in transactions of 50, durable against not durable, on this disk."""

import time
from pathlib import Path

from alternation import side_by_side

from sverka.journal import SqliteJournal
from sverka.records import SideName, Waiting

TRANSACTIONS, SIZE = 100, 50


def test_durable_upserts_beside_not_durable_ones(tmp_path: Path, capsys):
    numbers = iter(range(1000))
    durable, careless, ratio = side_by_side(
        lambda: upserts(tmp_path / f"full{next(numbers)}.sqlite", "FULL"),
        lambda: upserts(tmp_path / f"off{next(numbers)}.sqlite", "OFF"),
    )
    with capsys.disabled():
        print(
            f"\njournal: {durable:.0f} durable upserts/s, {careless:.0f} not durable; "
            f"{1 / ratio:.2f}x the time"
        )


def upserts(path: Path, synchronous: str) -> float:
    journal = SqliteJournal(path)
    journal._db.execute(f"PRAGMA synchronous={synchronous}")
    begun_s = time.perf_counter()
    for transaction in range(TRANSACTIONS):
        keys = range(transaction * SIZE, (transaction + 1) * SIZE)
        journal.save([Waiting(side=SideName.PORTAL, key=f"company:{key}") for key in keys], [])
    seconds_s = time.perf_counter() - begun_s
    journal.close()
    return TRANSACTIONS * SIZE / seconds_s
