"""A type whose set is not published is shown as an unavailable one, and may be sent back."""

import re

import pytest

SET = "Catalog_БанковскиеСчета"
OWNER = "Catalog_Контрагенты"
VEIL = re.compile(r"UnavailableEntities\.UnavailableEntity_[0-9a-f-]{36}")


@pytest.fixture
def veiled(calling):
    """A base that does not publish its clients; a bank account of one of them."""
    odata = calling(unpublished=[OWNER, "Catalog_Лиды"])
    client = odata.base.act("create", {"set": OWNER, "fields": {"Description": "Ромашка"}})
    fields = {"Owner": client, "Owner_Type": f"StandardODATA.{OWNER}"}
    guid = odata.base.act("create", {"set": SET, "fields": fields})
    return odata, f"/{SET}(guid'{guid}')", client


@pytest.mark.parametrize("level", ["nometadata", "minimalmetadata", "fullmetadata"])
def test_it_is_unavailable_at_every_level_of_json(veiled, level):
    odata, path, client = veiled
    query = f"$format=application/json;odata={level}"
    row = odata.json("GET", path, query)
    assert VEIL.fullmatch(row["Owner_Type"])
    assert row["Owner"] == client
    chosen = odata.json("GET", path, f"{query}&$select=Owner_Type")
    assert chosen["Owner_Type"] == row["Owner_Type"]


def test_it_is_unavailable_in_atom_and_in_the_change_feed(veiled):
    odata, path, _ = veiled
    for reply in (
        odata.call("GET", path),
        odata.call("GET", f"{path}/Owner_Type"),
        odata.call("GET", f"/{SET}", "$select=Owner_Type"),
        odata.call("POST", "/SelectChanges", f"DataExchangePoint={odata.point()}&MessageNo=1"),
    ):
        text = reply.body.decode()
        assert VEIL.search(text)
        assert f"StandardODATA.{OWNER}<" not in text


def test_rows_of_table_parts_have_it_too(calling):
    odata = calling(unpublished=[OWNER, "Catalog_Лиды"])
    members = [{"Контакт": "", "Контакт_Type": f"StandardODATA.{name}"} for name in (OWNER, SET)]
    body = {"set": "Document_Событие", "fields": {"Участники": members}}
    guid = odata.base.act("create", body)
    lines = odata.json("GET", f"/Document_Событие(guid'{guid}')")["Участники"]
    assert VEIL.fullmatch(lines[0]["Контакт_Type"])
    assert lines[1]["Контакт_Type"] == f"StandardODATA.{SET}"


def test_what_was_shown_may_be_sent_back(veiled):
    odata, path, client = veiled
    row = odata.json("GET", path)
    changed = {"Owner": client, "Owner_Type": row["Owner_Type"], "Description": "Счет"}
    assert odata.json("PATCH", path, body=changed)["Owner_Type"] == row["Owner_Type"]
    (stored,) = odata.base.records()[SET].values()
    assert (stored["Owner_Type"], stored["Description"]) == (f"StandardODATA.{OWNER}", "Счет")


def test_what_is_published_keeps_its_name(odata, owned):
    (row,) = odata.rows(entity=SET)
    assert row["Owner_Type"] == f"StandardODATA.{OWNER}"
