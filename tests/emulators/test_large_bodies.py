"""Bodies of a hundred megabytes to either emulator, as a process whose memory is looked at."""

import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from sverka_emulator_kit.bodies import BYTES_MAX, VALUES_MAX

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MIB = 1024 * 1024
WHOLE = 100 * MIB
COMMANDS = {
    "b24": ("b24_emulator", "crm.company.list"),
    "onec": ("onec_emulator", "/odata/standard.odata/Catalog_Контрагенты"),
}
REFUSALS = {
    "b24": {400, 413},
    # What 1C cannot read is an internal error, told in its own envelope.
    "onec": {413, 415, 500},
}

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc"),
]


class Process:
    """An emulator in a process of its own."""

    def __init__(self, kind):
        self.kind, (module, path) = kind, COMMANDS[kind]
        command = [sys.executable, "-m", module, "--port", "0", "--empty", "--json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        facts = json.loads(self.process.stdout.readline())
        self.url = (facts["webhook"] or facts["url"]) + path
        auth = (facts["user"], facts["password"]) if facts["user"] else None
        self.client = httpx.Client(trust_env=False, timeout=60, auth=auth)

    def status(self, name):
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024

    def grows_by(self, **sent):
        """The answer, and by how many MiB the process grew at most meanwhile."""
        # Sets the peak back to what is resident now.
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        before_mib = self.status("VmRSS")
        answer = self.client.post(self.url, **sent)
        return answer, self.status("VmHWM") - before_mib

    def stop(self):
        self.client.close()
        self.process.terminate()
        self.process.communicate(timeout=20)


@pytest.fixture(scope="module", params=COMMANDS)
def emulator(request):
    running = Process(request.param)
    yield running
    running.stop()


def pieces(size, piece=b"x" * MIB):
    for _ in range(size // len(piece)):
        yield piece


@pytest.mark.parametrize("headers", [{"content-length": str(WHOLE)}, {}], ids=["whole", "chunked"])
def test_a_body_of_a_hundred_megabytes_is_refused_and_not_kept(emulator, headers):
    answer, grown_mib = emulator.grows_by(content=pieces(WHOLE), headers=headers)

    assert answer.status_code == 413
    assert f"{WHOLE} bytes" in answer.text
    assert str(BYTES_MAX) in answer.text
    assert grown_mib < 16


def filled(head, piece, tail=b"", count=BYTES_MAX):
    return head + piece * min(count, (BYTES_MAX - 1024) // len(piece)) + tail


PART = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
PARTS = "multipart/form-data; boundary=x"
XML = "application/atom+xml"
BOMBS = {
    "text": (FORM, lambda: filled(b"fields[TITLE]=", b"x")),
    "subscripts": (FORM, lambda: filled(b"", b"a[]=1&")),
    "brackets": (FORM, lambda: filled(b"a", b"[")),
    "percents": (FORM, lambda: filled(b"", b"%")),
    "names": (FORM, lambda: filled(b"", b"a%5B=&")),
    "deep": (JSON, lambda: filled(b"", b"[")),
    "many objects": (JSON, lambda: filled(b"[{}", b",{}", b"]")),
    "objects": (JSON, lambda: filled(b"[{}", b",{}", b"]", VALUES_MAX - 1)),
    "numbers": (JSON, lambda: filled(b'{"filter":{"ID":[1', b",1", b"]}}", VALUES_MAX - 1)),
    "string": (JSON, lambda: filled(b'{"fields":{"TITLE":"', "ы".encode(), b'"}}')),
    "heads": (PARTS, lambda: filled(b"", b"--x\r\n")),
    "parts": (PARTS, lambda: filled(b"", PART)),
    "many nodes": (XML, lambda: filled(b"<a>", b"<b/>", b"</a>")),
    "nodes": (XML, lambda: filled(b"<a>", b"<b/>", b"</a>", VALUES_MAX - 3)),
    "deep nodes": (XML, lambda: filled(b"", b"<a>", b"", VALUES_MAX)),
    "attributes": (
        XML,
        lambda: b"<a " + b" ".join(b"a%d=''" % n for n in range(VALUES_MAX)) + b"/>",
    ),
}


@pytest.mark.fuzz
@pytest.mark.parametrize("name", BOMBS)
def test_what_a_body_within_the_bounds_can_do_is_bounded(emulator, name):
    kind, made = BOMBS[name]
    body = made()
    began = time.monotonic()
    answer, grown_mib = emulator.grows_by(content=body, headers={"content-type": kind})

    assert answer.is_success or answer.status_code in REFUSALS[emulator.kind], answer.text
    assert time.monotonic() - began < 30
    assert grown_mib < 512
