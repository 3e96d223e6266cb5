"""One portal with many records: memory, time to load, and whether a page asks how many there are.

A page where an index serves should cost the same whatever the table's size; beside it stands the
page of a small portal, in alternation.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
import portals
import pytest
from alternation import side_by_side
from sizes import MB, apart

from b24_emulator.portal import Portal
from sverka_emulator_kit.messages import Reply, Request

SMALL, MIDDLE = 1_000, 100_000
ROUND_S = 0.1
DEALS, DEALS_AIM_MB = 10_000, 64
LIST, UPDATE = "crm.deal.list", "crm.deal.update"

Ask = Callable[[int], dict[str, Any]]  # Any: what is sent
ASKS: dict[str, Ask] = {
    "all, start=-1": lambda deals: {"start": -1},
    "all, counted": lambda deals: {"start": 0},
    "half way by keyset": lambda deals: {"start": -1, "filter": {">ID": deals // 2}},
    "half way by start": lambda deals: {"start": deals // 2},
    "one by ORIGIN_ID": lambda deals: {"filter": {"ORIGIN_ID": portals.deal(deals)["ORIGIN_ID"]}},
    "STAGE_ID, start=-1": lambda deals: {"start": -1, "filter": {"STAGE_ID": "WON"}},
    "STAGE_ID by keyset": lambda deals: {
        "start": -1,
        "filter": {"STAGE_ID": ["WON", "LOSE"], ">ID": deals // 2},
    },
    "STAGE_ID, counted": lambda deals: {"filter": {"STAGE_ID": "WON"}},
    "changed since, start=-1": lambda deals: {"start": -1, "filter": {">DATE_MODIFY": LAST}},
    "changed since, counted": lambda deals: {"filter": {">DATE_MODIFY": LAST}},
    "order by DATE_MODIFY": lambda deals: {"start": -1, "order": {"DATE_MODIFY": "DESC"}},
}
NO_INDEX: dict[str, Ask] = {
    "COMMENTS, start=-1": lambda deals: {"start": -1, "filter": {"COMMENTS": "Комментарий 999"}},
    "COMMENTS, counted": lambda deals: {"filter": {"COMMENTS": "Комментарий 999"}},
    "order by TITLE": lambda deals: {"start": -1, "order": {"TITLE": "ASC"}},
}
LAST = "2100-01-01T00:00:00+03:00"
"""A client that polls asks for what came after all he has: mostly nothing."""


@pytest.fixture(scope="module")
def shelf() -> dict[int, Portal]:
    """Portals by the number of their deals."""
    return {}


def deals_of(shelf: dict[int, Portal], deals: int) -> Portal:
    if deals not in shelf:
        shelf[deals] = portals.portal_with(deal=deals)
    return shelf[deals]


def test_memory_and_time_to_load(records: int, capsys):
    for name in portals.CARDS:
        grown, took_s = apart(portals.cost_of, **{name: records // 2})
        with capsys.disabled():
            print(
                f"\n{records // 2} x {name}: {grown / (records // 2):.0f} bytes each "
                f"({grown / MB:.0f} MB), {took_s / (records // 2) * 1e6:.0f} us each "
                f"({took_s:.0f} s)"
            )


def test_memory_with_ten_thousand_deals(capsys):
    answered, listed = apart(portals.served_with, deal=DEALS)
    with capsys.disabled():
        print(
            f"\n{DEALS} deals behind waitress: {answered / MB:.0f} MB (aim {DEALS_AIM_MB}); "
            f"{listed / MB:.0f} when all were listed"
        )


@pytest.mark.parametrize("name", [*ASKS, *NO_INDEX])
def test_page_of_a_large_table_beside_one_of_a_small(
    name: str, shelf: dict[int, Portal], records: int, capsys
):
    ask = (ASKS | NO_INDEX)[name]
    small = deals_of(shelf, SMALL)
    for deals in sorted({min(MIDDLE, records // 2), records // 2}):
        large = deals_of(shelf, deals)
        rate, small_rate, ratio = side_by_side(
            lambda large=large, deals=deals: calls_a_second(large, LIST, ask(deals)),
            lambda: calls_a_second(small, LIST, ask(SMALL)),
            rounds=3,
        )
        aim = "no index" if name in NO_INDEX else "aim 1"
        with capsys.disabled():
            print(
                f"\npage of {deals} deals, {name}: {1e6 / rate:.0f} us, of {SMALL} "
                f"{1e6 / small_rate:.0f} us; {1 / ratio:.2f}x the time ({aim})"
            )


def test_update_as_a_form_beside_json(shelf: dict[int, Portal], capsys):
    portal = deals_of(shelf, SMALL)
    sent = {"id": SMALL // 2, "fields": portals.deal(SMALL // 2), "params": {"REGISTER": "N"}}
    rate, json_rate, ratio = side_by_side(
        lambda: calls_a_second(portal, UPDATE, sent, FORM),
        lambda: calls_a_second(portal, UPDATE, sent),
    )
    with capsys.disabled():
        print(
            f"\nupdate: {1e6 / rate:.0f} us as a form, {1e6 / json_rate:.0f} us as JSON; "
            f"{1 / ratio:.2f}x the time (aim 1.5)"
        )


def as_form(sent: Any, name: str = "") -> Iterator[tuple[str, str]]:  # Any: JSON
    """Names and values as PHP's http_build_query writes them."""
    if not isinstance(sent, dict):
        yield name, str(sent)
        return
    for key, value in sent.items():
        yield from as_form(value, f"{name}[{key}]" if name else str(key))


FORM = "application/x-www-form-urlencoded"
WRITERS: dict[str, Callable[[Any], bytes]] = {
    "application/json": orjson.dumps,
    FORM: lambda sent: urlencode(list(as_form(sent))).encode(),
}


def calls_a_second(
    portal: Portal,
    method: str,
    sent: Any,  # Any: JSON
    kind: str = "application/json",
) -> float:
    """Each as if nobody had asked before: pages that lists keep are forgotten."""
    headers, body = {"content-type": kind}, WRITERS[kind](sent)
    request = Request("POST", portal.webhook_path + method, headers=headers, body=body)
    kept = portal.tables["deal"].pages
    calls, begun_s = 0, time.perf_counter()
    while (spent_s := time.perf_counter() - begun_s) < ROUND_S or not calls:
        kept.clear()
        reply = portal.answer(request)
        assert isinstance(reply, Reply)
        assert reply.status == 200
        calls += 1
    return calls / spent_s
