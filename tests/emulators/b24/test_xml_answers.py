"""Calls whose address ends with `.xml` are answered in XML, with the same words."""

from xml.etree import ElementTree as ET

import pytest

from sverka_emulator_kit.trouble import DropReply, Html

ADD = "crm.company.add"


def told(reply):
    assert reply.content_type == "text/xml; charset=utf-8"
    return ET.fromstring(reply.body)


def test_a_batch_is_nested_as_in_json(hook):
    root = told(hook.send("batch.xml", {"cmd": {"get_user": "profile"}}))
    assert root.tag == "response"
    assert root.findtext("result/result/get_user/ID") == "1"
    assert root.find("time/start") is not None


def test_rows_of_a_list_are_items(hook, company):
    company("Ромашка & <Ко>")
    company("Лютик")
    root = told(hook.send("crm.company.list.xml"))
    titles = [item.findtext("TITLE") for item in root.findall("result/item")]
    assert titles == ["Ромашка & <Ко>", "Лютик"]
    assert root.findtext("total") == "2"


def test_a_refusal_is_xml_too(hook):
    reply = hook.send("no.such.method.xml")
    root = told(reply)
    assert (reply.status, root.findtext("error")) == (404, "ERROR_METHOD_NOT_FOUND")
    assert root.findtext("error_description") == "Method not found!"


def test_what_xml_cannot_hold_does_not_spoil_the_answer(hook, company):
    company("a\x01b\x0bc")
    root = told(hook.send("crm.company.list.xml"))
    assert root.findtext("result/item/TITLE") == "abc"


@pytest.mark.parametrize("name", ["CRM.Company.List.XML", "crm.company.list.xml/"])
def test_the_suffix_may_be_written_in_any_form(hook, name):
    assert told(hook.send(name)).findtext("total") == "0"


def test_trouble_is_met_by_the_methods_own_name(hook, portal):
    portal.trouble.set(Html(), match=ADD)
    reply = hook.send(f"{ADD}.xml", {"fields": {"TITLE": "Ромашка"}})
    assert "html" in reply.content_type
    portal.trouble.clear()
    portal.trouble.set(DropReply(), match=ADD)
    assert hook.send(f"{ADD}.xml", {"fields": {"TITLE": "Ромашка"}}).cut_at == 0
    assert len(portal.records()["company"]) == 1
