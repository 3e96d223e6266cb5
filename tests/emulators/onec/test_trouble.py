"""Trouble at a base: what is done, what is seen, which calls meet it and which do not."""

import pytest

from sverka_emulator_kit.trouble import (
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Html,
    Refuse,
    Twice,
)

SET = "Catalog_Контрагенты"


@pytest.mark.parametrize(
    ("trouble", "written"),
    [
        (Refuse(), 0),
        (Html(), 0),
        (DropRequest(), 0),
        (DropReply(), 1),
        (CutReply(), 1),
        (Delay(), 1),
        (Twice(), 2),
    ],
)
def test_each_trouble_leaves_as_many_records_as_its_name_says(
    calling, contractless, trouble, written
):
    odata = calling(configuration=contractless)
    odata.base.trouble.set(trouble)
    odata.call("POST", f"/{SET}", body={"Description": "А"})
    assert len(odata.base.records()[SET]) == written
    assert len(odata.base.registered()) == written
    assert len(odata.base.ledger.touches) == written


def test_a_page_of_the_web_server_is_no_odata(odata):
    odata.base.trouble.set(Html(status=200, body="<html>1C:Enterprise 8 application error</html>"))
    reply = odata.call("GET", f"/{SET}", "$format=json")
    assert (reply.status, reply.content_type) == (200, "text/html; charset=utf-8")


def test_a_delayed_reply_is_late_and_whole(odata, calling):
    usual = calling().call("GET", f"/{SET}")
    odata.base.trouble.set(Delay(delay_s=30.0))
    late = odata.call("GET", f"/{SET}")
    assert late.body == usual.body
    # How long a base works differs from call to call, within 0.03–0.15 s for a read.
    assert 30.03 <= late.takes_s <= 30.15


def test_a_cut_reply_ends_in_the_middle(odata, made):
    made()
    odata.base.trouble.set(CutReply())
    reply = odata.call("GET", f"/{SET}")
    assert reply.cut_at == len(reply.body) // 2 > 0


def test_trouble_meets_only_the_calls_it_names(odata, made):
    guid = made()
    odata.base.trouble.set(Html(), match=f"PATCH {SET}")
    assert odata.call("GET", f"/{SET}(guid'{guid}')").status == 200
    path, body = f"/{SET}(guid'{guid}')", {"ИНН": "1"}
    assert odata.call("PATCH", path, body=body).status == 502
    assert odata.call("PATCH", path, body=body).status == 200
    assert odata.base.trouble.met == {"html": 1}


def test_trouble_that_lasts_ends_with_its_time(odata):
    clock = odata.base.clock
    odata.base.trouble.set(Refuse(status=403), times=None, until_s=clock.now_s() + 60.0)
    assert [odata.call("GET", "/").status for _ in range(3)] == [403, 403, 403]
    clock.advance(60.0)
    assert odata.call("GET", "/").status == 200


def test_people_meet_no_trouble_and_a_stranger_spends_none(odata, made):
    odata.base.trouble.set(Refuse(status=403))
    made()
    odata.password = "wrong"
    assert odata.call("GET", "/").status == 401
    odata.password = "secret"
    assert odata.call("GET", "/").status == 403


def test_trouble_does_not_shift_the_guids_of_a_run(calling):
    calm, troubled = calling(), calling()
    troubled.base.trouble.set(Html(), match="GET *", times=None, chance=0.5)
    for odata in (calm, troubled):
        for _ in range(5):
            odata.call("GET", f"/{SET}")
            odata.call("POST", f"/{SET}", body={})
    assert list(calm.base.records()[SET]) == list(troubled.base.records()[SET])


def test_a_refused_write_may_be_repeated(odata):
    odata.base.trouble.set(Refuse(status=500, error="-1"))
    statuses = [odata.call("POST", f"/{SET}", body={}).status for _ in range(2)]
    assert statuses == [500, 201]
