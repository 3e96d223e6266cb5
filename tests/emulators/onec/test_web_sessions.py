"""Sessions of calls: the caller's cookie, the pool, and what is answered when there is none."""

import json
from dataclasses import replace

import pytest

from onec_emulator.services import Answer, HttpService
from onec_emulator.sessions import NoLicence
from onec_emulator.switches import Switches
from onec_emulator.web_sessions import WebSessions


@pytest.fixture
def manual(calling):
    """A publication whose callers keep sessions themselves, two at most."""
    return calling(web=WebSessions(reuse="use", max_age_s=20.0, pool_size=2))


def started(odata):
    headers = dict(odata.call("GET", "/", ibsession="start").headers)
    return headers["Set-Cookie"]


def test_a_caller_starts_keeps_and_finishes_a_session(manual):
    cookie = started(manual)
    assert cookie.startswith("ibsession=")
    assert manual.call("GET", "/", cookie=cookie).status == 200
    assert manual.call("GET", "/", cookie=cookie, ibsession="finish").status == 200
    assert manual.call("GET", "/", cookie=cookie).status == 400
    assert "Set-Cookie" not in dict(manual.call("GET", "/").headers)


def test_a_session_expires_when_nobody_uses_it(manual):
    cookie = started(manual)
    manual.base.clock.advance(19)
    assert manual.call("GET", "/", cookie=cookie).status == 200
    manual.base.clock.advance(20)
    assert manual.call("GET", "/", cookie=cookie).status == 400


def test_no_more_sessions_are_started_than_may_live(manual):
    started(manual), started(manual)
    reply = manual.call("GET", "/", ibsession="start")
    assert (reply.status, b'reason="406"' in reply.body) == (406, True)
    assert manual.call("GET", "/").status == 200
    manual.base.clock.advance(20)
    assert started(manual)


def test_in_the_usual_mode_a_start_is_ignored(odata):
    reply = odata.call("GET", "/", ibsession="start", cookie="ibsession=x")
    assert (reply.status, "Set-Cookie" in dict(reply.headers)) == (200, False)


def test_a_busy_pool_lets_callers_wait_and_then_refuses_them(calling):
    odata = calling(web=WebSessions(pool_size=1, pool_timeout_s=5.0), pace=20.0)
    first, second = (odata.call("GET", "/").takes_s for _ in range(2))
    assert second > first
    statuses = [odata.call("GET", "/").status for _ in range(12)]
    assert statuses[-1] == 406
    odata.base.clock.advance(60)
    assert odata.call("GET", "/").status == 200


def called(odata, path="/exchange/jobs", **headers):
    """An HTTP service is called; its reply."""
    request = odata.service_request("GET", path)
    return odata.base.answer(replace(request, headers={**request.headers, **headers}))


def test_the_exchange_service_lets_its_callers_keep_sessions(odata):
    cookie = dict(called(odata, ibsession="start").headers)["Set-Cookie"]
    assert called(odata, cookie=cookie).status == 200
    assert called(odata, cookie=cookie, ibsession="finish").status == 200
    assert called(odata, cookie=cookie).status == 400


def test_each_service_has_sessions_of_its_own(calling):
    shop = HttpService("shop", web=WebSessions(reuse="use", pool_size=1))
    shop.route("GET", "/a")(lambda call: Answer())
    odata = calling(services=[shop])
    assert called(odata, "/shop/a", ibsession="start").status == 200
    assert called(odata, "/shop/a", ibsession="start").status == 406
    assert "Set-Cookie" in dict(called(odata, ibsession="start").headers)
    assert odata.call("GET", "/").status == 200


def refusal(reply):
    said = json.loads(reply.body)["exception"]
    return reply.status, said["reason"], said["inner"]["descr"]


NO_LICENCE = "Не обнаружено свободной лицензии!"


def test_a_call_takes_a_licence_until_its_session_ends(calling):
    odata = calling(licences=2)
    window = odata.base.act("open_client", {}, user="Иванова")
    assert odata.call("GET", "/").status == 200
    # Its session waits for the same caller, and stands in the way of all others.
    odata.base.clock.advance(10)
    assert odata.call("GET", "/").status == 200
    assert odata.base.gauges()["licences_taken"] == 2
    odata.base.clock.advance(10)
    assert refusal(called(odata)) == (503, 503, NO_LICENCE)
    assert odata.base.calls.lines[-1].error == "503"
    odata.base.clock.advance(11)
    assert called(odata).status == 200
    odata.base.clock.advance(1)
    odata.base.act("close_client", {"session": window})
    assert [odata.call("GET", "/").status for _ in range(3)] == [200, 200, 503]


def test_a_window_is_not_opened_without_a_licence(calling):
    odata = calling(licences=1)
    odata.call("GET", "/")
    odata.base.clock.advance(1)
    with pytest.raises(NoLicence, match=r"Лицензий: 1.*set_licences"):
        odata.base.act("open_client", {}, user="Иванова")
    assert odata.base.sessions.clients == {}
    odata.base.clock.advance(20)
    assert odata.base.act("open_client", {}, user="Иванова") == "client-1"


def test_a_kept_session_holds_its_licence_until_it_is_finished(calling):
    odata = calling(licences=1)
    cookie = dict(called(odata, ibsession="start").headers)["Set-Cookie"]
    odata.base.clock.advance(1)
    assert called(odata, cookie=cookie).status == 200
    odata.base.clock.advance(1)
    assert (called(odata).status, odata.call("GET", "/").status) == (503, 503)
    assert called(odata, cookie=cookie, ibsession="finish").status == 200
    assert called(odata).status == 200
    odata.base.clock.advance(1)
    # A call without a cookie has left nothing behind.
    assert odata.call("GET", "/").status == 200


def test_what_is_refused_takes_no_licence(calling):
    odata = calling(licences=1)
    odata.password = "wrong"
    assert odata.call("GET", "/").status == 401
    assert odata.base.gauges()["licences_taken"] == 0


def test_a_job_takes_no_licence(calling):
    odata = calling(licences=1)
    odata.base.sessions.start("export")
    assert odata.call("GET", "/").status == 200


def test_the_number_of_licences_is_set_and_lifted_while_the_base_runs(calling):
    odata = calling(licences=3, switches=Switches(licence_status=403))
    odata.base.act("set_licences", {"count": 0})
    assert refusal(odata.call("GET", "/")) == (403, 403, NO_LICENCE)
    odata.base.act("set_licences", {"count": None})
    assert odata.call("GET", "/").status == 200
    odata.base.reset()
    assert odata.base.gauges()["licences"] == 3


@pytest.mark.parametrize("count", [-1, "2", True, 1.5])
def test_a_number_of_licences_that_is_none_is_refused(calling, count):
    with pytest.raises(ValueError, match="from 0, or null"):
        calling(licences=count)
    with pytest.raises(ValueError, match="from 0, or null"):
        calling().base.act("set_licences", {"count": count})
