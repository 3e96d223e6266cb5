"""Sample data, entered the way people enter it in the portal's window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from b24_emulator.entities import COMPANY, CONTACT, RECORDED
from b24_emulator.portal import Portal
from b24_emulator.refusals import PortalRefusal, SeedUnusable
from sverka_emulator_kit.people import Client, Kind, Registry

Fields = dict[str, Any]  # Any: what a person types in
ORGANISATION, SOLE_TRADER, PERSON = 1, 2, 3
"""Numbers of the requisite presets on a fresh Russian portal."""


def enter(portal: Portal, client: Client, user: str = "1") -> str:
    """Enter a client with his requisites; returns `company:12` or `contact:7`."""
    owner = CONTACT if client.kind is Kind.PERSON else COMPANY
    fields = _card(client) | _communications(client)
    number = portal.act(f"crm.{owner.name}.add", {"fields": fields}, user)
    enter_requisite(portal, f"{owner.name}:{number}", client, user)
    return f"{owner.name}:{number}"


def enter_requisite(portal: Portal, key: str, client: Client, user: str = "1") -> None:
    """Enter what a client of this kind has of requisites; most persons have none."""
    shape, number = key.split(":")
    owner = CONTACT if shape == CONTACT.name else COMPANY
    if requisite := _REQUISITES[client.kind](client):
        link = {"ENTITY_TYPE_ID": owner.type_id, "ENTITY_ID": number, "NAME": client.name}
        portal.act("crm.requisite.add", {"fields": link | requisite}, user)


def fill(portal: Portal, count: int, seed: int = 1) -> list[str]:
    """Enter `count` sample clients; returns their keys."""
    return [enter(portal, client) for client in Registry(seed).clients(count)]


def load(portal: Portal, file: Path) -> None:
    """Enter `{"company": [fields…], "contact": […], "requisite": […], …}` in that order.

    Raises:
        SeedUnusable: The file is no such JSON, or the portal refused a record of it.
    """
    try:
        document = orjson.loads(file.read_bytes())
        for entity, family in RECORDED.items():
            for fields in document.get(entity, []):
                portal.act(f"{family}.add", {"fields": fields})
    except (OSError, orjson.JSONDecodeError, AttributeError, TypeError, PortalRefusal) as error:
        raise SeedUnusable(
            f"Seed file {file} cannot be used: {error}. It must be a JSON object with lists "
            f"of field objects under {', '.join(RECORDED)}."
        ) from error


def _card(client: Client) -> Fields:
    if client.kind is not Kind.PERSON:
        return {"TITLE": client.name, "COMPANY_TYPE": "CUSTOMER"}
    return _person("", client.person_name or client.name)


def _communications(client: Client) -> Fields:
    sent = {"PHONE": client.phones, "EMAIL": client.emails}
    return {
        name: [{"VALUE": value, "VALUE_TYPE": "WORK"} for value in values]
        for name, values in sent.items()
        if values
    }


def _person(prefix: str, name: str) -> Fields:
    """A full name in its three fields; requisites word the first one otherwise."""
    first = "RQ_FIRST_NAME" if prefix else "NAME"
    parts = [*name.split(maxsplit=2), "", "", ""]
    return dict(zip((f"{prefix}LAST_NAME", first, f"{prefix}SECOND_NAME"), parts[:3], strict=True))


def _organisation(client: Client) -> Fields:
    return {
        "PRESET_ID": ORGANISATION,
        "RQ_INN": client.inn,
        "RQ_KPP": client.kpp,
        "RQ_OGRN": client.registration_no,
        "RQ_OKPO": client.okpo,
        "RQ_COMPANY_NAME": client.name,
        "RQ_COMPANY_FULL_NAME": client.full_name,
    }


def _sole_trader(client: Client) -> Fields:
    return {
        "PRESET_ID": SOLE_TRADER,
        "RQ_INN": client.inn,
        "RQ_OGRNIP": client.registration_no,
        "RQ_OKPO": client.okpo,
        **_person("RQ_", client.person_name),
    }


def _private_person(client: Client) -> Fields:
    """Most persons have no requisites at all."""
    if not client.inn:
        return {}
    named = _person("RQ_", client.person_name or client.name)
    return {"PRESET_ID": PERSON, "RQ_INN": client.inn, **named}


_REQUISITES: dict[Kind, Callable[[Client], Fields]] = {
    Kind.LEGAL: _organisation,
    Kind.STATE_BODY: _organisation,
    Kind.SOLE_TRADER: _sole_trader,
    Kind.PERSON: _private_person,
}
