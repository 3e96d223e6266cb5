"""Sample data: a client is entered with everything that a search needs."""

import pytest

from onec_emulator.sample import enter, fill, group, seed_from
from sverka_emulator_kit.people import Client, Kind

SET = "Catalog_Контрагенты"


def client(**fields):
    return Client(**{"kind": Kind.LEGAL, "name": "Ромашка ООО", **fields})


def test_a_client_is_entered_with_kinds_search_fields_and_copies(base):
    entered = client(
        full_name='ООО "Ромашка"',
        inn="7707083893",
        kpp="770701001",
        registration_no="1027700132195",
        okpo="00012345",
        phones=("+74951234567", "+79031234567"),
        emails=("info@romashka.example",),
    )
    row = base.records()[SET][enter(base, entered, user="Петров")]
    assert (row["ВидКонтрагента"], row["ЮридическоеФизическоеЛицо"]) == (
        "ЮридическоеЛицо",
        "ЮридическоеЛицо",
    )
    assert (row["ИНН"], row["КПП"], row["Покупатель"]) == ("7707083893", "770701001", True)
    lines = row["КонтактнаяИнформация"]
    assert [(line["Вид_Key"], line["НомерТелефона"], line["АдресЭП"]) for line in lines] == [
        (base.kind_key("ТелефонКонтрагента"), "74951234567", ""),
        (base.kind_key("ТелефонКонтрагента"), "79031234567", ""),
        (base.kind_key("EmailКонтрагента"), "", "info@romashka.example"),
    ]
    assert row["НомерТелефонаДляПоиска"] == "74951234567, 79031234567"
    assert row["АдресЭПДляПоиска"] == "info@romashka.example"
    assert base.ledger.touches[-1].actor == "user:Петров"


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_client_can_be_entered(base, kind):
    row = base.records()[SET][enter(base, client(kind=kind))]
    assert row["ВидКонтрагента"] != ""
    assert row["ЮридическоеФизическоеЛицо"] != ""


def test_a_client_can_be_put_into_a_group(base):
    folder = group(base, "Новые из Битрикс24")
    row = base.records()[SET][enter(base, client(), group=folder)]
    assert row["Parent_Key"] == folder
    assert base.records()[SET][folder]["IsFolder"] is True


def test_filling_makes_as_many_as_asked_and_the_same_ones(calling):
    one, other = calling().base, calling().base
    assert len(fill(one, 20, seed=7)) == 20
    fill(other, 20, seed=7)
    assert one.snapshot() == other.snapshot()


def test_a_seed_file_is_entered_in_its_order(base):
    seed_from(base, {SET: [{"Description": "А"}, {"Description": "Б"}]})
    assert [row["Description"] for row in base.records()[SET].values()] == ["А", "Б"]
