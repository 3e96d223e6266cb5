"""Portals with many records, each entered as a person enters it."""

import time
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

from sizes import resident_bytes

from b24_emulator.portal import Portal
from b24_emulator.schema import schema
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

Fields = dict[str, Any]  # Any: what a person types in
STAGES = ("NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE")

OF_PAGE = list(schema("crm.deal").plain[:36])
"""Columns of a page of 50 deals of some 42 KB."""


def company(number: int) -> Fields:
    return {
        "TITLE": f"ООО «Ромашка {number}»",
        "ORIGINATOR_ID": "1C",
        "ORIGIN_ID": f"company-{number:08}-b9b8-11e5-8b5a-0050569f2d9f",
        "PHONE": [{"VALUE": f"+7495{number:07}", "VALUE_TYPE": "WORK"}],
        "EMAIL": [{"VALUE": f"info{number}@romashka.example", "VALUE_TYPE": "WORK"}],
    }


def deal(number: int) -> Fields:
    return {
        "TITLE": f"Заказ {number} от 24.11.2026",
        "ORIGINATOR_ID": "1C",
        "ORIGIN_ID": f"deal-{number:08}-b9b8-11e5-8b5a-0050569f2d9f",
        "STAGE_ID": STAGES[number % len(STAGES)],
        "OPPORTUNITY": number * 7 % 99_991,
        "COMMENTS": f"Комментарий {number % 1000}",
    }


CARDS: dict[str, Callable[[int], Fields]] = {"company": company, "deal": deal}


def portal_with(**counts: int) -> Portal:
    """A portal without limits that holds so many of each: `portal_with(company=5, deal=7)`."""
    portal = Portal(limits="box", pace=0.0)
    fill(portal, **counts)
    return portal


def fill(portal: Portal, **counts: int) -> None:
    """Enter so many of each. A minute passes after each thousand, so that moments differ."""
    for name, count in counts.items():
        card = CARDS[name]
        for number in range(1, count + 1):
            portal.act(f"crm.{name}.add", {"fields": card(number)})
            if number % 1000 == 0:
                portal.clock.advance(60.0)


def rows_of(name: str, count: int) -> list[dict[str, Any]]:  # Any: JSON
    """What the portal lists of so many, without the columns that `OF_PAGE` leaves out."""
    rows = portal_with(**{name: count}).tables[name].rows.values()
    return [{column: row[column] for column in OF_PAGE} for row in rows]


def cost_of(**counts: int) -> tuple[float, float]:
    """Bytes and seconds that such a portal costs this process, beside an empty one's."""
    portal_with(company=1, deal=1)
    before, begun_s = resident_bytes(), time.perf_counter()
    portal = portal_with(**counts)
    took_s = time.perf_counter() - begun_s
    grown = resident_bytes() - before
    del portal
    return grown, took_s


def served_with(**counts: int) -> tuple[int, int]:
    """Bytes of this whole process with such a portal behind a server.

    When it has answered, and when it has listed all deals.
    """
    portal = portal_with(**counts)
    with serve(build_app(portal)) as served:
        address = f"{served.url}{portal.webhook_path}crm.deal.list?start="
        # Not by httpx, whose memory is the caller's.
        urlopen(address).read()
        answered = resident_bytes()
        for start in range(0, counts["deal"], 50):
            urlopen(f"{address}{start}").read()
        return answered, resident_bytes()
