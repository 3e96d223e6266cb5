"""1C's change feed in Atom."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.wire.atom import DATA as BRACED
from sverka.wire.atom import Registered, decode_feed

GUID = "0a1b2c3d-0000-4000-8000-00000000000f"
ROOT = "http://base.example/unf/odata/standard.odata"


def entry(set_name, guid=GUID):
    return f"<entry><id>{ROOT}/{set_name}(guid'{guid}')</id><title/></entry>"


def tombstone(set_name, guid=GUID):
    return f'<at:deleted-entry ref="{ROOT}/{set_name}(guid\'{guid}\')" when="2025-11-03"/>'


def feed(*entries):
    head = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>changes</title>'
    )
    return f"{head}{''.join(entries)}</feed>".encode()


def test_changes_and_tombstones_come_in_their_order():
    body = feed(
        entry("Catalog_Контрагенты"),
        tombstone("Catalog_Контрагенты"),
        entry("Document_ЗаказПокупателя"),
    )

    assert decode_feed(body) == [
        Registered("Catalog_Контрагенты", GUID, False),
        Registered("Catalog_Контрагенты", GUID, True),
        Registered("Document_ЗаказПокупателя", GUID, False),
    ]


DATA = BRACED.strip("{}")
BONDS = "InformationRegister_СвязиКонтрагентКонтакт"
BOND = f"Period=datetime'2026-01-01T12:00:00',Контакт_Key=guid'{GUID}'"


def test_a_bond_counts_for_the_contact_person_it_names():
    address = f"<id>{ROOT}/{BONDS}({BOND})</id>"
    body = f"<entry xmlns:d='{DATA}'>{address}<d:Контакт_Key>{GUID}</d:Контакт_Key></entry>"

    assert decode_feed(feed(body)) == [Registered(BONDS, "", False, GUID)]


def test_a_bond_that_was_deleted_names_him_in_its_key():
    gone = f'<at:deleted-entry ref="{ROOT}/{BONDS}({quote(BOND)})"/>'

    assert decode_feed(feed(gone)) == [Registered(BONDS, "", True, GUID)]


def test_an_empty_feed_is_no_change():
    assert decode_feed(feed()) == []


def test_a_guid_is_compared_in_lower_case():
    assert decode_feed(feed(entry("Catalog_X", GUID.upper())))[0].guid == GUID


def test_a_relative_address_is_understood():
    body = feed(f"<entry><id>Catalog_X(guid'{GUID}')</id></entry>")

    assert decode_feed(body) == [Registered("Catalog_X", GUID, False)]


@pytest.mark.parametrize(
    "odd",
    [
        f"<entry><id>{ROOT}/InformationRegister_X(Period=datetime'2025-01-01')</id></entry>",
        "<entry><title/></entry>",
        "<at:deleted-entry/>",
        "<author><name/></author>",
    ],
)
def test_what_has_no_guid_is_left_out(odd):
    assert decode_feed(feed(odd, entry("Catalog_X"))) == [Registered("Catalog_X", GUID, False)]


@pytest.mark.parametrize("left", [0, 1, 40, 200, 330])
def test_a_feed_that_was_cut_is_no_feed(left):
    assert decode_feed(feed(entry("Catalog_X"), entry("Catalog_X"))[:left]) is None


@pytest.mark.parametrize("body", [b"<html><body>502</body></html>", b'{"value": []}', b"<feed/>"])
def test_another_document_is_no_feed(body):
    assert decode_feed(body) is None


@given(body=st.binary(max_size=80))
def test_no_bytes_break_the_decoder(body):
    assert decode_feed(body) is None
