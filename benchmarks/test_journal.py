"""What the journal costs: the transactions of a portion, durable against not durable, on this disk.

Durable survives a power cut (synchronous FULL). Not durable is NORMAL, which keeps the file whole
but may lose the last transactions, and OFF, which promises nothing.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alternation import side_by_side

from sverka.asks import Stored
from sverka.decide.matching import search_keys
from sverka.entities.clients import LEGAL
from sverka.journal import SqliteJournal
from sverka.records import HistoryLine, Item, Link, Record, SideName, Waiting

TRANSACTIONS, SIZE = 100, 50
AIM = 1.25


@pytest.mark.parametrize("careless_mode", ["NORMAL", "OFF"])
@pytest.mark.parametrize("kind", ["inbox", "noted"])
def test_durable_transactions_beside_not_durable_ones(
    kind: str, careless_mode: str, tmp_path: Path, capsys
):
    numbers = iter(range(1000))
    durable, careless, ratio = side_by_side(
        lambda: saved(kind, tmp_path / f"full{next(numbers)}.sqlite", "FULL"),
        lambda: saved(kind, tmp_path / f"less{next(numbers)}.sqlite", careless_mode),
    )
    with capsys.disabled():
        print(
            f"\njournal, {kind}: {durable:.0f} durable records/s, {careless:.0f} not durable "
            f"({careless_mode}); {1 / ratio:.2f}x the time (aim {AIM})"
        )


def saved(kind: str, path: Path, synchronous: str) -> float:
    """Records a second, in transactions of 50."""
    journal = SqliteJournal(path)
    journal._db.execute(f"PRAGMA synchronous={synchronous}")
    groups = [list(rows(kind, number)) for number in range(TRANSACTIONS)]
    begun_s = time.perf_counter()
    for group in groups:
        journal.save(group, [])
    seconds_s = time.perf_counter() - begun_s
    journal.close()
    return TRANSACTIONS * SIZE / seconds_s


def rows(kind: str, transaction: int) -> Iterator[Stored]:
    """The inbox's upserts alone, or all that is kept of a portion of clients when it is done."""
    for number in range(transaction * SIZE, (transaction + 1) * SIZE):
        yield Waiting(side=SideName.PORTAL, key=f"company:{number}")
        if kind == "noted":
            yield from noted(number)


def noted(number: int) -> Iterator[Stored]:
    values = {
        "name": f"Ромашка {number} ООО",
        "full_name": f'Общество с ограниченной ответственностью "Ромашка {number}"',
        "inn": f"{number:010}",
        "kpp": "770101001",
        "phones": (Item(f"+7495{number:07}", "WORK", "41"), Item(f"+7903{number:07}")),
        "emails": (Item(f"info{number}@romashka.example", "WORK", "43"),),
    }
    key = f"company:{number}"
    record = Record(side=SideName.PORTAL, key=key, kind=LEGAL, values=values)
    yield search_keys(record)
    yield Link(
        portal_key=key, infobase_key=f"guid-{number}", portal_base=values, infobase_base=values
    )
    yield HistoryLine(run=1, at_s=0.0, text="created at the infobase", key=key)
