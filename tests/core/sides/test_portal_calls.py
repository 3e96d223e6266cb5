"""Calling the portal: tokens, batches, refusals. The flow is driven by hand."""

import base64
import json
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest

from sverka.asks import Calls, CursorOf, Load, NoReply, Now, Random, Response, Save, Sleep
from sverka.errors import (
    AccessRefused,
    Blocked,
    KeyForeign,
    PortalMoved,
    ProtocolSurprise,
    Throttled,
    Unreachable,
)
from sverka.settings import InfobaseSettings, Pace, PortalSettings, Settings
from sverka.sides.delivery import Doubt
from sverka.sides.portal_access import TOKENS
from sverka.sides.portal_batches import CUT_OFF
from sverka.sides.portal_calls import PortalCalls
from sverka.wire.b24 import Command, Refusal, Result

FACTS = {
    "v": 1,
    "client_endpoint": "https://portal.example/rest/",
    "client_id": "app.1",
    "client_secret": "secret",
    "refresh_token": "first-refresh",
    "member_id": "m1",
}
BODY = json.dumps(FACTS).encode()
KEY = base64.urlsafe_b64encode(BODY + zlib.crc32(BODY).to_bytes(4, "big")).decode()
WEBHOOK = "https://portal.example/rest/1/secret/"
STORED = json.dumps({"access": "stored-access", "refresh": "stored-refresh"})


def settings(*, webhook="", batch=50, tries=2):
    return Settings(
        portal=PortalSettings(key="" if webhook else KEY, webhook=webhook),
        infobase=InfobaseSettings(url="http://base.example/unf", user="u", password="p"),
        pace=Pace(batch=batch, tries=tries),
    )


def reply(status=200, **envelope):
    return Response(status, json.dumps(envelope).encode())


def tokens(access="new-access", refresh="new-refresh"):
    return reply(access_token=access, refresh_token=refresh)


EXPIRED = reply(401, error="expired_token", error_description="The access token expired")


class Hand:
    """Drives one flow: answers calls from a list, keeps what was called and saved."""

    def __init__(self, *answers, stored=STORED):
        self.answers, self.stored = list(answers), stored
        self.called, self.saved, self.slept = [], [], []
        self.time_s = 1000.0

    def run(self, flow):
        answer = None
        while True:
            try:
                ask = flow.send(answer)
            except StopIteration as end:
                assert not self.answers, "answers are left over"
                return end.value
            answer = self.answer(ask)

    def answer(self, ask):
        match ask:
            case Calls(requests):
                self.called += requests
                return tuple(self.answers.pop(0) for _ in requests)
            case Load(CursorOf(name)):
                assert name == TOKENS
                return self.stored
            case Save(puts, _):
                self.saved += puts
            case Random():
                return 0.0
            case Now():
                return self.time_s
            case _:
                assert isinstance(ask, Sleep)
                self.slept.append(ask.seconds_s)
                self.time_s += ask.seconds_s
        return None

    def bodies(self):
        return [json.loads(request.body) for request in self.called if request.body]


def ask(hand, method="profile", *, made=None):
    return hand.run((made or PortalCalls(settings())).ask(Command(method, {"id": 1})))


def test_a_call_goes_to_the_endpoint_of_the_key_with_the_stored_token():
    hand = Hand(reply(result="ok"))

    assert ask(hand) == Result("ok")
    assert hand.called[0].url == "https://portal.example/rest/profile"
    assert hand.bodies() == [{"id": 1, "auth": "stored-access"}]


def test_the_first_token_comes_for_the_refresh_token_of_the_key_and_is_kept():
    hand = Hand(tokens(), reply(result="ok"), stored="")

    ask(hand)

    query = parse_qs(urlsplit(hand.called[0].url).query)
    assert query["refresh_token"] == ["first-refresh"]
    assert query["grant_type"] == ["refresh_token"]
    kept = json.loads(hand.saved[0].value)
    assert (kept["access"], kept["refresh"]) == ("new-access", "new-refresh")
    assert hand.bodies()[0]["auth"] == "new-access"


def test_a_spent_token_is_renewed_by_the_latest_refresh_token_and_the_call_made_again():
    hand = Hand(EXPIRED, tokens(), reply(result="ok"))

    assert ask(hand) == Result("ok")
    assert parse_qs(urlsplit(hand.called[1].url).query)["refresh_token"] == ["stored-refresh"]
    assert [body["auth"] for body in hand.bodies()] == ["stored-access", "new-access"]
    assert hand.saved


def test_only_the_calls_that_met_the_spent_token_are_made_again():
    hand = Hand(reply(result=1), EXPIRED, tokens(), reply(result=2))
    made = PortalCalls(settings())

    replies = hand.run(made.send([Command("a"), Command("b")], safe=False))

    assert replies == [Result(1), Result(2)]
    assert [request.name for request in hand.called] == ["a", "b", "oauth.token", "b"]


def test_a_token_that_stays_spent_after_its_renewal_is_no_access():
    with pytest.raises(AccessRefused, match="expired_token"):
        ask(Hand(EXPIRED, tokens(), EXPIRED))


def test_tokens_of_another_key_are_not_used():
    stored = json.dumps({"access": "a", "refresh": "r", "root": "", "key": "of another"})
    hand = Hand(tokens(), reply(result="ok"), stored=stored)

    ask(hand)

    query = parse_qs(urlsplit(hand.called[0].url).query)
    assert query["refresh_token"] == ["first-refresh"]


MOVED = Response(302, b"<html>", {"location": "https://new.example/rest/profile"})


def test_a_portal_that_moved_is_followed_to_where_the_oauth_server_says_and_that_is_kept():
    renewed = reply(
        access_token="a", refresh_token="r", client_endpoint="https://new.example/rest/"
    )
    hand = Hand(MOVED, renewed, reply(result="ok"))
    made = PortalCalls(settings())

    ask(hand, made=made)

    assert hand.called[-1].url == "https://new.example/rest/profile"
    assert "new.example" in made.warnings[0]
    later, again = Hand(reply(result="ok"), stored=hand.saved[0].value), PortalCalls(settings())
    ask(later, made=again)
    assert later.called[0].url == "https://new.example/rest/profile"
    assert PortalCalls(settings()).warnings == ()


def test_a_redirection_that_the_oauth_server_does_not_confirm_gets_no_token():
    hand = Hand(MOVED, tokens())

    with pytest.raises(PortalMoved, match=r"portal\.key.*new\.example.*Issue a new key"):
        ask(hand)

    assert {urlsplit(request.url).netloc for request in hand.called} == {
        "portal.example",
        "oauth.bitrix.info",
    }


def test_a_webhook_whose_portal_moved_is_to_be_made_anew():
    with pytest.raises(PortalMoved, match=r"portal\.webhook.*new\.example"):
        ask(Hand(MOVED), made=PortalCalls(settings(webhook=WEBHOOK)))


def test_a_portal_that_is_closed_for_overload_is_not_knocked_at_again():
    closed = reply(503, error="OVERLOAD_LIMIT", error_description="REST API is blocked")

    with pytest.raises(Blocked, match="OVERLOAD_LIMIT"):
        ask(Hand(closed))


def test_who_has_not_paid_is_told_so():
    unpaid = reply(401, error="PAYMENT_REQUIRED", error_description="Subscription has been ended")

    with pytest.raises(AccessRefused, match="renew it"):
        ask(Hand(unpaid))


def test_a_key_that_was_revoked_is_named_with_its_remedy():
    revoked = reply(401, error="invalid_grant", error_description="revoked")

    with pytest.raises(AccessRefused, match="Issue a new key"):
        ask(Hand(revoked, stored=""))


def test_a_webhook_needs_no_token_and_is_no_application():
    hand = Hand(reply(result="ok"))
    made = PortalCalls(settings(webhook=WEBHOOK))

    ask(hand, made=made)

    assert hand.called[0].url == "https://portal.example/rest/1/secret/profile"
    assert "auth" not in hand.bodies()[0]
    assert (made.is_application, PortalCalls(settings()).is_application) == (False, True)


def test_a_revoked_webhook_is_no_access():
    gone = reply(401, error="INVALID_CREDENTIALS", error_description="Invalid request credentials")

    with pytest.raises(AccessRefused, match="INVALID_CREDENTIALS"):
        ask(Hand(gone), made=PortalCalls(settings(webhook=WEBHOOK)))


def test_an_unknown_refusal_is_a_bug_to_report():
    with pytest.raises(ProtocolSurprise, match="ERROR_METHOD_NOT_FOUND"):
        ask(Hand(reply(404, error="ERROR_METHOD_NOT_FOUND", error_description="Method not found!")))


def test_a_refusal_for_a_right_is_no_access():
    with pytest.raises(AccessRefused):
        ask(Hand(reply(403, error="insufficient_scope", error_description="needs crm")))


def test_a_throttled_write_is_repeated_since_nothing_was_done():
    limit = reply(503, error="QUERY_LIMIT_EXCEEDED", error_description="Too many requests")
    hand = Hand(limit, reply(result=1))

    assert hand.run(PortalCalls(settings()).send([Command("a")], safe=False)) == [Result(1)]


def test_a_portal_that_stays_throttled_is_tried_later():
    limit = reply(503, error="QUERY_LIMIT_EXCEEDED", error_description="Too many requests")

    with pytest.raises(Throttled):
        ask(Hand(limit, limit))


@pytest.mark.parametrize(
    "answer",
    [
        NoReply("cut"),
        Response(502, b"<html>"),
        reply(500, error="INTERNAL_SERVER_ERROR", error_description=""),
    ],
)
def test_a_write_whose_reply_is_lost_or_nonsense_is_in_doubt(answer):
    replies = Hand(answer).run(PortalCalls(settings()).send([Command("a")], safe=False))

    assert isinstance(replies[0], Doubt)


def test_a_batch_is_cut_into_calls_of_the_set_size():
    def batch(*values):
        return reply(result={"result": dict(values)})

    hand = Hand(batch(("a", 1), ("b", 2)), batch(("c", 3)))
    made = PortalCalls(settings(batch=2))

    found = hand.run(made.ask_batch({key: Command("m", {"k": key}) for key in "abc"}))

    assert found == {"a": Result(1), "b": Result(2), "c": Result(3)}
    assert [list(body["cmd"]) for body in hand.bodies()] == [["a", "b"], ["c"]]


def test_one_refused_command_stops_no_other_of_its_batch():
    sections = {"result": {"a": 1}, "result_error": {"b": {"error": "X"}}}
    hand = Hand(reply(result=sections))

    found = hand.run(PortalCalls(settings()).ask_batch({"a": Command("m"), "b": Command("m")}))

    assert found == {"a": Result(1), "b": Refusal("X", "")}


def test_a_batch_that_is_refused_whole_raises():
    refusal = reply(403, error="ACCESS_DENIED", error_description="tariff")

    with pytest.raises(AccessRefused, match="ACCESS_DENIED"):
        Hand(refusal).run(PortalCalls(settings()).send_batches([{"a": Command("m")}], safe=False))


def test_a_batch_in_doubt_is_a_doubt_about_all_of_it():
    flow = PortalCalls(settings()).send_batches([{"a": Command("m")}], safe=False)

    assert Hand(NoReply("cut")).run(flow) == [Doubt("cut")]


SPENT = {"error": "OPERATION_TIME_LIMIT", "error_description": "Method is blocked"}
DEAR = {"operating": 500.0, "operating_reset_at": 400, "finish": 100.0}


def test_a_call_that_is_out_of_time_waits_until_it_may_be_made_again():
    hand = Hand(reply(429, **SPENT), reply(result="ok"))

    assert ask(hand) == Result("ok")
    assert hand.slept == [60.0]


def test_a_method_that_stays_out_of_time_is_given_up():
    with pytest.raises(Throttled):
        ask(Hand(reply(429, **SPENT), reply(429, **SPENT)))


def test_a_method_known_to_be_spent_is_not_called_before_its_time_and_others_are():
    made = PortalCalls(settings())
    ask(Hand(reply(result=1, time=DEAR)), "dear", made=made)
    other, again = Hand(reply(result=2)), Hand(reply(result=3))

    ask(other, "other", made=made)
    ask(again, "dear", made=made)

    assert (other.slept, again.slept) == ([], [301.0])


def test_commands_of_a_spent_method_stay_at_home_with_those_that_refer_to_them():
    hand = Hand(reply(result={"result": {"b": 2}}))
    made = PortalCalls(settings())
    ask(Hand(reply(result=1, time=DEAR)), "dear", made=made)
    batch = {
        "a": Command("dear"),
        "b": Command("other"),
        "c": Command("third", {"of": "$result[a]"}),
        "d": Command("third", {"of": "$result[c][ID]"}),
    }

    (answers,) = hand.run(made.send_batches([batch], safe=False))

    assert list(hand.bodies()[-1]["cmd"]) == ["b"]
    assert answers.pop("b") == Result(2)
    assert {r.until_s for r in answers.values()} == {hand.time_s + 301.0}
    assert list(answers) == ["a", "c", "d"]


def test_a_batch_waits_for_what_is_out_of_time_and_asks_only_that_again():
    first = reply(result={"result": {"a": 1}, "result_error": {"b": SPENT}})
    hand = Hand(first, reply(result={"result": {"b": 2}}))
    commands = {"a": Command("m"), "b": Command("dear")}

    found = hand.run(PortalCalls(settings()).ask_batch(commands))

    assert found == {"a": Result(1), "b": Result(2)}
    assert hand.slept == [60.0]
    assert list(hand.bodies()[-1]["cmd"]) == ["b"]


LATE = NoReply("no answer within 60 s", late=True)


def test_a_reading_batch_that_takes_too_long_is_asked_in_halves():
    halves = [reply(result={"result": {k: k for k in keys}}) for keys in ("ab", "cd")]
    hand = Hand(LATE, *halves)
    commands = {key: Command("m") for key in "abcd"}

    found = hand.run(PortalCalls(settings(batch=4)).ask_each(commands))

    assert found == {key: Result(key) for key in "abcd"}
    assert [list(body["cmd"]) for body in hand.bodies()] == [
        ["a", "b", "c", "d"],
        ["a", "b"],
        ["c", "d"],
    ]


def test_what_refers_to_a_part_of_a_batch_that_was_halved_is_told_so():
    commands = {"a": Command("m"), "b": Command("m", {"of": "$result[a][0][ID]"})}
    hand = Hand(LATE, reply(result={"result": {"a": 1}}))

    found = hand.run(PortalCalls(settings(batch=4)).ask_each(commands))

    assert found == {"a": Result(1), "b": CUT_OFF}


def test_a_single_command_that_always_takes_too_long_is_given_up():
    with pytest.raises(Unreachable, match="no answer within"):
        Hand(*[LATE] * 8).run(PortalCalls(settings()).ask_each({"a": Command("m")}))


def test_a_writing_batch_that_takes_too_long_is_in_doubt_and_the_next_one_smaller():
    made = PortalCalls(settings(batch=8))
    batch = {str(number): Command("m") for number in range(8)}

    assert Hand(LATE).run(made.send_batches([batch], safe=False)) == [Doubt(LATE.reason, late=True)]
    assert (made.batch, made.reading_batch) == (4, 8)


def test_a_single_call_that_takes_too_long_is_made_again():
    assert ask(Hand(LATE, reply(result="ok"))) == Result("ok")


def test_a_command_without_an_answer_is_refused_and_named():
    hand = Hand(reply(result={"result": {"a": 1}}))

    found = hand.run(PortalCalls(settings()).ask_each({"a": Command("m"), "b": Command("m")}))

    assert isinstance(found["b"], Refusal)


def test_a_foreign_key_is_refused_before_any_call():
    foreign = Settings(
        portal=PortalSettings(key="foreign"),
        infobase=InfobaseSettings(url="http://base.example", user="u", password="p"),
    )

    with pytest.raises(KeyForeign):
        PortalCalls(foreign)


@pytest.mark.parametrize("nonsense", [[], None, "text"])
def test_a_batch_without_its_sections_is_a_bug_to_report(nonsense):
    flow = PortalCalls(settings()).ask_batch({"a": Command("m")})

    with pytest.raises(ProtocolSurprise):
        Hand(reply(result=nonsense)).run(flow)
