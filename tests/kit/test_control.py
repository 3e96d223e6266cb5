"""The control plane: what a test or a console does to a system from outside."""

import pytest

from sverka_emulator_kit.clock import START_S, WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.guard import LOOPBACK
from sverka_emulator_kit.trouble import Html


@pytest.fixture
def client(notes):
    return build_app(notes).test_client()


def post(client, path, body=None, **kwargs):
    return client.post(f"/_emulator{path}", json={} if body is None else body, **kwargs)


def got(client, path):
    return client.get(f"/_emulator{path}").json


def test_a_system_tells_its_name_its_time_and_its_gauges(client):
    assert got(client, "/") == {"system": "notes", "now_s": START_S, "notes": 0}


def test_a_reset_system_is_as_it_was_made(client):
    client.post("/a", data="text")

    assert post(client, "/reset").json == {"reset": True}
    assert got(client, "/records") == {"note": {}}


def test_a_restored_snapshot_undoes_what_came_after_it(client):
    client.post("/a", data="one")
    assert post(client, "/snapshot", {"name": "before"}).json == {"name": "before"}
    client.post("/a", data="two")

    assert post(client, "/restore", {"name": "before"}).status_code == 200
    assert got(client, "/records") == {"note": {"/a": {"text": "one"}}}


def test_the_difference_from_a_snapshot_has_a_row_for_each_field(client):
    client.post("/a", data="one")
    post(client, "/snapshot", {"name": "before"})
    client.post("/a", data="two")
    client.post("/b", data="new")

    assert got(client, "/diff?from=before")["changes"] == [
        {"entity": "note", "key": "/a", "field": "text", "was": "one", "is": "two"},
        {"entity": "note", "key": "/b", "field": "text", "was": None, "is": "new"},
    ]


def test_two_snapshots_are_compared_with_each_other(client):
    post(client, "/snapshot", {"name": "empty"})
    client.post("/a", data="one")
    post(client, "/snapshot", {"name": "one"})
    client.post("/a", data="two")

    assert [row["is"] for row in got(client, "/diff?from=empty&to=one")["changes"]] == ["one"]
    assert [row["is"] for row in got(client, "/diff?from=one&to=empty")["changes"]] == [None]


def test_a_snapshot_without_a_name_gets_one(client):
    assert post(client, "/snapshot").json == {"name": "snapshot-1"}
    assert post(client, "/snapshot").json == {"name": "snapshot-2"}


def test_an_unknown_snapshot_is_named_with_those_there_are(client):
    post(client, "/snapshot", {"name": "known"})

    for answer in (
        post(client, "/restore", {"name": "x"}),
        client.get("/_emulator/diff?from=x"),
    ):
        assert answer.status_code == 400
        assert "known" in answer.json["error"]


def test_records_are_told_of_one_entity(client):
    client.post("/a", data="one")

    assert got(client, "/records?entity=note") == {"/a": {"text": "one"}}
    assert got(client, "/records?entity=none") == {}


def test_trouble_is_set_shown_met_and_cleared(client):
    shown = post(client, "/trouble", {"kind": "html", "match": "POST", "times": 2}).json
    assert (shown["kind"], shown["times"]) == ("html", 2)

    assert client.post("/a", data="lost").status_code == 502
    told = got(client, "/trouble")
    assert (told["standing"][0]["times"], told["met"]) == (1, {"html": 1})
    client.delete("/_emulator/trouble")
    assert client.post("/a", data="kept").status_code == 200


def test_the_control_plane_itself_meets_no_trouble_and_is_no_call(client, notes):
    notes.trouble.set(Html(), times=None)

    assert got(client, "/calls") == {"calls": []}
    assert notes.asked == []


def test_calls_and_writes_are_told_from_a_moment_on(client):
    client.post("/a", data="one")
    post(client, "/clock", {"advance_s": 10})
    client.post("/a", data="two")

    assert len(got(client, "/calls")["calls"]) == 2
    assert len(got(client, f"/calls?since={START_S + 5}")["calls"]) == 1
    (write,) = got(client, f"/writes?since={START_S + 5}")["writes"]
    assert (write["verb"], write["before"], write["after"]) == (
        "update",
        {"text": "one"},
        {"text": "two"},
    )


def test_the_clock_is_moved_and_delivers_what_is_due(client, notes):
    done = []
    notes.clock.after(30.0, lambda: done.append("due"))

    assert post(client, "/clock", {"advance_s": 31}).json == {"now_s": START_S + 31}
    assert done == ["due"]
    assert got(client, "/clock") == {"now_s": START_S + 31, "virtual": True}


def test_a_wall_clock_is_frozen_and_let_go(make_notes):
    notes = make_notes(clock=WallClock())
    client = build_app(notes).test_client()

    stood_s = post(client, "/clock", {"freeze": True}).json["now_s"]
    assert got(client, "/clock") == {"now_s": stood_s, "virtual": False}
    assert post(client, "/clock", {"advance_s": 5}).json == {"now_s": stood_s + 5}
    assert post(client, "/clock", {"freeze": False}).json["now_s"] >= stood_s + 5


def test_a_person_acts_without_http_and_without_trouble(client, notes):
    order = {"name": "write", "params": {"key": "/a", "text": "x"}, "user": "7"}

    assert post(client, "/act", order).json == {"result": "/a"}
    assert notes.ledger.touches[0].actor == "user:7"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/act", {"name": "fly"}, "fly"),
        ("/act", {}, "name"),
        ("/clock", {"advance_s": "soon"}, "soon"),
        ("/clock", [1], "JSON object"),
        ("/trouble", {"kind": "earthquake"}, "Use one of"),
        ("/trouble", {"kind": ["html"]}, "unknown"),
        ("/trouble", {"kind": "html", "status": "x"}, "status is 'x'. Give an HTTP status"),
    ],
)
def test_an_order_that_makes_no_sense_is_answered_with_an_error(client, path, body, said):
    answer = post(client, path, body)

    assert answer.status_code == 400
    assert said in answer.json["error"]


@pytest.mark.parametrize("data", [b"{broken", b"\xff", b'"text"'])
def test_a_body_that_is_no_json_object_is_answered_with_an_error(client, data):
    answer = client.post("/_emulator/snapshot", data=data)

    assert answer.status_code == 400
    assert answer.json["error"]


def test_a_page_of_another_origin_is_refused_and_changes_nothing(client):
    client.post("/a", data="one")

    answer = post(client, "/reset", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "evil.example" in answer.json["error"]
    assert got(client, "/records") == {"note": {"/a": {"text": "one"}}}


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8024", "127.0.0.1.evil.example", "localhost.evil.example"),
        *("192.0.2.7", "0.0.0.0", "[2001:db8::1]", "[", "notlocalhost", ""),
    ],
)
@pytest.mark.parametrize("origin", [True, False])
def test_a_name_of_a_strangers_that_leads_here_is_refused(client, host, origin):
    client.post("/a", data="one")
    headers = {"Host": host} | ({"Origin": f"http://{host}"} if origin else {})

    answer = post(client, "/reset", headers=headers)

    assert answer.status_code == 403
    assert repr(host) in answer.json["error"]
    assert "Call http://127.0.0.1" in answer.json["error"]
    assert got(client, "/records") == {"note": {"/a": {"text": "one"}}}


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:8024", "localhost.", "portal.localhost:1"),
        *("127.0.0.1", "127.1.2.3:8024", "[::1]:8024"),
    ],
)
def test_every_name_of_this_machine_may_call(client, host):
    answer = post(client, "/reset", headers={"Host": host, "Origin": f"http://{host}".lower()})

    assert answer.status_code == 200


def test_a_page_of_its_own_origin_may_call(client):
    answer = post(client, "/reset", headers={"Origin": "http://localhost"})

    assert answer.status_code == 200


def test_a_caller_from_another_machine_is_refused(client):
    answer = client.get("/_emulator/", environ_base={"REMOTE_ADDR": "192.0.2.7"})

    assert answer.status_code == 403
    assert "192.0.2.7" in answer.json["error"]
    assert "192.0.2.7" not in LOOPBACK


@pytest.mark.parametrize(("verb", "path"), [("GET", "/nonsense"), ("GET", "/reset")])
def test_an_unknown_order_is_refused_and_is_no_call_to_the_system(client, notes, verb, path):
    answer = client.open(f"/_emulator{path}", method=verb)

    assert answer.status_code == 404
    assert f"{verb} /_emulator{path}" in answer.json["error"]
    assert notes.asked == []
