"""Who hangs on whom: what a new record asks of its owner, takes from him, and goes with.

Source: b24restdocs: api-reference/crm/requisites/**.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import php, refusals
from b24_emulator.entities import ACCOUNT, ADDRESS, COMPANY, CONTACT, PRESET, REQUISITE
from b24_emulator.entity import Entity
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what the caller sent
Check = Callable[["Portal", Sent], None]
ADDRESS_TYPES = {
    11: "Адрес доставки",
    1: "Фактический адрес",
    6: "Юридический адрес",
    4: "Адрес регистрации",
    8: "Почтовый адрес",
    9: "Адрес бенефициара",
}
"""In the order of crm.enum.addresstype."""


def check(portal: "Portal", entity: Entity, sent: Sent) -> None:
    """Look at what a new record was given; companies and contacts insist on nothing.

    Raises:
        PortalRefusal: A part that names or describes the record is missing or wrong.
    """
    if entity.name in _CHECKS:
        _CHECKS[entity.name](portal, sent)


def inherited(portal: "Portal", entity: Entity, row: Row) -> dict[str, str | None]:
    """What a record takes from its owner, whatever was sent."""
    if entity is ACCOUNT:
        number = int(_requisite_of(portal, row)["PRESET_ID"])
        preset = portal.tables[PRESET.name].rows.get(number)
        # A template may be deleted under its requisites; what it gave stays (inferred).
        return {"COUNTRY_ID": preset["COUNTRY_ID"]} if preset else {}
    if entity is ADDRESS:
        requisite = _requisite_of(portal, row)
        return {
            "ANCHOR_TYPE_ID": requisite["ENTITY_TYPE_ID"],
            "ANCHOR_ID": requisite["ENTITY_ID"],
            # Each address has one of the Location module; that its number is ours is inferred.
            "LOC_ADDR_ID": row["ID"],
        }
    return {}


def children(portal: "Portal", entity: Entity, number: int) -> list[tuple[Entity, int]]:
    """What goes with a record: requisites with their owner, the rest with the requisite."""
    return [
        (child, found)
        for child in _CHILDREN.get(entity.name, ())
        for found in portal.tables[child.name].with_value("ENTITY_ID", str(number))
        if _belongs(portal.tables[child.name].rows[found], entity)
    ]


_CHILDREN: dict[str, tuple[Entity, ...]] = {
    COMPANY.name: (REQUISITE,),
    CONTACT.name: (REQUISITE,),
    REQUISITE.name: (ACCOUNT, ADDRESS),
}


def _belongs(row: Row, entity: Entity) -> bool:
    """Bank details hang on requisites only and do not name their owner's type."""
    return str(row.get("ENTITY_TYPE_ID", REQUISITE.type_id)) == str(entity.type_id)


def _requisite_of(portal: "Portal", row: Row) -> Row:
    return portal.tables[REQUISITE.name].rows[php.integer(row["ENTITY_ID"])]


def _check_requisite(portal: "Portal", sent: Sent) -> None:
    owners = {str(owner.type_id): owner for owner in (COMPANY, CONTACT)}
    owner = owners.get(str(sent.get("ENTITY_TYPE_ID")))
    if owner is None:
        raise undefined("ENTITY_TYPE_ID")
    number = php.integer(sent.get("ENTITY_ID"))
    if number <= 0:
        raise undefined("ENTITY_ID")
    if php.integer(sent.get("PRESET_ID")) not in portal.tables[PRESET.name].rows:
        raise undefined("PRESET_ID")
    if number not in portal.tables[owner.name].rows:
        raise refusals.not_found("Entity not found.")
    _insist_on_name(sent)


def _check_account(portal: "Portal", sent: Sent) -> None:
    _insist_on_requisite(portal, sent)
    _insist_on_name(sent)


def _check_address(portal: "Portal", sent: Sent) -> None:
    """That only requisites of this portal may own one is documented but for leads."""
    if php.integer(sent.get("TYPE_ID")) not in ADDRESS_TYPES:
        raise undefined("TYPE_ID")
    if php.integer(sent.get("ENTITY_TYPE_ID")) != REQUISITE.type_id:
        raise undefined("ENTITY_TYPE_ID")
    _insist_on_requisite(portal, sent)
    if address_number(portal, sent):
        raise refusals.not_found("TypeAddress exists.")


def address_number(portal: "Portal", sent: Sent) -> int:
    """The row of the address that type and owner name, 0 if there is none."""
    table = portal.tables[ADDRESS.name]
    wanted = [str(php.integer(sent.get(name))) for name in ("TYPE_ID", "ENTITY_TYPE_ID")]
    found: Iterable[int] = table.with_value("ENTITY_ID", str(php.integer(sent.get("ENTITY_ID"))))
    for number in found:
        row = table.rows[number]
        if [row["TYPE_ID"], row["ENTITY_TYPE_ID"]] == wanted:
            return number
    return 0


def _insist_on_requisite(portal: "Portal", sent: Sent) -> None:
    if php.integer(sent.get("ENTITY_ID")) not in portal.tables[REQUISITE.name].rows:
        raise undefined("ENTITY_ID")


def _insist_on_name(sent: Sent) -> None:
    if not sent.get("NAME"):
        raise undefined("NAME")


def undefined(name: str) -> refusals.PortalRefusal:
    return refusals.not_found(f"{name} is not defined or invalid.")


_CHECKS: dict[str, Check] = {
    REQUISITE.name: _check_requisite,
    ACCOUNT.name: _check_account,
    ADDRESS.name: _check_address,
}
