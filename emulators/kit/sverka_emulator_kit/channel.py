"""What waitress would hide from the door: odd header names, and that a call came by TLS.

waitress drops a header with an underscore in its name, since a WSGI key cannot tell it from a
hyphen; 1C has one, `1C_OData-DataLoadMode`. And behind a TLS listener it believes in plain HTTP.
"""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, get_header_lines
from waitress.rfc7230 import HEADER_FIELD_RE
from waitress.task import WSGITask

from sverka_emulator_kit.door import ODD_HEADERS

Peer = tuple[str, int]


class OddParser(HTTPRequestParser):  # type: ignore[misc]  # waitress ships no types
    """Keeps the headers with an underscore apart, by their lower-case names."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        _, _, block = header_plus.partition(b"\r\n")
        fields = (HEADER_FIELD_RE.match(line) for line in get_header_lines(block))
        self.odd_headers = {
            field["name"].decode("latin-1").lower(): field["value"].strip(b" \t").decode("latin-1")
            for field in fields
            if field and b"_" in field["name"]
        }


class OddTask(WSGITask):  # type: ignore[misc]  # waitress ships no types
    def get_environment(self) -> dict[str, Any]:  # Any: WSGI
        environ: dict[str, Any] = super().get_environment()
        environ[ODD_HEADERS] = self.request.odd_headers
        if self.channel.addr in self.channel.server.tls_peers:
            environ["wsgi.url_scheme"] = "https"
        return environ


class OddChannel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """For a server whose `tls_peers` are the addresses that its TLS listener calls from."""

    parser_class = OddParser
    task_class = OddTask
