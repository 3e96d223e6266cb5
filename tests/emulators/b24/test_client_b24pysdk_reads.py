"""The vendor's SDK for Python reads all that it knows to read without being told what.

Which methods those are, the SDK says itself: its objects are walked for what needs no argument.
"""

import inspect
import json

import pytest
from b24pysdk import Client
from b24pysdk.credentials import BitrixWebhook

from b24_emulator import sample
from b24_emulator.methods.table import METHODS

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

READS = ("list", "fields", "get", "types", "countries", "current", "search", "languages")
ENUMS = ("crm.enum.", "catalog.enum.")
NOT_ASKED = {
    "app.option.get": "only an application has options",
    "user.option.get": "only an application has options",
    "crm.item.productrow.list": "it insists on an owner",
    "crm.orderentity.getfields": "the SDK calls it crm.orderentity.Fields",
}
"""What is refused without an argument, with the reason."""
DEPTH_MAX = 5


def reads(node, path=""):
    """Name of a method → what asks for it, for all below one of the SDK's objects."""
    for name in (name for name in dir(type(node)) if not name.startswith("_")):
        declared = getattr(type(node), name)
        below = f"{path}.{name}".strip(".")
        if type(declared).__name__ == "cached_property" or isinstance(declared, property):
            inner = getattr(node, name)
            if (
                type(inner).__module__.startswith("b24pysdk.scopes")
                and below.count(".") < DEPTH_MAX
            ):
                yield from reads(inner, below)
        elif path and inspect.isfunction(declared):
            asks = getattr(node, name)
            parameters = inspect.signature(asks).parameters.values()
            if all(one.default is not one.empty for one in parameters):
                yield below.replace("_", "").lower(), asks


def client_of(domain, token="1/a"):
    return Client(BitrixWebhook(domain=domain, webhook_token=token))


def is_answered(name):
    row = METHODS.get(name)
    is_read = name.rsplit(".", 1)[-1].endswith(READS) or name.startswith(ENUMS)
    return row is not None and not row.app_refusal and name not in NOT_ASKED and is_read


KNOWN = sorted(name for name, _ in reads(client_of("portal.example")) if is_answered(name))


@pytest.fixture(scope="module")
def filled(behind_tls):
    """A portal with sample clients; nobody changes it."""
    with behind_tls(limits="box") as portal:
        sample.fill(portal, 12)
        yield portal


@pytest.fixture(scope="module")
def asking(filled):
    webhook = filled.webhook
    domain, token = filled.origin.removeprefix("https://"), f"{webhook.user_id}/{webhook.secret}"
    return dict(reads(client_of(domain, token)))


@pytest.mark.parametrize("name", KNOWN)
def test_the_sdk_reads_what_the_window_shows(filled, asking, authority, monkeypatch, name):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    monkeypatch.setenv("NO_PROXY", "*")
    shown = json.loads(json.dumps(filled.act(name, {}), default=list))
    assert asking[name]().result == shown
    assert filled.calls.lines[-1].name == name


def test_the_sdk_knows_most_lists_and_descriptions():
    assert len(KNOWN) >= 132
