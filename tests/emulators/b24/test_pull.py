"""Push & Pull: where to listen, long polling in virtual time, and what listeners are told."""

import json
import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

import pytest

from b24_emulator.access import Webhook
from b24_emulator.rules.switches import Switches
from sverka_emulator_kit.held import Held, Upgrade
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.trouble import Delay, DropReply, DropRequest, Html, Refuse

CONFIG, EVENT, PUSH = (
    f"pull.application.{name}" for name in ("config.get", "event.add", "push.add")
)
HALF_A_DAY_S = 12 * 3600


@dataclass
class Ear:
    """Listens by long polling, as the documents' own client does."""

    portal: object
    config: dict
    params: dict = field(default_factory=dict)
    replies: list = field(default_factory=list)

    def channels(self):
        return "/".join(one["id"] for one in self.config["channels"].values())

    def query(self, **changes):
        base = {"CHANNEL_ID": self.channels(), "clientId": self.config.get("clientId", "")}
        return urlencode({**base, "format": "json", **self.params, **changes})

    def ask(self, **changes):
        path = urlsplit(self.config["server"]["long_pooling_secure"]).path
        return self.portal.answer(Request("GET", path, self.query(**changes)))

    def wait(self, **changes):
        """Ask, and note the reply with its moment when it comes."""
        answer = self.ask(**changes)

        def came(reply):
            self.replies.append((self.portal.now_s, reply))

        answer.then(self.portal.clock, came) if isinstance(answer, Held) else came(answer)
        return self

    def heard(self):
        """What was said, in the order it came."""
        return [
            row["text"]
            for _, reply in self.replies
            if reply.status == 200
            for row in json.loads(reply.body)
        ]

    def commands(self):
        return [text["command"] for text in self.heard()]


@pytest.fixture
def listening():
    """Asks for the addresses as an application, and gives it an ear."""
    return lambda app, **params: Ear(app.portal, app.result(CONFIG), params)


@pytest.fixture
def ear(app, listening):
    return listening(app)


@pytest.fixture
def colleague(app, portal):
    """The application as used by a second user, who is no administrator."""
    users = portal.tables["user"]
    number = users.new_id()
    users.put(number, {**users.rows[1], "ID": str(number), "NAME": "Борис"})
    (application,) = portal.access.applications.values()
    secrets, until_s = portal.chances.secrets, portal.now_s + 86_400
    token = portal.access.grant_access(application, secrets, until_s, str(number))
    return replace(app, token=token.text)


def say(app, command="test", **params):
    assert app.result(EVENT, {"COMMAND": command, **params}) is True


# The configuration.


def test_the_configuration_has_the_documented_keys(app, portal):
    config = app.result(CONFIG, {"CACHE": "N"})
    assert set(config) == {"server", "api", "channels", "exp", "publicChannels", "clientId"}
    assert set(config["server"]) == {
        "version", "server_enabled", "mode", "hostname", "long_polling", "long_pooling_secure",
        "websocket_enabled", "websocket", "websocket_secure", "publish_enabled", "publish",
        "publish_secure", "config_timestamp",
    }  # fmt: skip
    assert config["server"]["websocket_secure"] == "wss://portal.example/subws/"
    assert config["server"]["long_pooling_secure"] == "https://portal.example/sub/"
    assert config["api"] == {"revision_web": 19, "revision_mobile": 3}
    shared, private = config["channels"]["shared"], config["channels"]["private"]
    assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{40}", shared["id"])
    assert re.fullmatch(r"[0-9a-f]{32}:[0-9a-f]{32}\.[0-9a-f]{40}", private["id"])
    assert (shared["type"], private["type"]) == ("shared", "private")
    assert config["exp"] == int(portal.now_s) + HALF_A_DAY_S
    own = config["publicChannels"]["1"]
    assert private["public_id"] == f"{own['public_id']}.{own['signature']}"
    assert own["public_id"] in private["id"]


def test_the_channels_stay_the_same_until_they_expire(app, portal):
    first = app.result(CONFIG)
    portal.token_life_s = 10 * HALF_A_DAY_S
    portal.clock.advance(3000)
    assert app.result(CONFIG) == first


def test_each_application_and_each_user_has_channels_of_his_own(portal, app, colleague):
    mine, his = app.result(CONFIG), colleague.result(CONFIG)
    assert mine["channels"]["shared"] == his["channels"]["shared"]
    assert mine["channels"]["private"] != his["channels"]["private"]


def test_a_server_of_the_portals_own_has_no_client_id_and_asks_for_none(
    portals, installing, listening
):
    app = installing(portals(switches=Switches(pull_is_shared=False, pull_version=4)))
    ear = listening(app)
    assert "clientId" not in ear.config
    assert (ear.config["server"]["mode"], ear.config["server"]["version"]) == ("personal", 4)
    assert isinstance(ear.ask(), Held)


@pytest.mark.parametrize("method", [CONFIG, EVENT, PUSH])
def test_a_webhook_has_no_channels(hook, method):
    assert hook.refusal(method, {"COMMAND": "x", "TEXT": "x"})[:2] == (403, "WRONG_AUTH_TYPE")


@pytest.mark.parametrize("method", [CONFIG, EVENT, PUSH])
def test_the_scope_is_asked_for(portal, calling, method):
    narrow = portal.access.add_webhook(Webhook("1", "narrow", ("crm",)))
    caller = replace(calling(portal), path=narrow.path)
    assert caller.refusal(method)[:2] == (401, "insufficient_scope")


def test_a_portal_without_the_server_says_so(app, ear, portal):
    assert portal.act("portal.pull", {"on": False}) == {"on": False}
    text = "Push & Pull server is not configured"
    assert app.refusal(CONFIG) == (400, "SERVER_ERROR", text)
    assert ear.ask().status == 404
    portal.act("portal.pull", {"on": True})
    assert app.result(CONFIG)["server"]["config_timestamp"] == int(portal.now_s)


# Long polling.


def test_a_held_call_is_answered_when_something_is_said(app, ear, portal):
    ear.wait()
    begun_s = portal.now_s
    portal.clock.advance(20)
    assert ear.replies == []
    say(app, "stage", PARAMS={"ID": 5})
    ((at_s, reply),) = ear.replies
    assert at_s - begun_s == 20
    assert reply.content_type == "application/json; charset=utf-8"
    assert ear.heard() == [{"module_id": "application", "command": "stage", "params": {"ID": 5}}]


def test_a_message_has_the_documented_keys(app, ear, portal):
    ear.wait()
    say(app, "stage", MODULE_ID="orders", PARAMS='{"param1": "value1"}')
    (row,) = json.loads(ear.replies[0][1].body)
    assert row["text"] == {
        "module_id": "orders",
        "command": "stage",
        "params": {"param1": "value1"},
    }
    assert re.fullmatch(r"\d{26}", row["mid"])
    assert row["mid"].endswith(f"{row['id']:016d}")
    shared = ear.config["channels"]["shared"]["id"].partition(".")[0]
    assert row["channel"] == row["extra"]["channel"] == shared
    assert row["time"] == "Mon, 03 Nov 2025 06:00:00 GMT"
    extra = {
        "server_time",
        "server_time_unix",
        "server_time_ago",
        "revision",
        "revisionMobile",
        "channel",
    }
    assert set(row["extra"]) == extra
    assert row["extra"]["server_time"] == "2025-11-03T09:00:00+03:00"


def test_a_quiet_call_ends_before_a_minute_with_the_documented_headers(ear, portal):
    ear.wait()
    begun_s = portal.now_s
    portal.clock.advance(60)
    ((at_s, reply),) = ear.replies
    assert 50 <= at_s - begun_s < 60
    assert (reply.status, reply.body) == (304, b"")
    headers = dict(reply.headers)
    assert headers["Expires"] == "Thu, 01 Jan 1973 11:11:01 GMT"
    assert re.fullmatch(r"\d{26}", headers["Last-Message-Id"])


def test_who_comes_back_with_the_last_id_misses_nothing_and_hears_nothing_twice(app, ear, portal):
    ear.wait()
    portal.clock.advance(60)
    for number in range(3):
        say(app, f"missed{number}")
    mid = dict(ear.replies[-1][1].headers)["Last-Message-Id"]
    ear.wait(mid=mid)
    assert ear.commands() == ["missed0", "missed1", "missed2"]
    mid = json.loads(ear.replies[-1][1].body)[-1]["mid"]
    assert mid == dict(ear.replies[-1][1].headers)["Last-Message-Id"]
    ear.wait(mid=mid)
    say(app, "next")
    assert ear.commands()[3:] == ["next"]


def test_a_tag_of_the_old_protocol_gives_history_too(app, ear):
    ear.wait()
    say(app, "first")
    (row,) = json.loads(ear.replies[0][1].body)
    say(app, "second")
    ear.wait(tag=row["tag"], time=row["time"])
    assert ear.commands() == ["first", "second"]


def test_a_tag_that_no_message_has_gives_none(app, ear):
    say(app, "old")
    ear.wait(tag="9" * 5000)
    assert ear.commands() == []


@pytest.mark.parametrize("mid", ["", "x", "12", "Ж" * 26])
def test_without_a_known_id_there_is_no_history(app, ear, mid):
    say(app, "old")
    ear.wait(mid=mid)
    assert ear.replies == []
    say(app, "new")
    assert ear.commands() == ["new"]


def test_a_channel_remembers_the_last_thousand_messages(app, ear, portal):
    for number in range(1005):
        portal.limits = replace(portal.limits, threshold=None)
        say(app, f"n{number}")
    ear.wait(mid="0" * 26)
    assert ear.commands() == [f"n{number}" for number in range(5, 1005)]


@pytest.mark.parametrize(
    "changes",
    [
        {"CHANNEL_ID": ""},
        {"CHANNEL_ID": "0" * 32 + "." + "0" * 40},
        {"clientId": ""},
        {"clientId": "another"},
    ],
)
def test_a_wrong_channel_or_account_is_let_in_nowhere(ear, changes):
    reply = ear.ask(**changes)
    assert isinstance(reply, Reply)
    assert reply.status == 403


def test_a_channel_with_another_signature_is_wrong(ear):
    own = ear.config["channels"]["shared"]
    own["id"] = own["id"][:-1] + ("0" if own["id"][-1] != "0" else "1")
    assert ear.ask().status == 403


def test_the_two_other_forms_of_text(app, listening, portal):
    rpc, marked = listening(app, jsonRpc="true"), listening(app, format="")
    rpc.wait()
    marked.wait()
    say(app, "stage", PARAMS={"ID": 5})
    (call,) = json.loads(rpc.replies[0][1].body)
    assert (call["jsonrpc"], call["method"]) == ("2.0", "incoming.message")
    body = call["params"]["body"]
    assert (body["module_id"], body["command"], body["params"]) == (
        "application",
        "stage",
        {"ID": 5},
    )
    assert body["extra"]["revision_web"] == 19
    text = marked.replies[0][1].body.decode()
    found = re.fullmatch(r"#!NGINXNMS!#(.*)#!NGINXNME!#\r\n", text)
    assert json.loads(found[1])["mid"] == call["params"]["mid"]


def test_protobuf_is_refused_with_what_to_ask_for_instead(ear):
    reply = ear.ask(binaryMode="true")
    assert (reply.status, b"format=json" in reply.body) == (501, True)


# Whom a message reaches.


@pytest.fixture
def his_ear(colleague, listening):
    return listening(colleague)


def test_a_message_for_all_reaches_all_and_one_for_a_user_him_alone(app, ear, his_ear):
    for target in ({}, {"USER_ID": 2}, {"USER_ID": [1, 2]}):
        say(app, "x", **target)
    for one in (ear, his_ear):
        one.wait(mid="0" * 26)
    assert (len(ear.commands()), len(his_ear.commands())) == (2, 3)


def test_who_is_no_administrator_speaks_to_himself_or_to_all(colleague, ear, his_ear):
    say(colleague, "self", USER_ID=2)
    say(colleague, "all")
    refused = colleague.refusal(EVENT, {"COMMAND": "x", "USER_ID": [2, 1]})
    assert refused[:2] == (400, "USER_ID_ACCESS_ERROR")
    ear.wait(mid="0" * 26)
    his_ear.wait(mid="0" * 26)
    assert (ear.commands(), his_ear.commands()) == (["all"], ["self", "all"])


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"COMMAND": ""}, "COMMAND_ERROR"),
        ({"COMMAND": "a b"}, "COMMAND_ERROR"),
        ({"COMMAND": "этап"}, "COMMAND_ERROR"),
        ({"COMMAND": "x", "MODULE_ID": "Orders"}, "MODULE_ID_ERROR"),
        ({"COMMAND": "x", "PARAMS": "{"}, "PARAMS_ERROR"),
        ({"COMMAND": "x", "PARAMS": "5"}, "PARAMS_ERROR"),
        ({"COMMAND": "x", "PARAMS": 5}, "PARAMS_ERROR"),
    ],
)
def test_a_message_that_is_none_is_refused(app, sent, code):
    assert app.refusal(EVENT, sent)[:2] == (400, code)


@pytest.mark.parametrize("command", ["a", "Stage_1:x|y.z-2"])
def test_all_documented_characters_of_a_command_pass(app, ear, command):
    ear.wait()
    say(app, command)
    assert ear.commands() == [command]


def test_notes_for_telephones_are_kept(app, colleague, portal):
    assert app.result(PUSH, {"USER_ID": [1, 2], "TEXT": "Оплачено"}) is True
    kept = portal.act("portal.pushes", {})
    assert [(note["user"], note["text"]) for note in kept] == [("1", "Оплачено"), ("2", "Оплачено")]
    assert app.refusal(PUSH, {"USER_ID": 1})[:2] == (400, "TEXT_ERROR")
    assert colleague.refusal(PUSH, {"USER_ID": 2, "TEXT": "x"})[:2] == (400, "ACCESS_ERROR")


# The change table.


@pytest.fixture
def bound(app):
    for event in ("ONCRMCOMPANYADD", "ONCRMCOMPANYUPDATE"):
        app.result("event.bind", {"event": event, "event_type": "offline"})
    return app


def test_who_waits_is_told_that_the_change_table_has_a_new_record(bound, ear, company, portal):
    ear.wait()
    portal.clock.advance(7)
    company()
    assert ear.heard() == [{"module_id": "rest", "command": "offline_event", "params": {}}]
    assert len(bound.result("event.offline.get")["events"]) == 1


def test_a_record_that_only_moves_is_told_once(bound, ear, company, portal):
    number = company()
    for _ in range(5):
        portal.act("crm.company.update", {"id": number, "fields": {"TITLE": "Другое"}})
    ear.wait(mid="0" * 26)
    assert len(ear.commands()) == 2


def test_own_changes_that_are_left_out_of_the_table_are_not_told(app, ear, company):
    bind = {"event": "ONCRMCOMPANYADD", "event_type": "offline", "auth_connector": "own"}
    app.result("event.bind", bind)
    ear.wait()
    app.with_connector("own")("crm.company.add", {"fields": {"TITLE": "Своя"}})
    assert ear.replies == []
    company()
    assert ear.commands() == ["offline_event"]


def test_the_word_of_the_change_table_is_a_switch(portals, installing, listening):
    portal = portals(switches=Switches(pull_tells_of_queue=False))
    app = installing(portal)
    app.result("event.bind", {"event": "ONCRMCOMPANYADD", "event_type": "offline"})
    ear = listening(app).wait()
    portal.act("crm.company.add", {"fields": {}})
    assert ear.replies == []


# Channels end.


def test_a_channel_ends_after_twelve_hours_and_says_so_to_who_listens(app, ear, portal):
    portal.clock.advance(HALF_A_DAY_S - 10)
    ear.wait()
    portal.clock.advance(10)
    expired = ear.heard()
    assert {text["command"] for text in expired} == {"channel_expire"}
    assert {text["module_id"] for text in expired} == {"pull"}
    shared = {"id": ear.config["channels"]["shared"]["id"], "type": "shared"}
    assert expired[0]["params"] == {"channel": shared, "action": "get_config"}
    assert ear.ask().status == 403


def test_after_that_the_configuration_names_new_channels(portals, installing, listening):
    portal = portals()
    portal.token_life_s = 2 * HALF_A_DAY_S
    app = installing(portal)
    old = listening(app)
    portal.clock.advance(HALF_A_DAY_S)
    new = listening(app)
    assert not {one["id"] for one in old.config["channels"].values()} & {
        one["id"] for one in new.config["channels"].values()
    }
    say(app, "x")
    new.wait(mid="0" * 26)
    assert new.commands() == ["x"]


def test_channels_that_are_opened_anew_say_where_to_go(app, ear):
    ear.params = {"CHANNEL_ID": ear.config["channels"]["shared"]["id"]}
    ear.wait()
    new = app.result(CONFIG, {"REOPEN": "Y"})["channels"]["shared"]
    (told,) = ear.heard()
    assert told["params"]["action"] == "reconnect"
    assert told["params"]["new_channel"] == new


@pytest.mark.parametrize("command", ["server_restart", "config_expire"])
def test_control_commands_can_be_sent_by_hand(ear, portal, command):
    ear.wait()
    portal.act("portal.pull", {"tell": command})
    assert set(ear.commands()) == {command}


def test_an_application_that_is_installed_anew_has_new_channels(app, ear, portal, installing):
    portal.reinstall_app()
    assert ear.ask().status == 403


# Trouble, records, state.


@pytest.mark.parametrize(
    ("trouble", "status"), [(Refuse(503), 503), (Html(502), 502), (DropRequest(), 200)]
)
def test_a_trouble_on_arrival_holds_nothing(ear, portal, trouble, status):
    portal.trouble.set(trouble, match="pull.listen")
    reply = ear.ask()
    assert (reply.status, reply.cut_at) == (status, 0 if isinstance(trouble, DropRequest) else None)
    assert portal.topics.count() == 0
    assert isinstance(ear.ask(), Held)


@pytest.mark.parametrize("trouble", [DropReply(), Delay(30.0)])
def test_a_trouble_on_the_way_back_meets_the_answer_that_was_waited_for(app, ear, portal, trouble):
    portal.trouble.set(trouble, match="pull.listen")
    ear.wait()
    portal.clock.advance(10)
    say(app)
    ((_, reply),) = ear.replies
    assert (reply.cut_at == 0) is isinstance(trouble, DropReply)
    assert (reply.takes_s >= 30) is isinstance(trouble, Delay)


def test_listening_fills_no_bucket_and_is_recorded_when_it_is_answered(ear, portal):
    levels, asked_s = portal.gauges()["levels"], portal.now_s
    ear.wait()
    assert portal.gauges()["levels"] == levels
    assert portal.calls.lines[-1].name != "pull.listen"
    portal.clock.advance(60)
    line = portal.calls.lines[-1]
    assert (line.name, line.status, line.at_s) == ("pull.listen", 304, asked_s)


def test_a_snapshot_keeps_channels_messages_and_their_end(app, ear, portal, portals):
    say(app, "kept")
    other = portals(seed=9)
    other.restore(portal.snapshot())
    again = replace(ear, portal=other).wait(mid="0" * 26)
    assert again.commands() == ["kept"]
    other.clock.advance(HALF_A_DAY_S)
    assert again.ask().status == 403


def test_a_reset_portal_has_no_channels(ear, portal):
    portal.reset()
    assert ear.ask().status == 403
    assert portal.gauges()["pull"] == {"channels": 0, "listeners": 0}


# Speaking over HTTP, and the way to a line.


def publish(ear, *asked, **changes):
    body = json.dumps(asked if len(asked) > 1 else asked[0]).encode()
    reply = ear.portal.answer(Request("POST", "/pub/", ear.query(**changes), {}, body))
    return reply.status, json.loads(reply.body) if reply.status == 200 else None


def word(number, command="typing", **receivers):
    body = {"module_id": "orders", "command": command, "params": {"n": number}}
    return {
        "jsonrpc": "2.0", "method": "publish", "id": number, "params": {"body": body, **receivers}
    }  # fmt: skip


def test_a_client_passes_a_message_on_to_users_and_public_channels(ear, his_ear):
    his = his_ear.config["channels"]["private"]["public_id"]
    asked = [word(1, userList=[2]), word(2, channelList=[his]), word(3, userList=[7])]
    status, answers = publish(ear, *asked)
    assert status == 200
    assert answers == [{"jsonrpc": "2.0", "result": True, "id": number} for number in (1, 2, 3)]
    his_ear.params["jsonRpc"] = "true"
    his_ear.wait(mid="0" * 26)
    calls = json.loads(his_ear.replies[0][1].body)
    assert [call["params"]["body"]["params"] for call in calls] == [{"n": 1}, {"n": 2}]
    mine = ear.config["publicChannels"]["1"]["public_id"]
    assert {call["params"]["sender"]["id"] for call in calls} == {mine}
    ear.wait(mid="0" * 26)
    assert ear.replies == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"method": "guess", "id": 1}, -32601),
        ({"method": "publish", "id": 1, "params": {"body": {}}}, -32602),
        ({"method": "publish", "id": 1}, -32602),
        ({"id": 1}, -32600),
        (5, -32600),
    ],
)
def test_what_cannot_be_passed_on_is_told_in_json_rpc(ear, asked, code):
    assert publish(ear, asked)[1]["error"]["code"] == code


def test_who_may_not_listen_may_not_speak(ear):
    assert publish(ear, word(1), clientId="another")[0] == 403


def test_an_upgrade_to_a_line_is_answered_with_one(ear, portal):
    path = urlsplit(ear.config["server"]["websocket_secure"]).path
    answer = portal.answer(Request("GET", path, ear.query(), {"upgrade": "websocket"}))
    assert isinstance(answer, Upgrade)
    assert portal.calls.lines[-1].name == "pull.connect"
