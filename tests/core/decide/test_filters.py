"""Which clients leave 1C."""

from dataclasses import replace

import pytest

from sverka.decide.filters import attributes_of, kept_home
from sverka.records import Record, SideName
from sverka.settings import ClientSettings

BUYERS, OTHERS = "0a1b2c3d-0000-0000-0000-00000000000a", "0a1b2c3d-0000-0000-0000-00000000000b"
CLIENT = Record(side=SideName.INFOBASE, key="client:a", values={}, kind="legal", group=BUYERS)


def test_everybody_leaves_by_default():
    assert kept_home(ClientSettings(), CLIENT) == ""
    assert kept_home(ClientSettings(), replace(CLIENT, group="", kind="person")) == ""


@pytest.mark.parametrize("spelled", [BUYERS, BUYERS.upper()])
def test_only_clients_of_the_chosen_groups_leave(spelled):
    clients = ClientSettings(export_groups=(spelled,))
    assert kept_home(clients, CLIENT) == ""
    for group in (OTHERS, ""):
        assert "clients.export_groups" in kept_home(clients, replace(CLIENT, group=group))


def test_only_clients_of_the_chosen_kinds_leave():
    clients = ClientSettings(export_kinds=("legal", "state_body"))
    assert kept_home(clients, CLIENT) == ""
    assert kept_home(clients, replace(CLIENT, kind="person")) == (
        "person is not in clients.export_kinds"
    )


def test_both_must_fit():
    clients = ClientSettings(export_groups=(BUYERS,), export_kinds=("person",))
    assert kept_home(clients, CLIENT)
    assert kept_home(clients, replace(CLIENT, kind="person", group=OTHERS))


def test_what_belongs_to_a_client_is_not_chosen_by_itself():
    clients = ClientSettings(export_groups=(BUYERS,), export_kinds=("legal",))
    assert kept_home(clients, replace(CLIENT, entity="person", kind="", group="")) == ""


def test_only_clients_with_a_named_value_in_each_named_property_leave():
    clients = ClientSettings(export_attributes={"Покупатель": ("true",), "Регион": ("77", "78")})
    shown = {"Покупатель": "true", "Регион": "78"}
    assert kept_home(clients, replace(CLIENT, attributes=shown)) == ""
    for other in ({"Покупатель": "false"}, {"Регион": ""}):
        assert "clients.export_attributes" in kept_home(
            clients, replace(CLIENT, attributes=shown | other)
        )


@pytest.mark.parametrize(
    ("date", "leaves"),
    [
        ("2026-01-31T00:00:00", True),
        ("2026-01-30T23:59:59", False),
        ("0001-01-01T00:00:00", False),
    ],
)
def test_only_clients_with_no_earlier_date_leave(date, leaves):
    clients = ClientSettings(export_since={"ДатаСоздания": "2026-01-31"})
    kept = kept_home(clients, replace(CLIENT, attributes={"ДатаСоздания": date}))
    assert (kept == "") is leaves


def test_the_properties_that_must_be_read_are_those_of_both_settings():
    clients = ClientSettings(export_attributes={"А": ("1",)}, export_since={"Б": "2026-01-31"})
    assert attributes_of(clients) == ("А", "Б")
