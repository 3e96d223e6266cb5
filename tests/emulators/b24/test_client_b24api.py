"""The real b24api, unpatched, in a newer Python, over TLS with a certificate that it checks."""

from pathlib import Path

import pytest

from b24_emulator import sample

pytestmark = [pytest.mark.clients, pytest.mark.guests, pytest.mark.sockets]

PROGRAM = Path(__file__).parent / "guests" / "b24api_client.py"
PACKAGE = "b24api==2.5.2"
CLASSIC = ("ID", [], "crm.company.list", {"select": ["ID", "TITLE"]})
NEWER = ("id", ["items"], "crm.item.list", {"entityTypeId": 4, "select": ["id", "title"]})


@pytest.fixture(scope="module")
def filled(behind_tls):
    """A portal with over three pages of clients; these tests only add to it."""
    with behind_tls(limits="box") as portal:
        sample.fill(portal, 220)
        yield portal


@pytest.fixture
def client_does(filled, python_guest, authority):
    def does(deed, *asked):
        told = {"webhook": filled.origin + filled.webhook_path, "deed": deed, "asked": asked}
        trusting = {"SSL_CERT_FILE": str(authority.ca_file)}
        return python_guest("python3.12", PACKAGE, PROGRAM, told, **trusting)

    return does


@pytest.mark.parametrize("asked", [CLASSIC, NEWER], ids=["classic", "items"])
@pytest.mark.parametrize("way", ["iter_list", "iter_list_counted", "iter_list_keyset"])
def test_every_way_to_read_a_list_proves_that_it_is_whole(filled, client_does, way, asked):
    answer = client_does("list", way, *asked)
    key, title = asked[0], {"ID": "TITLE", "id": "title"}[asked[0]]
    held = filled.records()["company"]
    assert {str(row[key]): row[title] for row in answer["rows"]} == {
        number: row["TITLE"] for number, row in held.items()
    }
    assert len(answer["rows"]) == len(held) > 150
    assert answer["state"] == "completed", answer["report"]


@pytest.mark.parametrize("asked", [CLASSIC, NEWER], ids=["classic", "items"])
def test_the_client_finds_that_the_portal_keeps_bounds_of_numbers(client_does, asked):
    assert "verified" in client_does("list", "verify_keyset_capability", *asked).lower()


def test_calls_write_read_and_are_refused(filled, client_does):
    fields = {
        "TITLE": "Рога & Копыта #1 = 100%",
        "PHONE": [{"VALUE": "+7495", "VALUE_TYPE": "WORK"}],
    }
    number = str(client_does("call", "crm.company.add", {"fields": fields})["result"])
    row = filled.records()["company"][number]
    assert (row["TITLE"], row["PHONE"][0]["VALUE"]) == (fields["TITLE"], "+7495")
    listed = client_does("call", "crm.company.list", {"filter": {"TITLE": fields["TITLE"]}})
    assert (listed["total"], listed["next"], listed["result"][0]["ID"]) == (1, None, number)
    assert "error" in client_does("call", "crm.nothing.get")


def test_more_commands_than_a_batch_takes_are_all_done_and_errors_stay_with_theirs(
    filled, client_does
):
    titles = [f"Пачка & {number}" for number in range(120)]
    commands = [["crm.company.add", {"fields": {"TITLE": title}}] for title in titles]
    commands.insert(70, ["crm.company.get", {"id": 10**6}])
    outcomes = client_does("batch", *commands)
    assert [correlation for _, correlation, _ in outcomes] == list(range(121))
    kind, _, text = outcomes.pop(70)
    assert (kind, "Not found" in text) == ("CommandFailure", True)
    assert {kind for kind, _, _ in outcomes} == {"CommandSuccess"}
    held = filled.records()["company"]
    assert [held[str(number)]["TITLE"] for _, _, number in outcomes] == titles
