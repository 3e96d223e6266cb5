"""A page that an index serves looks at the rows it shows, however many there are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b24_emulator import lists, moments, plans
from b24_emulator.indexes import Index
from b24_emulator.lists import find, query
from b24_emulator.portal import Portal
from sverka_emulator_kit.clock import START_S

COUNT = 600
STAGES = ("NEW", "PREPARATION", "WON", "LOSE")


class Watched(dict):
    """Rows that count how often one was looked at."""

    looks = 0

    def __getitem__(self, number):
        self.looks += 1
        return super().__getitem__(number)


@pytest.fixture(scope="module")
def deals():
    portal = Portal()
    for number in range(COUNT):
        fields = {"TITLE": f"З{number}", "STAGE_ID": STAGES[number % 4], "ORIGIN_ID": f"o{number}"}
        portal.act("crm.deal.add", {"fields": fields})
        portal.clock.advance(60)
    table = portal.tables["deal"]
    table.rows = Watched(table.rows)
    return portal


def moment(portal, number):
    return portal.tables["deal"].rows.get(number)["DATE_MODIFY"]


def asked(portal, **params):
    """Numbers on the page, and how many rows were looked at for it."""
    rows = portal.tables["deal"].rows
    rows.looks = 0
    numbers = [int(row["ID"]) for row in portal.act("crm.deal.list", params)]
    return numbers, rows.looks


def of_stage(stage):
    return [number + 1 for number in range(COUNT) if STAGES[number % 4] == stage]


FIFTY = list(range(1, 51))
ONE = 300


SERVED = [
    ({}, {}, FIFTY),
    ({">ID": 400}, {"ID": "ASC"}, list(range(401, 451))),
    ({"<ID": 400}, {"ID": "DESC"}, list(range(399, 349, -1))),
    ({"ORIGIN_ID": "O7"}, {}, [8]),
    ({"STAGE_ID": "WON"}, {}, of_stage("WON")[:50]),
    ({"STAGE_ID": "WON", ">ID": 300}, {}, [n for n in of_stage("WON") if n > 300][:50]),
    (
        {"STAGE_ID": ["WON", "LOSE"], "<=ID": 500},
        {"ID": "DESC"},
        sorted([n for n in of_stage("WON") + of_stage("LOSE") if n <= 500])[:-51:-1],
    ),
    ({}, {"DATE_MODIFY": "ASC"}, FIFTY),
    ({}, {"DATE_MODIFY": "DESC"}, list(range(COUNT, COUNT - 50, -1))),
    ({">ID": 100}, {"DATE_MODIFY": "ASC", "ID": "DESC"}, list(range(101, 151))),
    ({">DATE_MODIFY": ONE}, {}, list(range(ONE + 1, ONE + 51))),
    ({">DATE_MODIFY": ONE}, {"ID": "DESC"}, list(range(COUNT, COUNT - 50, -1))),
    ({"<=DATE_MODIFY": ONE}, {"DATE_MODIFY": "DESC"}, list(range(ONE, ONE - 50, -1))),
    ({">DATE_MODIFY": COUNT}, {}, []),
    ({"DATE_MODIFY": ONE}, {}, [ONE]),
]
"""Filter, order, numbers on the first page; a moment is that of the deal of this number."""


@pytest.mark.parametrize("start", [-1, 0])
@pytest.mark.parametrize(
    ("conditions", "order", "expected"),
    SERVED,
    ids=[f"{one[:2]}" for one in SERVED],
)
def test_a_page_is_served_by_an_index(deals, conditions, order, expected, start):
    sent = {
        name: moment(deals, value) if "DATE_MODIFY" in name else value
        for name, value in conditions.items()
    }
    numbers, looks = asked(deals, filter=sent, order=order, start=start)
    assert numbers == expected
    assert looks <= 2 * len(expected)


@given(
    low=st.integers(0, COUNT),
    high=st.integers(0, COUNT),
    from_id=st.integers(0, COUNT),
    stages=st.sampled_from([None, "WON", ["WON", "LOSE"]]),
    order=st.sampled_from([{}, {"ID": "ASC"}, {"ID": "DESC"}, {"DATE_MODIFY": "DESC"}]),
    start=st.sampled_from([-1, 0, 50]),
    walk_share=st.sampled_from([1, 8]),
    small=st.sampled_from([0, 8]),
)
@settings(max_examples=300, deadline=None)
def test_every_way_leads_to_the_same_page(
    deals, low, high, from_id, stages, order, start, walk_share, small
):
    sent = {">ID": from_id, ">=DATE_MODIFY": moment_of(deals, low)}
    sent |= {"<DATE_MODIFY": moment_of(deals, high)} | ({"STAGE_ID": stages} if stages else {})
    passing = [
        number
        for number in range(1, COUNT + 1)
        if number > from_id and low <= number < high and is_of(stages, number)
    ]
    if "DESC" in order.values():
        passing.reverse()
    table = deals.tables["deal"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lists, "WALK_SHARE", walk_share)
        patched.setattr(plans, "SMALL", small)
        page = find(
            table, query(table.schema, {"filter": sent, "order": order, "start": start}), 50
        )
    begin = max(start, 0)
    assert page.numbers == passing[begin : begin + 50]
    assert page.total == (None if start == -1 else len(passing))


def moment_of(portal, number):
    return moments.written(START_S + (number - 1) * 60)


def is_of(stages, number):
    return stages is None or STAGES[(number - 1) % 4] in stages


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_a_page_of_most_rows_is_walked_to(deals, monkeypatch, order):
    """Though no index leaves little over: moments are all different."""
    monkeypatch.setattr(lists, "WALK_SHARE", 4)
    monkeypatch.setattr(Index, "with_keys", lambda *_: pytest.fail("all were gathered"))
    sent = {">DATE_MODIFY": moment(deals, 2), "<=DATE_MODIFY": moment(deals, COUNT - 3)}
    numbers, looks = asked(deals, filter=sent, order={"ID": order}, start=-1)
    assert len(numbers) == 50
    # Two conditions look at each, and the page shows it.
    assert looks < 3 * 55


@pytest.mark.parametrize("start", [-1, 0])
def test_a_range_that_leaves_nobody_out_is_no_condition(deals, monkeypatch, start):
    monkeypatch.setattr(Index, "with_keys", lambda *_: pytest.fail("all were gathered"))
    sent = {">DATE_MODIFY": "2020-01-01", "<DATE_MODIFY": "2100-01-01"}
    assert asked(deals, filter=sent, start=start) == (FIFTY, 50)
    assert deals_total(deals, sent) == COUNT


def test_a_range_leaves_those_without_a_value_out(portal):
    for text in ("", "б", "а"):
        portal.act("crm.deal.add", {"fields": {"TITLE": "З", "ORIGIN_ID": text}})
    asked = {"filter": {"<=ORIGIN_ID": "б"}, "select": ["ID"]}
    assert portal.act("crm.deal.list", asked) == [{"ID": "2"}, {"ID": "3"}]


def test_of_two_indexes_the_one_with_fewer_rows_is_taken(deals):
    numbers, looks = asked(deals, filter={"STAGE_ID": "LOSE", "ORIGIN_ID": "o3"})
    assert (numbers, looks) == ([4], 2)


def test_a_total_by_an_index_is_all_that_it_finds(deals):
    from_hundred = moment(deals, 101)
    for conditions, total in (
        ({"STAGE_ID": "WON"}, COUNT // 4),
        ({"STAGE_ID": ["WON", "LOSE", "won"]}, COUNT // 2),
        ({">=DATE_MODIFY": from_hundred}, COUNT - 100),
        ({">=DATE_MODIFY": from_hundred, "<=ID": 150}, 50),
        ({">=DATE_MODIFY": from_hundred, "TITLE": "З200"}, 1),
    ):
        assert deals_total(deals, conditions) == total


def deals_total(portal, conditions):
    table = portal.tables["deal"]
    return find(table, query(table.schema, {"filter": conditions}), 50).total


def test_a_row_with_two_of_the_values_is_found_once(hook, company):
    company(PHONE=[{"VALUE": "+7 495 1"}, {"VALUE": "+7 495 2"}])
    answer = hook.said("crm.company.list", {"filter": {"PHONE": ["+7 495 1", "+7 495 2"]}})
    assert (len(answer["result"]), answer["total"]) == (1, 1)


@pytest.mark.parametrize(
    "conditions",
    [
        {"COMPANY_ID": "1"},
        {"COMPANY_ID": " 01 "},
        {"COMPANY_ID": 1.0},
        {"DATE_MODIFY": "2025-11-03T09:00:00+03:00"},
        {"DATE_MODIFY": "03.11.2025 09:00:00"},
        {"DATE_MODIFY": "2025-11-03T06:00:00Z"},
    ],
    ids=str,
)
def test_equal_values_are_found_however_they_are_written(portal, hook, company, conditions):
    company()
    portal.act("crm.deal.add", {"fields": {"TITLE": "С компанией", "COMPANY_ID": 1}})
    portal.clock.advance(60)
    portal.act("crm.deal.add", {"fields": {"TITLE": "Без"}})
    assert hook.listed("crm.deal.list", filter=conditions) == ["1"]
