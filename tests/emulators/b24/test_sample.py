"""Sample clients, entered the way people enter them."""

import pytest

from b24_emulator import sample
from sverka_emulator_kit.people import Client, Kind, Registry

PERSON = Client(
    kind=Kind.PERSON,
    name="Иванов Иван Иванович",
    person_name="Иванов Иван Иванович",
    inn="770000000000",
    phones=("+79031234567",),
)


def requisites(portal):
    return list(portal.records()["requisite"].values())


def test_a_person_is_a_contact_with_his_name_in_three_fields(portal):
    assert sample.enter(portal, PERSON) == "contact:1"
    row = portal.records()["contact"]["1"]
    names = (row["LAST_NAME"], row["NAME"], row["SECOND_NAME"])
    assert names == ("Иванов", "Иван", "Иванович")
    assert [value["VALUE"] for value in row["PHONE"]] == ["+79031234567"]


def test_a_person_with_an_inn_has_requisites_of_his_own(portal):
    sample.enter(portal, PERSON)
    (row,) = requisites(portal)
    shown = (row["ENTITY_TYPE_ID"], row["ENTITY_ID"], row["PRESET_ID"], row["RQ_INN"])
    assert shown == ("3", "1", "3", PERSON.inn)
    assert row["RQ_FIRST_NAME"] == "Иван"


@pytest.mark.parametrize(
    ("kind", "preset"), [(Kind.LEGAL, "1"), (Kind.STATE_BODY, "1"), (Kind.SOLE_TRADER, "2")]
)
def test_everybody_else_is_a_company_with_the_preset_of_his_kind(portal, kind, preset):
    client = Registry(3).client(kind)
    assert sample.enter(portal, client) == "company:1"
    assert portal.records()["company"]["1"]["TITLE"] == client.name
    (row,) = requisites(portal)
    assert (row["PRESET_ID"], row["RQ_INN"], row["RQ_KPP"] or "") == (
        preset,
        client.inn,
        client.kpp,
    )


def test_the_same_seed_enters_the_same_clients(portals):
    one, other = portals(), portals()
    sample.fill(one, 30)
    sample.fill(other, 30)
    assert one.records() == other.records()
