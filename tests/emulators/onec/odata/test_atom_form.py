"""Atom, the default: entries, feeds, the service document, and errors in XML."""

from base64 import b64decode
from dataclasses import replace
from xml.etree import ElementTree

import pytest

SET = "Catalog_Контрагенты"
SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices"
ATOM, D, M = "{http://www.w3.org/2005/Atom}", f"{{{SERVICES}}}", f"{{{SERVICES}/metadata}}"
ENTRY = "application/atom+xml;type=entry;charset=utf-8"
FEED = "application/atom+xml;type=feed;charset=utf-8"


def tree(reply):
    return ElementTree.fromstring(reply.body)


def test_atom_comes_unless_json_is_asked_for(odata, made):
    guid = made()
    assert odata.call("GET", f"/{SET}").content_type == FEED
    assert odata.call("GET", f"/{SET}(guid'{guid}')", accept="text/html").content_type == ENTRY
    assert (
        odata.call("GET", f"/{SET}", "$format=atom", accept="application/json").content_type == FEED
    )


def test_an_entry_names_its_set_and_holds_all_properties(odata, made):
    line = {"Тип": "Телефон", "Представление": "<&>"}
    guid = made(Description='ООО "А & Б"', ИНН="", КонтактнаяИнформация=[line])
    entry = tree(odata.call("GET", f"/{SET}(guid'{guid}')"))
    root = f"http://localhost{odata.base.service_root}"
    assert entry.tag == f"{ATOM}entry"
    assert entry.findtext(f"{ATOM}id") == f"{root}/{SET}(guid'{guid}')"
    assert entry.find(f"{ATOM}category").get("term") == f"StandardODATA.{SET}"
    properties = entry.find(f"{ATOM}content/{M}properties")
    assert [element.tag.removeprefix(D) for element in properties] == list(
        odata.base.records()[SET][guid]
    )
    assert properties.findtext(f"{D}Description") == 'ООО "А & Б"'
    assert properties.findtext(f"{D}DeletionMark") == "false"
    assert properties.find(f"{D}ИНН").text is None
    part = properties.find(f"{D}КонтактнаяИнформация")
    assert part.get(f"{M}type") == f"Collection(StandardODATA.{SET}_КонтактнаяИнформация_RowType)"
    assert part.findtext(f"{D}element/{D}Представление") == "<&>"
    assert part.find(f"{D}element/{D}Ref_Key") is None


def test_links_are_those_of_filled_references_to_published_sets(odata, made):
    somewhere = "00000000-0000-0000-0000-00000000000a"
    guid = made(Ответственный_Key=somewhere, СтранаРегистрации_Key=somewhere)
    entry = tree(odata.call("GET", f"/{SET}(guid'{guid}')"))
    titles = [link.get("title") for link in entry.findall(f"{ATOM}link")]
    assert "Ответственный" in titles
    assert "СтранаРегистрации" not in titles
    assert "Parent" not in titles


def test_a_selection_holds_what_was_selected(odata, made):
    made()
    entry = tree(odata.call("GET", f"/{SET}", "$select=Ref_Key, ИНН")).find(f"{ATOM}entry")
    properties = entry.find(f"{ATOM}content/{M}properties")
    assert [element.tag.removeprefix(D) for element in properties] == ["Ref_Key", "ИНН"]


def test_a_null_is_marked_as_null(odata, made):
    entry = tree(odata.call("GET", f"/{SET}(guid'{made(IsFolder=True)}')"))
    element = entry.find(f"{ATOM}content/{M}properties/{D}ИНН")
    assert element.get(f"{M}null") == "true"


def test_a_new_record_is_answered_in_atom_too(odata):
    reply = odata.call("POST", f"/{SET}", body={"Description": "А"})
    assert (reply.status, reply.content_type) == (201, ENTRY)


def test_an_entry_is_written_anew_after_a_write_and_for_another_host(odata, made):
    guid = made(Description="А")
    path = f"/{SET}(guid'{guid}')"
    odata.call("GET", path)
    odata.base.act("update", {"set": SET, "key": guid, "fields": {"Description": "Б"}})
    assert "<d:Description>Б<" in odata.call("GET", path).body.decode()
    request = replace(odata.request("GET", path), origin="https://base.example")
    assert (
        tree(odata.base.answer(request)).findtext(f"{ATOM}id").startswith("https://base.example/")
    )


@pytest.mark.parametrize("path", [f"/{SET}", f"/{SET}(guid'{{}}')"])
def test_one_control_character_spoils_the_whole_answer(odata, made, path):
    guid = made(Комментарий="a\x01b")
    assert odata.call("GET", path.format(guid)).status == 400
    assert odata.call("GET", path.format(guid), "$format=json").status == 200


def test_an_error_about_a_control_character_is_told_in_base64(odata):
    reply = odata.call("POST", f"/{SET}", "", {"ДатаРождения": "a\x01b"})
    said = tree(reply).findtext(f"{M}message")
    assert (reply.status, "'a\x01b'" in b64decode(said).decode()) == (400, True)


def test_an_error_is_xml_with_a_code_and_a_russian_text(odata):
    reply = odata.call("GET", "/Catalog_Нет")
    error = tree(reply)
    assert (reply.status, reply.content_type) == (404, "application/xml;charset=utf-8")
    assert error.findtext(f"{M}code") == "8"
    assert error.findtext(f"{M}message") == "Сущность 'Catalog_Нет' не найдена"


def test_the_service_document_is_a_workspace(odata):
    service = tree(odata.call("GET", "/"))
    hrefs = [
        element.get("href") for element in service.iter("{http://www.w3.org/2007/app}collection")
    ]
    assert SET in hrefs
