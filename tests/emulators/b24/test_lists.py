"""Classic lists: filters, order, pages. Random filters are tried against plain Python."""

import operator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b24_emulator import lists
from b24_emulator.portal import Portal
from b24_emulator.rules.switches import Switches
from sverka_emulator_kit.clock import VirtualClock

TITLES = ["Ромашка", "ромашка", "Василёк", "Рома", "100%", "a_b", "aXb", ""]
COMPANIES = 130


def person(index):
    return {
        "NAME": TITLES[index % len(TITLES)],
        "LAST_NAME": f"Н{index:03}" if index % 13 else "",
        "POST": "" if index % 3 else f"Должность {index % 5}",
        "ORIGIN_ID": f"o{index % 7}",
    }


PORTAL = Portal(VirtualClock())
for number in range(COMPANIES):
    PORTAL.act("crm.contact.add", {"fields": person(number)})


def found(conditions, **params):
    """All numbers that a list finds, page after page."""
    numbers, start = [], 0
    while start is not None:
        answer = PORTAL.act("crm.contact.list", {"filter": conditions, "start": start, **params})
        numbers += [int(row["ID"]) for row in answer]
        start = start + 50 if len(answer) == 50 else None
    return numbers


# The same rules in plain Python, over (number, fields).


def text(row, name):
    return str(row[1].get(name) or "").casefold()


def like(value, pattern):
    """SQL's LIKE, letter by letter."""
    if not pattern:
        return not value
    if pattern[0] == "%":
        return any(like(value[at:], pattern[1:]) for at in range(len(value) + 1))
    return bool(value) and pattern[0] in ("_", value[0]) and like(value[1:], pattern[1:])


def is_in(row, name, asked):
    return text(row, name) in [str(one).casefold() for one in asked]


COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
RULES = {
    "": lambda row, name, asked: is_in(row, name, [asked]),
    "=": lambda row, name, asked: is_in(row, name, [asked]),
    "!": lambda row, name, asked: not is_in(row, name, [asked]),
    "!=": lambda row, name, asked: not is_in(row, name, [asked]),
    "%": lambda row, name, asked: asked.casefold() in text(row, name),
    "!%": lambda row, name, asked: asked.casefold() not in text(row, name),
    "=%": lambda row, name, asked: like(text(row, name), asked.casefold()),
    "%=": lambda row, name, asked: like(text(row, name), asked.casefold()),
    "!=%": lambda row, name, asked: not like(text(row, name), asked.casefold()),
    "!%=": lambda row, name, asked: not like(text(row, name), asked.casefold()),
}
LISTED = {"@": is_in, "!@": lambda *asked: not is_in(*asked), "": is_in, "=": is_in}
NAMES = st.sampled_from(["NAME", "LAST_NAME", "POST", "ORIGIN_ID"])
WORDS = st.sampled_from(
    [*TITLES, "рома", "%рома%", "a_b", "%", "_", "Н01_", "н017", "Должность 0", "%ость%", "o3"]
)
NUMBERS = st.one_of(st.integers(-3, COMPANIES + 3), st.integers(-3, COMPANIES + 3).map(str))
WORD_RULES = st.tuples(st.sampled_from(sorted(RULES)), NAMES, WORDS)
LIST_RULES = st.tuples(
    st.sampled_from(sorted(LISTED)), NAMES, st.lists(WORDS, min_size=1, max_size=4)
)
ORDER_RULES = st.tuples(
    st.sampled_from(sorted(COMPARE)), st.just("LAST_NAME"), st.sampled_from(["Н017", "н1", "я"])
)
ID_RULES = st.tuples(st.sampled_from([*COMPARE, "", "=", "!"]), st.just("ID"), NUMBERS)
ID_LISTS = st.tuples(st.sampled_from(["", "@", "!@"]), st.just("ID"), st.lists(NUMBERS, min_size=1))


def holds(row, sign, name, asked):
    if name == "ID":
        wanted = [int(one) for one in (asked if isinstance(asked, list) else [asked])]
        if sign in COMPARE:
            return COMPARE[sign](row[0], wanted[0])
        return (row[0] in wanted) != sign.startswith("!")
    if isinstance(asked, list):
        return LISTED[sign](row, name, asked)
    if sign in COMPARE:
        return bool(text(row, name)) and COMPARE[sign](text(row, name), asked.casefold())
    return RULES[sign](row, name, asked)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(WORD_RULES, LIST_RULES, ORDER_RULES, ID_RULES, ID_LISTS), max_size=3))
def test_a_filter_finds_what_plain_python_finds(rules):
    sent = {sign + name: asked for sign, name, asked in rules}
    # Of two equal keys the last one counts, as in any object.
    counted = {sign + name: (sign, name, asked) for sign, name, asked in rules}
    rows = [(number + 1, person(number)) for number in range(COMPANIES)]
    expected = [row[0] for row in rows if all(holds(row, *rule) for rule in counted.values())]
    assert found(sent) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(NAMES, st.sampled_from(["ASC", "DESC", "asc", "desc"]), max_size=3),
    st.sampled_from([None, "ASC", "DESC"]),
    st.lists(st.one_of(WORD_RULES, ORDER_RULES, ID_RULES), max_size=2),
)
def test_rows_come_in_the_order_asked_for(order, by_id, rules):
    if by_id:
        order = {**order, "ID": by_id}
    counted = {sign + name: (sign, name, asked) for sign, name, asked in rules}
    rows = [(number + 1, person(number)) for number in range(COMPANIES)]
    expected = [row for row in rows if all(holds(row, *rule) for rule in counted.values())]
    for name, direction in reversed(order.items()):

        def key(row, name=name):
            return row[0] if name == "ID" else text(row, name)

        expected.sort(key=key, reverse=direction.upper() == "DESC")
    sent = {key: asked for key, (_, _, asked) in counted.items()}
    assert found(sent, order=order) == [row[0] for row in expected]


@pytest.fixture
def firms(company):
    """Enters so many companies."""
    return lambda count: [company(f"Н{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("count", "pages"), [(0, [0]), (1, [1]), (50, [50]), (51, [50, 1]), (120, [50, 50, 20])]
)
def test_pages_hold_50_rows_and_tell_the_next_one(hook, firms, count, pages):
    firms(count)
    start, sizes, numbers = 0, [], []
    while start is not None:
        answer = hook.said("crm.company.list", {"start": start})
        assert answer["total"] == count
        sizes.append(len(answer["result"]))
        numbers += [int(row["ID"]) for row in answer["result"]]
        start = answer.get("next")
    assert sizes == pages
    assert numbers == list(range(1, count + 1))


@pytest.mark.parametrize("filter_", [{}, {"@ORIGIN_ID": ["", "x"]}])
@pytest.mark.parametrize("start", [50, 2**63 - 1])
def test_a_start_beyond_the_end_is_an_empty_page_with_the_total(hook, firms, start, filter_):
    firms(3)
    hook.result("crm.company.update", {"id": 3, "fields": {"ORIGIN_ID": "x"}})
    answer = hook.said("crm.company.list", {"start": start, "filter": filter_})
    assert (answer["result"], answer["total"], "next" in answer) == ([], 3, False)


def test_start_minus_1_counts_nothing_and_has_no_next_page(hook, firms):
    firms(60)
    answer = hook.said("crm.company.list", {"start": -1})
    assert (len(answer["result"]), answer["total"], "next" in answer) == (50, 0, False)


def test_start_minus_1_has_no_total_at_all_where_the_switch_says_so(portals, calling):
    hook = calling(portals(switches=Switches(total_without_count=False)))
    answer = hook.said("crm.company.list", {"start": -1})
    assert set(answer) == {"result", "time"}


@pytest.mark.parametrize(("sign", "direction"), [(">", "ASC"), ("<", "DESC")])
def test_pages_by_key_walk_over_all_records_once(hook, firms, sign, direction):
    numbers = firms(120)
    seen, edge = [], 0 if sign == ">" else 10**9
    while True:
        asked = {"filter": {f"{sign}ID": edge}, "order": {"ID": direction}, "start": -1}
        page = [int(row["ID"]) for row in hook.result("crm.company.list", asked)]
        seen += page
        if len(page) < 50:
            break
        edge = page[-1]
    assert seen == (numbers if sign == ">" else numbers[::-1])


def test_ids_are_compared_as_numbers_and_not_as_texts(hook, firms):
    firms(101)
    assert hook.listed("crm.company.list", filter={">ID": "99"}) == ["100", "101"]
    assert hook.listed("crm.company.list", order={"ID": "DESC"})[:3] == ["101", "100", "99"]


def test_sums_are_compared_as_numbers(hook, company):
    for revenue in ("9", "10", "100.5", ""):
        company(REVENUE=revenue)
    assert hook.listed("crm.company.list", filter={">REVENUE": 9}) == ["2", "3"]
    assert hook.listed("crm.company.list", filter={"REVENUE": "10"}) == ["2"]
    assert hook.listed("crm.company.list", order={"REVENUE": "DESC"}) == ["3", "2", "1", "4"]


def test_moments_are_compared_as_moments(hook, company, portal):
    company("А")
    portal.clock.advance(3600)
    company("Б")
    # Nine o'clock in Moscow and half past: one in Moscow's time, one in London's.
    for half_past in ("2025-11-03T09:30:00+03:00", "2025-11-03T06:30:00+00:00"):
        assert hook.listed("crm.company.list", filter={">DATE_CREATE": half_past}) == ["2"]
        assert hook.listed("crm.company.list", filter={"<DATE_CREATE": half_past}) == ["1"]


def test_an_unknown_filter_is_ignored_so_that_everything_comes_back(hook, firms):
    firms(3)
    assert len(hook.listed("crm.company.list", filter={"NO_SUCH_FIELD": "1"})) == 3
    assert len(hook.listed("crm.company.list", filter={"><ID": [1, 1]})) == 3


def test_an_unknown_order_and_an_unknown_column_are_ignored(hook, firms):
    firms(2)
    asked = {"order": {"NO_SUCH_FIELD": "DESC"}, "select": ["TITLE", "NO_SUCH_FIELD"]}
    rows = [{"ID": "1", "TITLE": "Н0"}, {"ID": "2", "TITLE": "Н1"}]
    assert hook.result("crm.company.list", asked) == rows


def test_likeness_does_not_work_on_directories(hook, company):
    company(COMPANY_TYPE="CUSTOMER")
    company(COMPANY_TYPE="SUPPLIER")
    assert hook.listed("crm.company.list", filter={"%COMPANY_TYPE": "CUSTOM"}) == ["1", "2"]
    assert hook.listed("crm.company.list", filter={"COMPANY_TYPE": "CUSTOMER"}) == ["1"]


def test_a_deleted_record_is_in_no_list_and_its_number_is_not_given_again(hook, firms, portal):
    firms(3)
    portal.act("crm.company.delete", {"id": 3})
    assert hook.listed("crm.company.list") == ["1", "2"]
    assert hook.listed("crm.company.list", filter={"TITLE": "Н2"}) == []
    firms(1)
    assert hook.listed("crm.company.list") == ["1", "2", "4"]


def test_an_indexed_field_is_found_by_its_present_value_only(hook, company, portal):
    company("Старое")
    portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": "Новое"}})
    assert hook.listed("crm.company.list", filter={"TITLE": "Старое"}) == []
    assert hook.listed("crm.company.list", filter={"TITLE": "новое"}) == ["1"]


def test_ids_and_sums_of_a_list_are_texts(hook, company):
    company(REVENUE=10)
    (row,) = hook.result("crm.company.list")
    assert all(value is None or isinstance(value, str) for value in row.values())


@pytest.mark.parametrize(("sent", "found"), [(0, ["1"]), ("0", ["1"]), ("", ["2"]), (None, ["2"])])
def test_zero_is_a_value_and_nothing_is_none(hook, company, sent, found):
    for origin in ("0", ""):
        company(ORIGIN_ID=origin)
    assert hook.listed("crm.company.list", filter={"ORIGIN_ID": sent}) == found
    assert hook.listed("crm.company.list", filter={"ORIGIN_ID": sent, "OPENED": "Y"}) == found


def test_a_page_is_found_anew_only_when_its_table_has_changed(portal, company, monkeypatch):
    finds = []
    find = lists.find
    monkeypatch.setattr(lists, "find", lambda *asked: finds.append(1) or find(*asked))

    def titles(**params):
        rows = portal.act("crm.company.list", {"select": ["TITLE"], **params})
        return [row["TITLE"] for row in rows]

    first, second = company(TITLE="Ромашка"), company(TITLE="Лютик")
    assert titles() == titles() == ["Ромашка", "Лютик"]
    assert len(finds) == 1
    portal.act("crm.company.update", {"id": first, "fields": {"TITLE": "Василёк"}})
    assert titles() == ["Василёк", "Лютик"]
    portal.act("crm.company.delete", {"id": first})
    assert titles() == ["Лютик"]
    portal.act(
        "crm.company.userfield.add", {"fields": {"USER_TYPE_ID": "string", "FIELD_NAME": "A"}}
    )
    (shown,) = portal.act("crm.company.list", {"select": ["UF_*"]})
    assert shown == {"ID": str(second), "UF_CRM_A": ""}
    portal.act("crm.company.userfield.delete", {"id": 1})
    (shown,) = portal.act("crm.company.list", {"select": ["UF_*"]})
    assert shown == {"ID": str(second)}


def test_pages_that_are_asked_for_in_other_words_are_other_pages(portal, company):
    company(TITLE="1", COMMENTS=None)
    company(TITLE="2", COMMENTS="")
    table = portal.tables["company"]
    for name in ("HAS_PHONE", "COMMENTS", "!COMMENTS"):
        for value in ("N", False, 0, "0", True, 1, "Y", None, "", ["N", "Y"], {"0": "N"}):
            asked = {"filter": {name: value}}
            found = lists.find(table, lists.query(table.schema, asked), 50)
            assert lists.listed(table, asked, 50) == found


def test_no_more_pages_are_kept_than_that(portal, company, monkeypatch):
    monkeypatch.setattr(lists, "PAGES_MAX", 3)
    company()
    for number in range(9):
        portal.act("crm.company.list", {"filter": {">ID": number}})
        assert 1 <= len(portal.tables["company"].pages) <= 3


def test_a_page_that_json_cannot_ask_for_is_found_too(portal, company):
    company(TITLE="1")
    for odd in (2**70, {1: 2}, "\ud800"):
        assert portal.act("crm.company.list", {"filter": {"!TITLE": odd}}) != []


def test_who_changes_an_answer_changes_no_other(hook, company):
    company()
    answer = hook.portal.act("crm.company.list", {})
    answer.clear()
    assert len(hook.portal.act("crm.company.list", {})) == 1
