"""What is sent to `crm.item.add` and `update`, in the words of the classic methods.

Source: b24restdocs: api-reference/crm/universal/crm-item-add.md, crm-item-update.md.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import moments, php
from b24_emulator.items import CATEGORY_ID, FM, OBSERVERS, Names
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import Field
from b24_emulator.table import Row
from b24_emulator.values import NUMBERS, is_unset, stored

Fields = dict[str, Any]  # Any: what was sent
READERS = {"date": moments.date_text, "datetime": moments.datetime_text}


def classic(names: Names, sent: Mapping[str, Any], before: Row) -> Fields:  # Any: what was sent
    """The fields that a classic add or update takes; what is not known is left out.

    Args:
        before: The row that is changed, empty for a new one.

    Raises:
        PortalRefusal: A value is no number, no moment or no array where it has to be.
    """
    fields: Fields = {}
    for name, value in sent.items():
        own = names.known(name)
        if own == FM:
            fields |= _multifields(names, value, before)
        elif own == names.kind.links:
            fields[names.kind.classic[own]] = _many(name, value)
        elif field := names.field(own):
            # A zero is no company.
            is_nobody = field.kind == "crm_company" and str(value) == "0"
            fields[field.name] = "" if is_nobody else _checked(name, field, value)
    return fields


def hidden(names: Names, sent: Mapping[str, Any]) -> dict[str, Any]:  # Any: what was sent
    """What items may write and classic methods may not, as it is stored; but for the funnel."""
    found: dict[str, Any] = {}  # Any: texts, and numbers of observers
    for name, value in sent.items():
        own = names.known(name)
        if own == OBSERVERS:
            found["OBSERVERS"] = [php.integer(one) for one in _many(name, value)]
        field = names.field(own)
        if field is None or own not in names.kind.described or own == CATEGORY_ID:
            continue
        is_classic = not field.read_only and not field.immutable
        if not is_classic and not names.kind.described[own]["isReadOnly"]:
            found[field.name] = stored(field, _checked(name, field, value))
    return found


def _checked(name: str, field: Field, value: object) -> object:
    if field.multiple:
        return _many(name, value)
    if not is_unset(value) and not _is_valid(field, value):
        raise PortalRefusal("CRM_FIELD_ERROR_VALUE_NOT_VALID", f'Invalid value for field "{name}"')
    return value


def _is_valid(field: Field, value: object) -> bool:
    """That only numbers and moments are looked at is inferred."""
    if isinstance(value, list | dict):
        return field.kind == "file"
    if field.kind in NUMBERS:
        return str(php.number(value)) != "0.0" or str(value).strip().startswith(("0", "-0", "."))
    return field.kind not in READERS or READERS[field.kind](str(value)) is not None


def _many(name: str, value: object) -> list[Any]:  # Any: what was sent
    if isinstance(value, list | dict):
        return php.rows(value)
    if is_unset(value):
        return []
    kind = "integer" if isinstance(value, int) else "string"
    text = f"Expected iterable value for multiple field, but got {kind}"
    raise PortalRefusal("100", text)


def _multifields(names: Names, sent: object, before: Row) -> Fields:
    """`fm`: an array appends; in an object `n0`, `n1` append, a number changes or deletes."""
    if isinstance(sent, list):
        rows = [("", row) for row in sent]
    else:
        rows = list(sent.items()) if isinstance(sent, dict) else []
    own = names.kind.entity.schema.multifields
    known = {value["ID"] for name in own for value in before.get(name, ())}
    fields: Fields = {}
    for key, row in rows:
        type_id = str(row.get("typeId") or "") if isinstance(row, dict) else ""
        if type_id in own:
            value = {"VALUE": row.get("value"), "VALUE_TYPE": row.get("valueType")}
            fields.setdefault(type_id, []).append(value | ({"ID": key} if key in known else {}))
    return fields
