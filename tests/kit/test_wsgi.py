"""A plain call passes Flask by, and what it is asked and told is the same."""

import io
import threading
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import EnvironHeaders
from werkzeug.test import EnvironBuilder, run_wsgi_app

from sverka_emulator_kit import door, wsgi
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.door import VERBS, build_app, is_plain
from sverka_emulator_kit.messages import Reply

ODD_TARGETS = (
    "//a",
    "//_emulator/no",
    "_emulator/no",
    "/_emulator\n",
    "/a\n",
    "/\u00e9",
    "/_emulator",
    "/_emulator/no",
    "/_emulators",
    "a",
    "",
)


class Told:
    """A system that keeps what it is asked, and says what it is told to."""

    name = "told"
    trouble = calls = ledger = None

    def __init__(self, reply=None):
        self.clock = VirtualClock()
        self.reply = reply or Reply(200, b"{}", takes_s=0.25)
        self.asked = []

    def answer(self, request):
        self.asked.append(request)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def both_ways(environ, reply=None, monkeypatch=None):
    """What the system was asked and what came back, straight and by Flask."""
    ways = []
    for way in (is_plain, lambda environ: False):
        system = Told(reply)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(door, "is_plain", way)
            app = build_app(system)
            body = io.BytesIO(environ["wsgi.input"].getvalue())
            told, status, headers = run_wsgi_app(app, {**environ, "wsgi.input": body})
            ways.append((system.asked, b"".join(told), status, list(headers)))
    return ways


def environ_of(**asked):
    built = EnvironBuilder(**asked).get_environ()
    built["wsgi.input"] = io.BytesIO(built["wsgi.input"].read())
    return built


@pytest.mark.parametrize("verb", [*VERBS, "PROPFIND", "get"])
@pytest.mark.parametrize("target", ["/", "/rest/1/x/crm.deal.list.json", "/a//b/", *ODD_TARGETS])
def test_flask_would_ask_and_say_the_same(verb, target):
    environ = environ_of(
        path="/", method=verb, data=b"a=1", query_string="b=%2B&c", headers={"X-Mark": "1"}
    )
    environ["PATH_INFO"] = target

    straight, by_flask = both_ways(environ)

    assert straight == by_flask


@pytest.mark.parametrize(
    "given",
    [
        {"HTTP_HOST": "portal.example:443", "wsgi.url_scheme": "https"},
        {"HTTP_HOST": "bad host"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": None},
        {"HTTP_HOST": None, "SERVER_PORT": "x"},
        {"REMOTE_ADDR": None},
        {"CONTENT_LENGTH": "2"},
        {"CONTENT_LENGTH": "9"},
        {"CONTENT_LENGTH": "x"},
        {"CONTENT_LENGTH": None},
        {"CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked"},
        {"CONTENT_LENGTH": None, "wsgi.input_terminated": True},
        {"CONTENT_TYPE": ""},
        {"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"},
        {"RAW_URI": "/a%2Fb?c"},
        {"REQUEST_URI": "http://host/a?b#c"},
        {wsgi.ODD_HEADERS: {"1c_odata": "x"}},
    ],
)
def test_what_a_server_puts_there_is_read_as_flask_reads_it(given):
    environ = environ_of(path="/a", method="POST", data=b"a=1", base_url="http://localhost:80/")
    environ |= given
    environ = {key: value for key, value in environ.items() if value is not None}

    straight, by_flask = both_ways(environ)

    assert straight == by_flask


REPLIES = [
    Reply(200, b"{}", takes_s=1.5),
    Reply(200, b""),
    *(Reply(status, b"x") for status in (101, 204, 206, 304, 404, 418, 429, 503, 599)),
    Reply(302, b"", "text/html", (("Location", "https://x.example/\u043f?a=\u00e9"),)),
    Reply(200, b"x", "application/pdf", (("Content-Disposition", 'inline; filename="a"'),)),
    Reply(200, b"x", headers=(("Content-Length", "7"), ("X-A", "1"), ("X-A", "2"))),
    Reply(200, b"[", rest=(b"1", b"]")),
    ValueError("broken"),
]


@pytest.mark.parametrize("reply", REPLIES, ids=str)
@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST"])
def test_a_reply_leaves_as_flask_would_send_it(reply, verb, caplog):
    straight, by_flask = both_ways(environ_of(path="/a", method=verb), reply)

    assert straight == by_flask
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == (2 if isinstance(reply, Exception) else 0)


@given(
    st.text(st.characters(max_codepoint=255), max_size=12),
    st.dictionaries(
        st.sampled_from(["HTTP_A", "HTTP_A_B", "CONTENT_TYPE", "HTTP_CONTENT_TYPE"]),
        st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"])),
    ),
    st.binary(max_size=20),
)
def test_no_path_header_or_body_tells_the_ways_apart(path, headers, body):
    environ = environ_of(path="/", method="POST", data=body) | headers
    environ["PATH_INFO"] = "/" + path

    straight, by_flask = both_ways(environ)

    assert straight == by_flask


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *("HTTP_A", "HTTP_A_B", "CONTENT_TYPE", "HTTP_CONTENT_TYPE", "CONTENT_LENGTH"),
                *("HTTP_CONTENT_LENGTH", "REMOTE_ADDR", "HTTPS"),
            ]
        ),
        st.sampled_from(["", "1", "\u00e9"]),
    )
)
def test_headers_are_those_that_werkzeug_sees(environ):
    given = {**environ_of(path="/a"), "wsgi.input_terminated": True, **environ}

    seen = {name.lower(): value for name, value in EnvironHeaders(given).items()}

    assert list(wsgi.read(given).headers.items()) == list(seen.items())


@pytest.mark.parametrize("path", ["/a b", "/100%", "/a%2Fb", "/\u042e/(guid'0')"])
def test_a_path_that_a_server_has_decoded_is_decoded_once(path):
    environ = environ_of(path="/")
    for key in ("REQUEST_URI", "RAW_URI"):
        environ.pop(key, None)
    environ["PATH_INFO"] = path.encode().decode("latin-1")

    assert unquote(wsgi.read(environ).path) == path


def test_plain_calls_need_no_flask(monkeypatch):
    system = Told()
    app = build_app(system)
    monkeypatch.setattr(app, "full_dispatch_request", lambda: pytest.fail("Flask was asked"))

    told, status, _ = run_wsgi_app(app, environ_of(path="/rest/1/x/profile", method="POST"))

    assert (b"".join(told), status) == (b"{}", "200 OK")


def test_a_body_is_read_before_the_lock_is_taken():
    """A caller who sends slowly holds up nobody else."""
    lock = threading.Lock()

    class Slow(io.BytesIO):
        def read(self, *size):
            assert not lock.locked()
            return super().read(*size)

    environ = environ_of(path="/a", method="POST", data=b"x")
    environ |= {"wsgi.input": Slow(b"x"), "wsgi.input_terminated": True}

    run_wsgi_app(build_app(Told(), lock), environ)
