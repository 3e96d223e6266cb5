"""One base with many products: memory, time to load, pages, the feed of changes, the door.

A page where an index serves should cost the same whatever the table's size; beside it stands the
page of a small base, in alternation.
"""

import time

import bases
import httpx
import pytest
from alternation import side_by_side
from bases import PRODUCTS
from sizes import MB, apart
from test_page import beside_bare_flask

from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

SMALL, FEED = 1_000, 100_000
ROUND_S = 0.1
ASKS = {
    "first": (PRODUCTS, "$top=50"),
    "half way by $skip": (PRODUCTS, "$top=50&$skip={half}"),
    "counted": (PRODUCTS, "$top=50&$inlinecount=allpages"),
    "one by key": (PRODUCTS + "(guid'{key}')", ""),
    "one by Ref_Key": (PRODUCTS, "$filter=Ref_Key eq guid'{key}'"),
    "one by Code": (PRODUCTS, "$filter=Code eq '{code}'"),
    "one by Артикул": (PRODUCTS, "$filter=Артикул eq 'А-{half:08}'"),
    "first by a truth": (PRODUCTS, "$filter=DeletionMark eq false&$top=50"),
    "$orderby=Code": (PRODUCTS, "$orderby=Code&$top=50"),
    "$orderby=Code desc, of those not marked": (
        PRODUCTS,
        "$orderby=Code desc&$filter=DeletionMark eq false&$top=50",
    ),
}
NO_INDEX = {
    "one by Комментарий": (PRODUCTS, "$filter=Комментарий eq 'Партия 999'&$top=50&$skip=1"),
    "$orderby=Комментарий": (PRODUCTS, "$orderby=Комментарий&$top=50"),
}


@pytest.fixture(scope="module")
def shelf(records: int) -> dict[int, Infobase]:
    """Bases by the number of their products."""
    return {products: bases.base_with(products) for products in {SMALL, records}}


def test_memory_and_time_to_load(records: int, capsys):
    grown, took_s = apart(bases.cost_of, records)
    with capsys.disabled():
        print(
            f"\n{records} products: {grown / records:.0f} bytes each ({grown / MB:.0f} MB), "
            f"{took_s / records * 1e6:.0f} us each ({took_s:.0f} s)"
        )


@pytest.mark.parametrize("name", [*ASKS, *NO_INDEX])
def test_page_of_a_large_base_beside_one_of_a_small(
    name: str, shelf: dict[int, Infobase], records: int, capsys
):
    path, query = (ASKS | NO_INDEX)[name]
    rate, small_rate, ratio = side_by_side(
        lambda: answers_a_second(shelf[records], path, query),
        lambda: answers_a_second(shelf[SMALL], path, query),
        rounds=3,
    )
    aim = "no index" if name in NO_INDEX else "aim 1"
    with capsys.disabled():
        print(
            f"\npage of {records} products, {name}: {1e6 / rate:.0f} us, of {SMALL} "
            f"{1e6 / small_rate:.0f} us; {1 / ratio:.2f}x the time ({aim})"
        )


def test_changes_are_streamed(records: int, capsys):
    for registered in (min(records, FEED) // 10, min(records, FEED)):
        length, peak, took_s = apart(bases.feed_of, registered)
        with capsys.disabled():
            print(
                f"\nSelectChanges of {registered}: {length / MB:.0f} MB in {took_s:.1f} s, "
                f"{peak / MB:.1f} MB of memory at most ({peak / length:.2f} of the feed)"
            )


def test_pages_a_second_over_the_socket(capsys):
    base = Infobase(clock=WallClock(), pace=1e-9)
    for number in range(SMALL):
        fields = {"Description": f"Товар {number}"}
        base.act("create", {"set": PRODUCTS, "fields": fields}, user="Иванова")
    sent = bases.request(base, PRODUCTS, "$format=json&$top=50")
    with (
        serve(build_app(base)) as served,
        httpx.Client(trust_env=False, headers=sent.headers) as client,
    ):
        address = f"{served.url}{sent.path}?{sent.query}"
        told = beside_bare_flask(client, address)
    with capsys.disabled():
        print(told)


def answers_a_second(base: Infobase, path: str, query: str) -> float:
    order = base.tables[PRODUCTS].order
    half = len(order) // 2
    row = base.tables[PRODUCTS].rows[order[half]]
    named = {"half": half, "key": row["Ref_Key"], "code": row["Code"]}
    options = f"$format=json&{query}".removesuffix("&")
    sent = bases.request(base, path.format(**named), options.format(**named))
    calls, begun_s = 0, time.perf_counter()
    while (spent_s := time.perf_counter() - begun_s) < ROUND_S or not calls:
        bases.asked(base, sent)
        calls += 1
    return calls / spent_s
