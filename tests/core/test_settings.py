"""Settings refuse what cannot work, by the name of the key and with a remedy."""

import pytest

from sverka.entities.clients import CLIENT
from sverka.errors import SettingsError
from sverka.settings import (
    FIELDS,
    PRESETS,
    SHAPES,
    ClientSettings,
    Criterion,
    Directions,
    InfobaseSettings,
    Pace,
    Policy,
    PortalSettings,
    Settings,
    Shape,
    Winner,
)

BASE = {"user": "u", "password": "p"}
LESS = {kind: shape for kind, shape in SHAPES.items() if kind != "person"}


@pytest.mark.parametrize(
    ("make", "setting"),
    [
        (lambda: PortalSettings(), "portal"),
        (lambda: PortalSettings(key="k", webhook="https://x/rest/1/s/"), "portal"),
        (lambda: PortalSettings(webhook="portal.example/rest/1/s/"), "portal.webhook"),
        (lambda: PortalSettings(key="k", oauth_url="ftp://x"), "portal.oauth_url"),
        (lambda: InfobaseSettings(url="", **BASE), "infobase.url"),
        (lambda: InfobaseSettings(url="server/unf", **BASE), "infobase.url"),
        (lambda: ClientSettings(shapes={**SHAPES, "robot": Shape.COMPANY}), "clients.shapes"),
        (lambda: ClientSettings(shapes=LESS), "clients.shapes"),
        (lambda: ClientSettings(shapes={**SHAPES, "legal": "lead"}), "clients.shapes"),
        (lambda: ClientSettings(presets={"robot": "x"}), "clients.presets"),
        (lambda: ClientSettings(criteria=("nmae",)), "clients.criteria"),
        (lambda: ClientSettings(policy="module"), "clients.policy"),
        (lambda: ClientSettings(winner="latest"), "clients.winner"),
        (lambda: ClientSettings(on_deletion="forget"), "clients.on_deletion"),
        (lambda: ClientSettings(deletions_max=-1), "clients.deletions_max"),
        (lambda: ClientSettings(deletions_share=1.5), "clients.deletions_share"),
        (lambda: ClientSettings(export_groups=("Покупатели",)), "clients.export_groups"),
        (lambda: ClientSettings(export_kinds=("dealer",)), "clients.export_kinds"),
        (lambda: ClientSettings(export_since={"Дата": "31.01.2026"}), "clients.export_since.Дата"),
        (
            lambda: ClientSettings(hold_without_requisites_s=-1),
            "clients.hold_without_requisites_s",
        ),
        (lambda: Pace(batch=0), "pace.batch"),
        (lambda: Pace(batch=51), "pace.batch"),
        (lambda: Pace(drain_per_s=0), "pace"),
        (lambda: Pace(threshold=0), "pace"),
        (lambda: Pace(portion=0), "pace.portion"),
        (lambda: Pace(lanes=0), "pace.lanes"),
        (lambda: Pace(tries=0), "pace.tries"),
        (lambda: Pace(calm_s=-1.0), "pace.calm_s"),
        (lambda: Pace(operating_s=-1.0), "pace.operating_s"),
        (lambda: Directions(to_infobase=False, to_portal=False), "directions"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_its_name(make, setting):
    with pytest.raises(SettingsError) as caught:
        make()

    assert caught.value.setting == setting
    assert setting in str(caught.value)
    assert caught.value.remedy


def test_a_forgotten_kind_is_named():
    with pytest.raises(SettingsError, match="'person'"):
        ClientSettings(shapes=LESS)


def test_by_default_only_the_external_id_matches_and_doubts_go_to_a_person():
    clients = ClientSettings()

    assert (clients.criteria, clients.policy) == ((), Policy.STRICT)
    assert (clients.winner, clients.update_existing) == (Winner.INFOBASE, True)


def test_by_default_a_sole_trader_is_a_company_and_a_person_a_contact():
    assert SHAPES["sole_trader"] is Shape.COMPANY
    assert SHAPES["person"] is Shape.CONTACT
    assert PRESETS.keys() == SHAPES.keys()


def test_a_kind_without_a_template_is_allowed():
    assert ClientSettings(presets={}).presets == {}


def test_two_settings_share_no_table():
    assert ClientSettings().shapes is not ClientSettings().shapes


def test_the_password_is_not_shown():
    shown = repr(
        Settings(
            portal=PortalSettings(key="k"),
            infobase=InfobaseSettings(url="http://x", user="u", password="very-secret"),
        )
    )

    assert "very-secret" not in shown


def test_the_key_and_the_webhook_are_not_shown():
    webhook = PortalSettings(webhook="https://x/rest/1/very-secret/")

    assert "very-secret" not in repr(PortalSettings(key="very-secret"))
    assert "very-secret" not in repr(webhook)


@pytest.mark.parametrize(
    ("webhook", "shown"),
    [
        ("portal.example/rest/1/very-secret/", "'portal.example/rest/…'"),
        ("very-secret", "'…'"),
        ("ftp://portal.example/1/very-secret/", "'…'"),
    ],
)
def test_a_webhook_that_is_refused_is_shown_without_its_secret(webhook, shown):
    with pytest.raises(SettingsError) as caught:
        PortalSettings(webhook=webhook)

    assert shown in str(caught.value)
    assert "very-secret" not in f"{caught.value} {caught.value.value}"


def test_every_criterion_can_be_chosen():
    assert ClientSettings(criteria=tuple(Criterion)).criteria == tuple(Criterion)


def test_every_field_of_a_client_can_belong_to_1c_and_no_other():
    named = tuple(declared.name for declared in CLIENT.fields)
    assert sorted(named) == sorted(FIELDS)
    assert ClientSettings(owned_by_infobase=named).owned_by_infobase == named
    with pytest.raises(SettingsError, match=r"clients\.owned_by_infobase.*imn.*Known fields"):
        ClientSettings(owned_by_infobase=("imn",))


def test_kinds_with_one_template_cannot_be_told_apart():
    clients = ClientSettings()
    told = {kind: clients.told_apart(kind) for kind in clients.presets}
    assert told == {
        "legal": "legal",
        "state_body": "legal",
        "sole_trader": "sole_trader",
        "person": "person",
    }


def test_a_kind_without_a_template_stands_for_itself():
    clients = ClientSettings(presets=dict.fromkeys(ClientSettings().presets, ""))
    assert [clients.told_apart(kind) for kind in clients.presets] == list(clients.presets)
