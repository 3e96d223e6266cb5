"""The door in front of a portal changes nothing of what it says."""

from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.trouble import DropReply
from sverka_emulator_kit.wsgi import TAKES_HEADER

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


def test_each_answer_is_the_same_through_the_door(portals):
    plain, behind = portals(seed=4), portals(seed=4)
    door = build_app(behind).test_client()
    root = plain.webhook_path
    asks = [
        Request("POST", root + "crm.company.add", "", JSON, '{"fields": {"TITLE": "Ю"}}'.encode()),
        Request("POST", root + "crm.company.add.json", "", FORM, b"fields[TITLE]=%D0%AE%26"),
        Request("GET", root + "crm.company.list/", "filter[%3EID]=0&select[]=TITLE"),
        Request("GET", "/" + root + "/Server.Time", "x=1"),
        Request("GET", root + "crm.company.get", "id=9"),
        Request("POST", root + "batch", "", FORM, b"cmd[a]=crm.company.list%3Fstart%3D-1&halt=0"),
        Request("GET", "/rest/1/wrong/profile"),
        Request("GET", "/rest/no.such"),
        Request("POST", "/oauth/token/", "grant_type=refresh_token&client_id=x"),
        Request("GET", "/"),
    ]
    for ask in asks:
        direct = plain.answer(ask)
        reply = door.open(
            f"{ask.path}?{ask.query}",
            base_url="http://localhost",
            environ_overrides={"REQUEST_URI": f"{ask.path}?{ask.query}"},
            method=ask.verb,
            data=ask.body,
            headers=dict(ask.headers),
        )
        assert (reply.status_code, reply.data) == (direct.status, direct.body)
        assert reply.headers["Content-Type"] == direct.content_type
        assert float(reply.headers[TAKES_HEADER]) == direct.takes_s


def test_the_control_plane_drives_a_portal_from_outside(portal):
    door = build_app(portal).test_client()

    def tell(path, **body):
        reply = door.post(f"/_emulator{path}", json=body)
        assert reply.status_code == 200, reply.text
        return reply.json

    assert door.get("/_emulator/").json["system"] == "b24"
    tell("/snapshot", name="before")
    added = tell("/act", name="crm.company.add", params={"fields": {"TITLE": "Ромашка"}})
    assert added == {"result": 1}
    changes = door.get("/_emulator/diff?from=before").json["changes"]
    assert {
        "entity": "company",
        "key": "1",
        "field": "TITLE",
        "was": None,
        "is": "Ромашка",
    } in changes
    tell("/trouble", kind="refuse", match="server.time", status=500)
    assert door.get(portal.webhook_path + "server.time").status_code == 500
    assert door.get("/_emulator/calls").json["calls"][0]["trouble"] == "refuse"
    assert door.get("/_emulator/writes").json["writes"][0]["actor"] == "user:1"
    before_s = portal.now_s
    tell("/clock", advance_s=60)
    assert portal.now_s == before_s + 60
    tell("/restore", name="before")
    assert door.get("/_emulator/records?entity=company").json == {}
    refused = door.post("/_emulator/act", json={"name": "crm.company.get", "params": {"id": 5}})
    assert (refused.status_code, "Not found" in refused.json["error"]) == (400, True)
    tell("/reset")
    assert portal.calls.lines == portal.calls.lines.__class__()


def test_a_lost_reply_leaves_the_record_behind(portal):
    portal.trouble.set(DropReply(), match="crm.company.add")
    door = build_app(portal).test_client()
    reply = door.post(portal.webhook_path + "crm.company.add", buffered=False)
    reply.close()
    assert len(portal.records()["company"]) == 1
