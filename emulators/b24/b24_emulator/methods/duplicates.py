"""Duplicates: found by phone or e-mail, merged. Source: api-reference/crm/duplicates/*.md."""

from typing import Any

from b24_emulator import php, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.documents import LEAD
from b24_emulator.entities import COMPANY, CONTACT
from b24_emulator.indexes import index_key
from b24_emulator.merging import merge, mergeable
from b24_emulator.methods.enums import OWNER_TYPES
from b24_emulator.methods.row import CRM, Method
from b24_emulator.phones import normal_phone
from b24_emulator.refusals import PortalRefusal
from sverka_emulator_kit.provenance import documented

PAGE = "api-reference/crm/duplicates"
SEARCHED = {"LEAD": LEAD, "CONTACT": CONTACT, "COMPANY": COMPANY}
"""In this order."""
INDEXES = {"PHONE": "PHONE:normal", "EMAIL": "EMAIL"}
FORMS = {"PHONE": normal_phone, "EMAIL": index_key}
VALUES_MAX = 20
HITS_MAX = 20
TYPE_NAMES = {number: code for number, _, code, _ in OWNER_TYPES}


def _find(call: Call) -> Result:
    """Numbers by type. After a type with twenty hits or more the next ones are not searched."""
    index, values = _communication(call)
    wanted = call.text("entity_type").upper()
    types = {wanted: SEARCHED[wanted]} if wanted in SEARCHED else SEARCHED
    found: dict[str, list[int]] = {}
    for name, entity in types.items():
        table = call.portal.tables[entity.name]
        hits = sorted({hit for value in values for hit in table.with_value(index, value)})
        if hits:
            found[name] = hits[:HITS_MAX]
        if len(hits) >= HITS_MAX:
            break
    return Result(found)


def _communication(call: Call) -> tuple[str, list[Any]]:  # Any: what was sent
    kind = call.text("type").upper()
    if not kind:
        raise refusals.not_found("Communication type is not defined")
    if kind not in INDEXES:
        text = f"Communication type '{kind}' is not supported in current context"
        raise refusals.not_found(text)
    values = php.rows(call.params.get("values"))[:VALUES_MAX]
    if not values:
        raise refusals.not_found("Communication values is not defined")
    # What has no normal form would be found wherever there is no value at all.
    return INDEXES[kind], [value for value in values if FORMS[kind](value)]


def _merge(call: Call) -> Result:
    sent = call.tree("params")
    type_id = php.integer(sent.get("entityTypeId"))
    if type_id <= 0:
        raise _wrong("The parameter entityTypeId is required.")
    ids = dict.fromkeys(php.integer(value) for value in php.rows(sent.get("entityIds")))
    numbers = [number for number in ids if number > 0]
    if not numbers:
        raise _wrong("The parameter entityIds does not contains valid elements.")
    if len(numbers) == 1:
        raise _wrong("The parameter entityIds must contains at least two elements.")
    entity = mergeable(call.portal, type_id)
    if entity is None:
        raise _wrong(f"Entity type {TYPE_NAMES.get(type_id, type_id)} is not supported")
    if not all(number in call.portal.tables[entity.name].rows for number in numbers):
        raise _wrong("Owner was not found")
    if not merge(call.portal, entity, numbers, call.caller):
        # What a conflict lists is not shown in the documents (inferred).
        return Result({"STATUS": "CONFLICT", "ENTITY_IDS": []})
    return Result({"STATUS": "SUCCESS", "ENTITY_IDS": numbers[1:]})


def _wrong(text: str) -> PortalRefusal:
    return PortalRefusal("0", text)


ROWS = (
    Method(
        "crm.duplicate.findbycomm",
        _find,
        CRM,
        documented(f"{PAGE}/crm-duplicate-find-by-comm"),
    ),
    Method("crm.entity.mergebatch", _merge, CRM, documented(f"{PAGE}/crm-entity-merge-batch")),
)
