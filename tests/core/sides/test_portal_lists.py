"""Whole lists of the portal: no row is missed or asked for by an offset."""

import re

import pytest

from sverka.sides.portal_lists import PAGE, Listing

REFERENCE = re.compile(r"\$result\[0p(\d+)\]\[(\d+)\]\[(\w+)\]")


def answered(rows, commands, key):
    """The pages of one batch; a reference that points nowhere is no number, and so 0."""
    pages = []
    for command in commands:
        ((condition, last),) = command.params["filter"].items()
        if told := REFERENCE.fullmatch(last):
            page, row, _ = told.groups()
            found = pages[int(page)][int(row) :]
            last = found[0][key] if found else "0"
        after = [r for r in rows if int(r[key]) + condition.startswith(">=") > int(last)]
        pages.append(sorted(after, key=lambda r: int(r[key]))[:PAGE])
    return pages


def read(listing, rows, room):
    batches = 0
    while not listing.ended:
        for page in answered(rows, list(listing.next_pages(0, room)), listing.key):
            listing.take(page)
        batches += 1
        assert batches < 20
    return batches


@pytest.mark.parametrize("length", [0, 1, 49, 50, 51, 100, 149, 500])
@pytest.mark.parametrize("room", [1, 3, 10])
def test_a_list_of_any_length_is_read_whole(length, room):
    rows = [{"ID": str(n + 1)} for n in range(length)]
    listing = Listing("crm.company.list")

    batches = read(listing, rows, room)

    assert list(listing.rows.values()) == rows
    assert batches == length // PAGE // room + 1


@pytest.mark.parametrize("length", [16, 17, 18, 33, 34, 60, 100])
def test_rows_that_share_their_key_are_not_torn_apart_by_a_page(length):
    rows = [{"ENTITY_ID": str(n + 1), "TYPE_ID": t} for n in range(length) for t in "169"]
    listing = Listing("crm.address.list", key="ENTITY_ID", apart="TYPE_ID")

    read(listing, rows, 2)

    assert list(listing.rows.values()) == rows


def test_conditions_of_the_list_hold_for_every_page():
    listing = Listing("crm.address.list", {"filter": {"ENTITY_TYPE_ID": "8"}}, key="ENTITY_ID")

    filters = [command.params["filter"] for command in listing.next_pages(0, 3)]

    assert [told["ENTITY_TYPE_ID"] for told in filters] == ["8"] * 3
