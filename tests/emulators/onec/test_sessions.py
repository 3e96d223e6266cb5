"""Windows, jobs and exclusive mode: what a file base cannot do, and whom a lock keeps out."""

import json

import pytest

from onec_emulator.infobase import Infobase
from onec_emulator.sessions import LEASE_S, JobRefused, Sessions
from sverka_emulator_kit.clock import VirtualClock

SET = "Catalog_Контрагенты"


@pytest.fixture
def file_base():
    return Infobase(clock=VirtualClock(), mode="file")


def opened(base, user="Иванова"):
    return base.act("open_client", {}, user=user)


def test_a_file_base_runs_no_job_without_a_window(file_base):
    with pytest.raises(JobRefused, match="открыт сеанс"):
        file_base.sessions.start("export")
    opened(file_base)
    assert file_base.sessions.start("export").is_background


def test_a_file_base_refuses_a_second_background_job(file_base):
    opened(file_base), opened(file_base, "Петров")
    first = file_base.sessions.start("export")
    with pytest.raises(JobRefused, match="одно фоновое задание"):
        file_base.sessions.start("import")
    file_base.sessions.stop(first.key)
    assert file_base.sessions.start("import")


def test_a_further_job_runs_in_a_window_of_its_own(file_base):
    first, second = opened(file_base), opened(file_base, "Петров")
    assert file_base.sessions.start("export").carrier == first
    with pytest.raises(JobRefused, match="уже выполняет"):
        file_base.sessions.start("import", first)
    assert file_base.sessions.start("import", second).carrier == second
    assert file_base.gauges()["jobs"] == ["export", "import"]


def test_a_window_that_is_closed_ends_the_job_that_it_carries(file_base):
    opened(file_base)
    second = opened(file_base, "Петров")
    export, load = (
        file_base.sessions.start("export"),
        file_base.sessions.start("import", second),
    )
    file_base.act("close_client", {"session": second})
    assert file_base.sessions.beat(load.key) is None
    assert file_base.sessions.beat(export.key) is export
    with pytest.raises(LookupError, match="is not open"):
        file_base.act("close_client", {"session": second})
    with pytest.raises(JobRefused, match="не открыт"):
        file_base.sessions.start("import", second)


def test_a_job_that_falls_silent_gives_its_slot_back(file_base):
    opened(file_base)
    job = file_base.sessions.start("export")
    file_base.clock.advance(LEASE_S)
    assert file_base.sessions.beat(job.key) is job
    file_base.clock.advance(LEASE_S + 1)
    assert file_base.sessions.beat(job.key) is None
    assert file_base.sessions.start("import")


def test_a_cluster_runs_all_jobs_by_itself():
    sessions = Sessions("server", VirtualClock())
    assert [sessions.start(name).carrier for name in ("export", "import")] == ["", ""]


def test_the_jobs_of_a_file_base_rest_until_somebody_opens_it(calling):
    odata = calling(configuration="ut11", mode="file")
    (ours,) = odata.base.records()["Catalog_Организации"]
    partner = odata.base.act("create", {"set": "Catalog_Партнеры", "fields": {}})
    fields = {"Организация_Key": ours, "Партнер_Key": partner, "Posted": True}
    odata.base.act("create", {"set": "Document_ЗаказКлиента", "fields": fields})
    odata.base.clock.advance(3600)
    states = "InformationRegister_СостоянияЗаказовКлиентов"
    assert odata.base.records()[states] == {}
    opened(odata.base)
    assert len(odata.base.records()[states]) == 1


def test_exclusive_mode_keeps_everybody_out_for_ten_minutes(odata, made):
    made()
    odata.base.act("begin_exclusive", {"text": "Обновление до 10:10", "for_s": 600})
    for verb, path in (("GET", f"/{SET}"), ("POST", f"/{SET}"), ("GET", "/$metadata")):
        reply = odata.call(verb, path, body={})
        said = json.loads(reply.body)
        assert reply.status == 403
        assert said["#exception"].endswith("virtual-resource-system}Exception")
        assert said["exception"]["inner"]["descr"] == "Обновление до 10:10"
    assert len(odata.base.records()[SET]) == 1
    odata.base.clock.advance(599)
    assert odata.call("GET", f"/{SET}").status == 403
    odata.base.clock.advance(1)
    assert len(odata.rows()) == 1
    odata.base.act("begin_exclusive", {})
    assert odata.call("GET", "/").status == 403
    odata.base.act("end_exclusive", {})
    assert odata.call("GET", "/").status == 200


def test_a_stranger_learns_nothing_of_a_lock(odata):
    odata.base.act("begin_exclusive", {})
    odata.password = "wrong"
    assert odata.call("GET", "/").status == 401


def test_writes_of_a_file_base_wait_for_each_other(calling):
    """A write holds all tables; reads and the calls of a cluster do not wait."""

    def takes_s(mode, verb):
        odata = calling(mode=mode, pace=40.0)
        body = {} if verb == "POST" else None
        return [odata.call(verb, f"/{SET}", body=body).takes_s for _ in range(3)]

    waiting = takes_s("file", "POST")
    assert waiting == sorted(waiting)
    assert waiting[-1] > 3 * 40 * 0.06
    for mode, verb, longest_s in (("file", "GET", 40 * 0.15), ("server", "POST", 40 * 0.25)):
        assert max(takes_s(mode, verb)) <= longest_s


def test_who_waits_too_long_for_a_lock_is_refused_and_nothing_is_written(calling):
    odata = calling(mode="file", pace=400.0)
    assert odata.call("POST", f"/{SET}", body={}).takes_s > 20
    reply = odata.call("POST", f"/{SET}", body={}, accept="application/json")
    assert reply.status == 500
    assert "Конфликт блокировок" in json.loads(reply.body)["odata.error"]["message"]["value"]
    assert len(odata.base.records()[SET]) == 1
    odata.base.clock.advance(100)
    assert odata.call("POST", f"/{SET}", body={}).status == 201


def test_a_job_of_the_base_holds_the_slot_for_as_long_as_it_was_started_for(file_base):
    opened(file_base)
    job = file_base.act("start_job", {"name": "ПересчетИтогов", "for_s": 300})
    file_base.clock.advance(299)
    with pytest.raises(JobRefused, match="одно фоновое задание"):
        file_base.sessions.start("export")
    file_base.clock.advance(1)
    assert file_base.sessions.start("export")
    with pytest.raises(LookupError, match=f"{job}.* does not run"):
        file_base.act("stop_job", {"job": job})


def test_a_job_of_the_base_is_stopped_by_a_person(file_base):
    opened(file_base)
    job = file_base.act("start_job", {"name": "ПересчетИтогов"})
    assert file_base.act("stop_job", {"job": job}) == job
    assert file_base.sessions.jobs() == []


def test_a_write_by_the_exchange_service_holds_all_tables_and_a_job_does_not(calling):
    odata = calling(mode="file")
    opened(odata.base)

    def takes_s(path, body):
        request = odata.service_request("POST", f"/exchange/{path}", body=body)
        return odata.base.answer(request).takes_s

    waiting = [takes_s("clients", {"fields": {}}) for _ in range(3)]
    assert waiting == sorted(waiting)
    assert waiting[2] > 2 * waiting[0]
    # A message stamps the change table, and OData's writes wait for all of them.
    assert takes_s("changes", {"node": "B24"}) > waiting[2]
    assert odata.call("POST", f"/{SET}", body={}).takes_s > waiting[2]
    assert takes_s("jobs", {"name": "export"}) < waiting[2]
    assert odata.base.answer(odata.service_request("GET", "/exchange/clients")).takes_s < waiting[2]


def test_a_refused_write_of_the_exchange_service_holds_nothing(calling):
    odata = calling(mode="file")
    request = odata.service_request("POST", "/exchange/clients", body={"fields": []})
    assert max(odata.base.answer(request).takes_s for _ in range(5)) < 0.3
    assert odata.base.calls.lines[-1].error == "400"


def test_a_service_that_waits_too_long_is_told_in_plain_words(calling):
    odata = calling(mode="file", pace=400)
    request = odata.service_request("POST", "/exchange/clients", body={"fields": {}})
    odata.base.answer(request)
    reply = odata.base.answer(request)
    assert (reply.status, reply.content_type) == (500, "text/plain; charset=utf-8")
    assert reply.body.decode().startswith("Конфликт блокировок")
    assert len(odata.base.records()[SET]) == 1
