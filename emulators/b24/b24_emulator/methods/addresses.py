"""Addresses: no number of their own, named by type and owner.

Source: b24restdocs: api-reference/crm/requisites/addresses/*.md.
"""

from dataclasses import replace
from typing import Any

from b24_emulator import owners, php, records
from b24_emulator.calls import Call, Result
from b24_emulator.entities import ADDRESS
from b24_emulator.methods.records import add_of, fields_of, list_of
from b24_emulator.methods.row import family

_KEY = ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID")


def _list(call: Call) -> Result:
    answer = list_of(ADDRESS)(call)
    if answer.total is None or not call.portal.switches.address_total_is_a_page:
        return answer
    return replace(answer, total=min(answer.total, call.portal.limits.page_size))


def _add(call: Call) -> Result:
    add_of(ADDRESS)(call)
    return Result(value=True)


def _update(call: Call) -> Result:
    """Overwrite all parts, if the switch says so: what is not named is empty afterwards."""
    fields = _fields(call)
    records.update(
        call.portal, ADDRESS, owners.address_number(call.portal, fields), fields, call.caller
    )
    return Result(value=True)


def _delete(call: Call) -> Result:
    number = owners.address_number(call.portal, _fields(call))
    records.delete(call.portal, ADDRESS, number, call.caller)
    return Result(value=True)


def _fields(call: Call) -> dict[str, Any]:  # Any: what was sent
    """What was sent, with a whole key.

    Raises:
        PortalRefusal: A part of the key is missing.
    """
    fields = {str(name).upper(): value for name, value in call.tree("fields").items()}
    for name in _KEY:
        if php.integer(fields.get(name)) <= 0:
            raise owners.undefined(name)
    return fields


ROWS = family(
    "crm.address",
    "api-reference/crm/requisites/addresses/crm-address",
    {
        "fields": fields_of(ADDRESS),
        "list": _list,
        "add": _add,
        "update": _update,
        "delete": _delete,
    },
)
