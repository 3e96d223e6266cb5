"""Addresses: parts, their line, and the forms that 1C keeps."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onec_emulator.contact_information import Address, address_line
from sverka.wire.addresses import PARTS, from_row, line_of, parts_of, shown, to_row

NEW_STREET = {"POSTAL_CODE": "101000", "CITY": "Москва", "ADDRESS_1": "ул. Новая, 5"}
words = st.text("абв АБВ.,/-1№\n", max_size=20)


@given(parts=st.fixed_dictionaries(dict.fromkeys(PARTS, words)))
def test_a_line_holds_all_parts_and_is_stable(parts):
    line = line_of(parts)

    assert line_of(parts_of(line)) == line
    assert bool(line) == any(part.split() not in ([], ["-"]) for part in parts.values())


@example(parts=dict.fromkeys(PARTS, "") | {"ADDRESS_1": "1 /", "ADDRESS_2": "/ 1"})
@given(parts=st.fixed_dictionaries(dict.fromkeys(PARTS, words)))
def test_what_is_written_to_1c_is_what_is_read(parts):
    line = line_of(parts)
    row = to_row(line)

    assert from_row(row["Значение"], row["Представление"]) == line


def test_a_line_is_shown_without_its_gaps():
    assert shown(line_of(NEW_STREET)) == "101000, Москва, ул. Новая, 5"
    assert line_of({}) == shown("") == ""


def test_a_street_with_the_separator_in_it_stays_one_part():
    line = line_of({"CITY": "Тверь", "ADDRESS_1": "ул. Мира, 5 / 7"})

    assert parts_of(line)["ADDRESS_1"] == "ул. Мира, 5/7"


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (
            Address(zip_code="101000", area="Москва", street="Новая", house="5"),
            {"POSTAL_CODE": "101000", "CITY": "Москва", "ADDRESS_1": "Новая ул, дом № 5"},
        ),
        (
            Address(
                zip_code="170000",
                area="Тверская",
                area_type="обл",
                city="Тверь",
                street="Мира",
                house="7",
            ),
            {
                "POSTAL_CODE": "170000",
                "PROVINCE": "Тверская обл",
                "CITY": "Тверь",
                "ADDRESS_1": "Мира ул, дом № 7",
            },
        ),
    ],
)
def test_an_address_that_a_form_of_1c_filled_is_read_by_its_parts(address, parts):
    row = address_line(str, "ЮрАдресКонтрагента", address)

    assert from_row(row["Значение"], row["Представление"]) == line_of(parts)


@pytest.mark.parametrize(
    ("presentation", "parts"),
    [
        ("101000, Москва, ул. Новая, 5", NEW_STREET),
        ("Москва, ул. Новая, 5", {"CITY": "Москва", "ADDRESS_1": "ул. Новая, 5"}),
        ("а/я 7", {"ADDRESS_1": "а/я 7"}),
        ("", {}),
    ],
)
@pytest.mark.parametrize("value", ["", "нет JSON", '{"value": "x", "type": "Адрес"}', "[]"])
def test_an_address_without_parts_is_read_by_its_text(value, presentation, parts):
    assert from_row(value, presentation) == line_of(parts)
