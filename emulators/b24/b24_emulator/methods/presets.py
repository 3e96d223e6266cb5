"""Presets of requisites, and the fields in them.

Source: b24restdocs: api-reference/crm/requisites/presets/**.
"""

from typing import Any

from b24_emulator import php, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.entities import PRESET, REQUISITE
from b24_emulator.methods.records import delete_of, update_of
from b24_emulator.methods.row import family
from b24_emulator.surroundings import PRESET_FIELD
from b24_emulator.table import Row

PAGES = "api-reference/crm/requisites/presets"
COUNTRIES = (
    (1, "RU", "Россия"),
    (4, "BY", "Беларусь"),
    (6, "KZ", "Казахстан"),
    (14, "UA", "Украина"),
    (34, "BR", "Бразилия"),
    (46, "DE", "Германия"),
    (77, "CO", "Колумбия"),
    (110, "PL", "Польша"),
    (122, "US", "США"),
    (132, "FR", "Франция"),
)
WRITABLE = ("FIELD_NAME", "FIELD_TITLE", "SORT", "IN_SHORT_LIST")
Fields = dict[str, Any]  # Any: what was sent


def _countries(call: Call) -> Result:
    names = ("ID", "CODE", "TITLE")
    return Result([dict(zip(names, row, strict=True)) for row in COUNTRIES])


def _add(call: Call) -> Result:
    sent = _sent(call)
    if php.integer(sent.get("ENTITY_TYPE_ID")) != REQUISITE.type_id:
        raise refusals.not_found("ENTITY_TYPE_ID is not defined or invalid")
    if php.integer(sent.get("COUNTRY_ID")) not in {row[0] for row in COUNTRIES}:
        raise refusals.not_found("COUNTRY_ID is not defined or invalid")
    if not sent.get("NAME"):
        raise refusals.not_found("NAME is not defined or invalid")
    return Result(records.add(call.portal, PRESET, sent, call.caller))


def _sent(call: Call) -> Fields:
    return {str(name).upper(): value for name, value in call.tree("fields").items()}


def _preset(call: Call) -> int:
    sent = {str(name).upper(): value for name, value in call.tree("preset").items()}
    number = php.integer(sent.get("ID"))
    if number not in call.portal.tables[PRESET.name].rows:
        raise PRESET.get_missing(number)
    return number


def _rows(call: Call) -> list[Row]:
    table = call.portal.tables[PRESET_FIELD.name]
    rows = [table.rows[number] for number in table.with_value("PRESET_ID", _preset(call))]
    return sorted(rows, key=lambda row: (int(row["SORT"]), int(row["NUMBER"])))


def _shown(row: Row) -> Fields:
    return {
        "ID": int(row["NUMBER"]),
        "FIELD_NAME": row["FIELD_NAME"],
        "FIELD_TITLE": row["FIELD_TITLE"],
        "IN_SHORT_LIST": row["IN_SHORT_LIST"],
        "SORT": int(row["SORT"]),
    }


def _list(call: Call) -> Result:
    return Result([_shown(row) for row in _rows(call)])


def _row(call: Call) -> Row:
    number = call.number()
    row = next((one for one in _rows(call) if one["NUMBER"] == str(number)), None)
    if row is None:
        raise refusals.not_found(f"The PresetField with ID '{number}' is not found")
    return row


def _available(call: Call) -> list[str]:
    taken = {row["FIELD_NAME"] for row in _rows(call)}
    own = [name for name in REQUISITE.schema.fields if name.startswith("RQ_")]
    user = call.portal.tables[REQUISITE.name].schema.user_fields
    return [name for name in (*own, "RQ_ADDR", *user) if name not in taken]


def _field_add(call: Call) -> Result:
    rows, sent = _rows(call), _sent(call)
    name = str(sent.get("FIELD_NAME") or "")
    if name not in _available(call):
        raise refusals.not_found(f"The field '{name}' can not be added")
    table = call.portal.tables[PRESET_FIELD.name]
    number = max((int(row["NUMBER"]) for row in rows), default=0) + 1
    sent.setdefault("SORT", max((int(row["SORT"]) for row in rows), default=500) + 10)
    new = table.new_id()
    row = {**PRESET_FIELD.schema.defaults, **_values(sent), "ID": str(new)}
    table.put(new, {**row, "PRESET_ID": str(_preset(call)), "NUMBER": str(number)})
    return Result(number)


def _values(sent: Fields) -> dict[str, str]:
    values = {name: str(sent[name] or "") for name in WRITABLE if name in sent}
    if "IN_SHORT_LIST" in values:
        values["IN_SHORT_LIST"] = "Y" if php.flag(values["IN_SHORT_LIST"]) else "N"
    return values


def _field_update(call: Call) -> Result:
    row, sent = _row(call), _sent(call)
    name = sent.get("FIELD_NAME", row["FIELD_NAME"])
    if name != row["FIELD_NAME"] and name not in _available(call):
        raise refusals.not_found(f"The field '{name}' can not be added")
    call.portal.tables[PRESET_FIELD.name].put(int(row["ID"]), {**row, **_values(sent)})
    return Result(value=True)


def _field_delete(call: Call) -> Result:
    call.portal.tables[PRESET_FIELD.name].drop(int(_row(call)["ID"]))
    return Result(value=True)


ROWS = (
    *family(
        "crm.requisite.preset",
        f"{PAGES}/crm-requisite-preset",
        {
            "countries": _countries,
            "add": _add,
            "update": update_of(PRESET),
            "delete": delete_of(PRESET),
        },
    ),
    *family(
        "crm.requisite.preset.field",
        f"{PAGES}/fields/crm-requisite-preset-field",
        {
            "fields": lambda call: Result(PRESET_FIELD.schema.described),
            "list": _list,
            "get": lambda call: Result(_shown(_row(call))),
            "availabletoadd": lambda call: Result(_available(call)),
            "add": _field_add,
            "update": _field_update,
            "delete": _field_delete,
        },
    ),
)
