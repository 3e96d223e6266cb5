"""Sessions of calls: the caller's cookie, the pool, and what is answered when there is none."""

import pytest

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
