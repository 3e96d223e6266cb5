"""What of a portal's and a base's calls the collector is told."""

import base64
import json
from urllib.parse import quote

import pytest

import watching_b24
import watching_onec
from b24_emulator.coverage import PACKAGE as B24
from b24_emulator.methods.table import METHODS
from b24_emulator.portal import Portal
from collecting import Collector
from onec_emulator import app
from onec_emulator.coverage import PACKAGE as ONEC
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.coverage import Axis
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.record import CallRecord
from sverka_emulator_kit.trouble import Refuse

LOGIN = {"authorization": "Basic " + base64.b64encode(b"obmen:secret").decode()}


@pytest.fixture
def collector(monkeypatch):
    """Told of every call of this test, whether or not the run collects evidence."""
    monkeypatch.setattr(CallRecord, "add", CallRecord.add)
    monkeypatch.setattr(app, "perform", app.perform)
    for name in METHODS:
        monkeypatch.setitem(METHODS, name, METHODS[name])
    made = Collector()
    made.watch_calls()
    watching_b24.watch(made)
    watching_onec.watch(made)
    return made


@pytest.fixture
def refusals(collector):
    """Subjects with a refusal after one call that asserts it."""

    def found(system, request):
        collector.begin(is_client=False)
        with collector.asserting():
            system.answer(request)
        return {subject for _, subject, axis in collector.found if axis is Axis.REFUSAL}

    return found


@pytest.fixture
def answers(collector, monkeypatch):
    """Subjects that a real client is taken to have been answered by one call."""
    monkeypatch.setattr("collecting.threading.main_thread", lambda: None)

    def found(system, request):
        collector.begin(is_client=True)
        system.answer(request)
        return {subject for _, subject, axis in collector.found if axis is Axis.CLIENT}

    return found


@pytest.fixture
def portal():
    return Portal(VirtualClock())


@pytest.fixture
def base():
    return Infobase(clock=VirtualClock())


def rest(portal, method, **params):
    body = json.dumps(params).encode()
    kind = {"content-type": "application/json"}
    return Request("POST", portal.webhook_path + method, "", kind, body)


def odata(base, path, query="", verb="GET"):
    path = base.service_root + quote(path, safe="/()',=$")
    return Request(verb, path, quote(query, safe="&=$'(),"), LOGIN)


def test_a_method_is_called_as_the_documents_spell_it(portal, answers):
    assert answers(portal, rest(portal, "catalog.pricetype.list")) == {"catalog.priceType.list"}


def test_a_batch_is_called_with_its_commands(portal, answers):
    called = answers(portal, rest(portal, "batch", cmd={"a": "profile", "b": "crm.company.list"}))
    assert called == {"batch", "profile", "crm.company.list"}


def test_what_people_do_in_the_window_is_no_call(portal, answers, collector):
    collector.begin(is_client=True)
    portal.act("crm.company.add", {"fields": {"TITLE": "Ромашка"}})
    assert answers(portal, rest(portal, "profile")) == {"profile"}


def test_a_methods_own_refusal_counts(portal, refusals):
    assert refusals(portal, rest(portal, "crm.company.get", id=9)) == {"crm.company.get"}
    assert refusals(portal, rest(portal, "pull.application.config.get")) == {
        "pull.application.config.get"
    }


def test_a_refusal_that_was_injected_or_is_the_doors_does_not_count(portal, refusals):
    portal.trouble.set(Refuse(503, "OVERLOAD"), match="crm.company.get", times=1)
    assert refusals(portal, rest(portal, "crm.company.get", id=9)) == set()
    assert refusals(portal, rest(portal, "crm.no.such")) == set()
    assert refusals(portal, Request("POST", "/rest/1/wrong/crm.company.get")) == set()


def test_a_set_is_called_with_its_operation_and_options(base, answers):
    assert answers(base, odata(base, "/Catalog_Валюты", "$top=1&$format=json")) == {
        "GET Set",
        "unf/Catalog_Валюты",
        "$top",
        "$format",
    }


def test_a_virtual_table_is_called_beside_its_register(base, answers):
    name = "InformationRegister_ЦеныНоменклатуры"
    assert answers(base, odata(base, f"/{name}/SliceLast()")) == {
        "GET Register/SliceLast",
        f"unf/{name}",
        f"unf/{name}/SliceLast",
    }


def test_a_route_is_called_by_its_template(base, answers):
    request = Request("GET", base.publication + "/hs/exchange/jobs", "", LOGIN)
    assert answers(base, request) == {"unf/GET /hs/exchange/jobs"}


def test_an_option_is_refused_only_if_no_other_could_be_meant(base, refusals):
    where = {"GET Set", "unf/Catalog_Валюты"}
    path = "/Catalog_Валюты"
    assert refusals(base, odata(base, path, "$top=x&$format=json")) == {*where, "$top"}
    assert refusals(base, odata(base, path, "$top=x&$skip=1")) == where


def test_what_is_not_built_is_refused_by_name_and_an_unknown_set_is_nobody(base, refusals):
    assert refusals(base, odata(base, "/$batch", verb="POST")) == {"$batch"}
    assert refusals(base, odata(base, "/Catalog_Нет")) == set()


def test_packages_are_told_apart(portal, base, collector, monkeypatch):
    monkeypatch.setattr("collecting.threading.main_thread", lambda: None)
    collector.begin(is_client=True)
    portal.answer(rest(portal, "profile"))
    base.answer(odata(base, "/"))
    assert {(package, subject) for package, subject, _ in collector.found} == {
        (B24, "profile"),
        (ONEC, "GET root"),
    }
