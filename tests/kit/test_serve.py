"""Real sockets: plain and TLS doors, troubles as a client meets them, a pump that keeps time."""

import socket
import ssl
import threading
import time
from types import SimpleNamespace

import httpx
import pytest
from waitress.adjustments import Adjustments
from waitress.task import WSGITask

from sverka_emulator_kit.bodies import BYTES_MAX
from sverka_emulator_kit.channel import OddChannel, OddParser, OddTask
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.serve import LocalAuthority, serve
from sverka_emulator_kit.trouble import CutReply, DropReply, DropRequest, Html

pytestmark = pytest.mark.sockets


def new_client(**options):
    return httpx.Client(trust_env=False, timeout=10.0, **options)


@pytest.fixture
def served(notes):
    with serve(build_app(notes)) as door:
        yield door


@pytest.fixture
def client():
    with new_client() as made:
        yield made


def test_a_served_system_answers(served, client):
    assert client.post(f"{served.url}/a", content="text").json() == {"text": "text"}
    assert client.get(f"{served.url}/_emulator/").json()["system"] == "notes"


def test_head_and_body_leave_together(served, client, monkeypatch):
    left = []
    send = OddChannel.write_soon
    monkeypatch.setattr(
        OddChannel, "write_soon", lambda self, data: left.append(data) or send(self, data)
    )

    assert client.get(f"{served.url}/a").content == b"{}"

    (whole,) = left
    assert whole.endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize("connection", ["", "keep-alive", "close", "Close"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("status", ["200 OK", "204 NO CONTENT"])
@pytest.mark.parametrize("more", [[], [("X-A", "1")]])
def test_the_head_of_a_reply_is_the_one_that_waitress_writes(connection, version, status, more):
    heads = []
    for kind in (OddTask, WSGITask):
        server = SimpleNamespace(adj=SimpleNamespace(ident="waitress"))
        headers = {"CONNECTION": connection} if connection else {}
        asked = SimpleNamespace(version=version, headers=headers)
        task = kind(SimpleNamespace(server=server), asked)
        task.response_headers = [("Content-Type", "a/\u00e9"), ("Content-Length", "2"), *more]
        task.status, task.content_length, task.start_time = status, 2, 1e9 + 0.7
        heads.append((task.build_response_header(), task.close_on_finish))

    assert heads[0] == heads[1]


def test_a_large_reply_to_who_reads_slowly_arrives_whole(served, notes):
    body = bytes(range(256)) * 40_000
    notes.answer = lambda asked: Reply(200, body, "application/octet-stream")
    with socket.create_connection(served.url.removeprefix("http://").split(":")) as line:
        for _ in range(2):
            line.sendall(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.05)
            came = b""
            while not came.endswith(body):
                part = line.recv(65_536)
                assert part
                came += part
            assert came.startswith(b"HTTP/1.1 200 OK")


def test_a_raw_target_survives_the_server(served, client, notes):
    client.get(f"{served.url}/%D0%9A(guid'0')?$filter=a%20eq%20'%2B'")

    assert notes.asked[0].path == "/%D0%9A(guid'0')"
    assert notes.asked[0].query == "$filter=a%20eq%20'%2B'"


@pytest.mark.parametrize("trouble", [DropReply(), DropRequest(), CutReply()])
def test_a_cut_reply_is_a_protocol_error_to_the_client(served, client, notes, trouble):
    notes.trouble.set(trouble)

    with pytest.raises(httpx.RemoteProtocolError):
        client.post(f"{served.url}/a", content="text")

    assert ("/a" in notes.shelf) is not isinstance(trouble, DropRequest)
    assert client.get(f"{served.url}/a").status_code == 200


def test_a_page_of_html_arrives_as_one(served, client, notes):
    notes.trouble.set(Html(502))

    answer = client.get(f"{served.url}/a")

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")


def test_many_callers_are_served_at_once(served, client, notes):
    def post(number):
        client.post(f"{served.url}/n{number}", content=str(number))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(notes.shelf) == 12


def test_a_stopped_server_answers_no_more_and_leaves_no_thread(notes):
    before = set(threading.enumerate())
    door = serve(build_app(notes))
    door.stop()

    with new_client() as client, pytest.raises(httpx.ConnectError):
        client.get(door.url)
    give_up_s = time.monotonic() + 3.0
    while set(threading.enumerate()) - before and time.monotonic() < give_up_s:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before


def test_a_server_can_be_stopped_twice(notes):
    door = serve(build_app(notes))
    door.stop()
    door.stop()


@pytest.fixture
def authority():
    made = LocalAuthority()
    yield made
    made.close()


@pytest.mark.parametrize("which", ["port", "tls_port"])
def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running(
    served, notes, authority, which
):
    taken = {which: int(served.url.rpartition(":")[2])}
    before = set(threading.enumerate())

    with pytest.raises(OSError, match=r"[Aa]ddress|in use"):
        serve(build_app(notes), authority=authority, **taken)

    give_up_s = time.monotonic() + 3.0
    while set(threading.enumerate()) - before and time.monotonic() < give_up_s:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before


def test_over_tls_the_local_ca_is_trusted_and_no_other(notes, authority):
    with serve(build_app(notes), tls_port=0, authority=authority) as door:
        trusting = ssl.create_default_context(cafile=door.ca_file)
        with new_client(verify=trusting) as client:
            assert client.post(f"{door.tls_url}/a", content="text").json() == {"text": "text"}
            address = door.tls_url.replace("localhost", "127.0.0.1")
            assert client.get(f"{address}/a").json() == {"text": "text"}
        with new_client() as stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE"):
            stranger.get(door.tls_url)


def test_a_call_over_tls_comes_from_an_https_origin_and_a_plain_one_does_not(notes, authority):
    with serve(build_app(notes), tls_port=0, authority=authority) as door:
        trusting = ssl.create_default_context(cafile=door.ca_file)
        with new_client(verify=trusting) as client:
            for root in (door.tls_url, door.url, door.tls_url, door.url):
                client.get(f"{root}/a")
                client.get(f"{root}/b", headers={"X-Forwarded-Proto": "https"})
    origins = [asked.origin for asked in notes.asked]
    assert origins == [door.tls_url, door.tls_url, door.url, door.url] * 2


def test_a_name_in_the_host_header_is_the_origin_over_tls(notes, authority):
    with serve(build_app(notes), tls_port=0, authority=authority) as door:
        trusting = ssl.create_default_context(cafile=door.ca_file)
        with new_client(verify=trusting) as client:
            client.get(f"{door.tls_url}/a", headers={"Host": "oauth.example"})
    assert notes.asked[0].origin == "https://oauth.example"


def test_a_header_with_an_underscore_arrives_under_its_exact_name(served, client, notes):
    odd = {"1C_OData-DataLoadMode": "true", "1C_OData_DataLoadMode": "да".encode(), "X-Y": "2"}
    client.get(f"{served.url}/a", headers=odd)
    client.get(f"{served.url}/b")

    first, second = (asked.headers for asked in notes.asked)
    assert first["1c_odata-dataloadmode"] == "true"
    assert first["1c_odata_dataloadmode"].encode("latin-1").decode() == "да"
    assert first["x-y"] == "2"
    assert not [name for name in second if "_" in name]


def test_a_location_arrives_as_the_system_wrote_it(served, client, notes):
    location = "http://host/Catalog_Контрагенты(guid'0')?a=%20"
    notes.answer = lambda request: Reply(201, b"", headers=(("Location", location),))

    answer = client.post(f"{served.url}/a")

    raw = dict(answer.headers.raw)[b"Location"]
    assert raw.decode() == location


def test_a_reply_cut_behind_tls_is_seen_too(notes, authority):
    notes.trouble.set(CutReply())
    with serve(build_app(notes), tls_port=0, authority=authority) as door:
        trusting = ssl.create_default_context(cafile=door.ca_file)
        with new_client(verify=trusting) as client, pytest.raises(httpx.TransportError):
            client.post(f"{door.tls_url}/a", content="text")
    assert "/a" in notes.shelf


def test_a_large_body_passes_tls_whole(notes, authority):
    text = "x" * 1_000_000
    with serve(build_app(notes), tls_port=0, authority=authority) as door:
        trusting = ssl.create_default_context(cafile=door.ca_file)
        with new_client(verify=trusting) as client:
            assert client.post(f"{door.tls_url}/a", content=text).json() == {"text": text}


def test_a_server_stops_while_a_client_keeps_its_connection_over_tls(notes, authority):
    context = ssl.create_default_context(cafile=str(authority.ca_file))
    with new_client(verify=context) as kept:
        with serve(build_app(notes), tls_port=0, authority=authority) as door:
            assert kept.get(f"{door.tls_url}/a").status_code == 200
            began = time.monotonic()
        assert time.monotonic() - began < 4


def test_without_an_authority_there_is_no_tls(served):
    assert (served.tls_url, served.ca_file) == (None, None)


def test_the_cas_file_goes_with_the_authority():
    authority = LocalAuthority()
    assert authority.ca_file.read_text().startswith("-----BEGIN CERTIFICATE")
    authority.close()

    assert not authority.ca_file.exists()


def test_due_timers_are_done_even_when_nobody_calls(make_notes, lock):
    notes, done = make_notes(clock=WallClock()), threading.Event()
    with serve(build_app(notes, lock), clock=notes.clock, lock=lock):
        with lock:
            notes.clock.after(0.0, done.set)
        assert done.wait(3.0)


def test_a_server_that_nobody_calls_uses_no_processor(notes):
    with serve(build_app(notes)):
        begun_s = time.process_time()
        time.sleep(0.4)
        assert time.process_time() - begun_s < 0.1


def test_of_a_body_that_is_too_long_no_more_than_the_bound_is_kept():
    parser, piece = OddParser(Adjustments()), b"x" * 1024 * 1024
    size = 2 * BYTES_MAX
    parser.received(b"POST /a HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size)
    while not parser.completed:
        parser.received(piece)

    assert f"{size} bytes" in parser.error.body
    assert len(parser.body) <= BYTES_MAX
    parser.close()


def test_the_control_plane_takes_bodies_of_any_size(served, client):
    state = b'{"text": "' + b"x" * BYTES_MAX + b'"}'

    told = client.post(f"{served.url}/_emulator/import", content=state)

    assert told.status_code == 400
    assert "bytes" not in told.json()["error"]
