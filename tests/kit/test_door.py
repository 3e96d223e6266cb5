"""The door in front of a system changes nothing of what passes through it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka_emulator_kit.bodies import BYTES_MAX, VALUES_MAX
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import VERBS, build_app
from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.trouble import CutReply, DropReply
from sverka_emulator_kit.wsgi import TAKES_HEADER, ReplyCut


@pytest.fixture
def client(notes):
    return build_app(notes).test_client()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_reaches_the_system(client, notes, verb):
    client.open("/a/b", method=verb)

    assert [asked.verb for asked in notes.asked] == [verb]


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/odata/Catalog_X(guid'0')",
        "/a%2Fb%20c",
        "/%D0%9A%D0%BB?$filter=Code%20eq%20'%2B'",
        "/a//b/?x=1&x=2",
        "/rest/1/secret/crm.company.list.json?filter[%3E%3DID]=5",
    ],
)
def test_the_system_sees_the_raw_path_and_query(client, notes, target):
    client.get("/", environ_overrides={"REQUEST_URI": target, "RAW_URI": target})

    (asked,) = notes.asked
    assert asked.path + (f"?{asked.query}" if asked.query else "") == target


def test_an_absolute_target_is_cut_to_its_path(client, notes):
    client.get("/", environ_overrides={"REQUEST_URI": "http://host:1/a?b=http://c"})

    assert (notes.asked[0].path, notes.asked[0].query) == ("/a", "b=http://c")


def test_a_server_that_shows_no_raw_target_is_served_too(client, notes):
    client.get("/a?x=1")

    assert (notes.asked[0].path, notes.asked[0].query) == ("/a", "x=1")


@given(body=st.binary(max_size=200))
def test_a_body_arrives_as_it_left(body):
    seen = []

    class Echo:
        clock = WallClock()
        name = "echo"
        trouble = calls = ledger = None

        def answer(self, request):
            seen.append(request.body)
            return Reply(200, request.body, "application/octet-stream")

    answer = build_app(Echo()).test_client().post("/x", data=body)

    assert seen == [body]
    assert answer.data == body


def test_headers_peer_and_origin_are_told(client, notes):
    client.get(
        "/a",
        headers={"X-Mark": "1"},
        base_url="https://portal.example:8443",
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )

    (asked,) = notes.asked
    assert (asked.headers["x-mark"], asked.peer) == ("1", "192.0.2.7")
    assert asked.origin == "https://portal.example:8443"


def test_status_type_and_headers_of_the_reply_are_kept(client, notes):
    notes.answer = lambda request: Reply(418, b"tea", "text/plain", (("X-Pot", "1"),))

    answer = client.get("/")

    assert (answer.status_code, answer.data, answer.headers["X-Pot"]) == (418, b"tea", "1")
    assert answer.headers["Content-Type"] == "text/plain"


def test_in_virtual_time_the_caller_is_told_how_long_it_took(client, notes):
    notes.takes_s = 2.5

    assert client.get("/").headers[TAKES_HEADER] == "2.5"


def test_on_the_wall_a_call_really_takes_its_time(make_notes):
    waited = []
    notes = make_notes(clock=WallClock(), takes_s=2.5)
    notes.clock.wait = waited.append

    answer = build_app(notes).test_client().get("/")

    assert waited == [2.5]
    assert TAKES_HEADER not in answer.headers


def test_on_the_wall_due_timers_are_done_before_the_call(make_notes):
    notes = make_notes(clock=WallClock())
    done = []
    notes.clock.after(0.0, lambda: done.append(len(notes.asked)))

    build_app(notes).test_client().get("/")

    assert done == [0]


@pytest.mark.parametrize("trouble", [DropReply(), CutReply()])
def test_a_cut_reply_promises_more_than_it_brings(client, notes, trouble):
    notes.trouble.set(trouble)

    answer = client.get("/a", buffered=False)
    with pytest.raises(ReplyCut):
        list(answer.response)
    answer.close()

    assert int(answer.headers["Content-Length"]) >= 2


def test_a_delayed_reply_takes_longer_and_stays_the_same():
    reply = Reply(200, b"x", takes_s=0.5)

    assert reply.delayed(2.0) == Reply(200, b"x", takes_s=2.5)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"x" * (BYTES_MAX + 1), f"no more than {BYTES_MAX} are taken"),
        (b"[{}" + b",{}" * (VALUES_MAX + 1) + b"]", f"no more than {VALUES_MAX} are taken"),
    ],
)
def test_a_body_that_is_too_large_is_refused_and_not_heard(notes, body, told):
    answer = build_app(notes).test_client().post("/a", data=body)

    assert (answer.status_code, notes.asked) == (413, [])
    assert told in answer.text


def test_a_large_body_within_the_bounds_arrives_whole(notes):
    build_app(notes).test_client().post("/a", data=b"=," * (VALUES_MAX - 1))

    assert len(notes.asked[0].body) == 2 * (VALUES_MAX - 1)
