"""Currencies and their words in other languages.

Source: b24restdocs: api-reference/crm/currency/*.md.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import currencies, php, records, refusals
from b24_emulator.calls import Call, Result
from b24_emulator.currencies import CURRENCY
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from b24_emulator.table import Row

OWN_LANGUAGE = "ru"
OF_LANGUAGE = ("FULL_NAME", "FORMAT_STRING", "DEC_POINT", "THOUSANDS_SEP", "DECIMALS")
ORDER = ("CURRENCY", "AMOUNT_CNT", "AMOUNT", "SORT", "BASE", "FULL_NAME", "LID", "FORMAT_STRING",
         "DEC_POINT", "THOUSANDS_SEP", "DECIMALS", "DATE_UPDATE")  # fmt: skip
EMPTY = {
    "FORMAT_STRING": "#",
    "FULL_NAME": "",
    "DEC_POINT": ".",
    "THOUSANDS_SEP": None,
    "DECIMALS": "2",
    "THOUSANDS_VARIANT": "N",
    "HIDE_ZERO": "N",
}
Words = dict[str, Any]  # Any: texts or null


def _shown(row: Row) -> dict[str, Any]:  # Any: JSON
    words = (row["LANG"] or {}).get(OWN_LANGUAGE, EMPTY)
    whole = {**row, **{name: words[name] for name in OF_LANGUAGE}, "LID": OWN_LANGUAGE}
    return {name: whole[name] for name in ORDER}


def _row(call: Call, name: str = "id") -> Row:
    code = call.text(name)
    if not code:
        raise refusals.id_invalid()
    row = currencies.find(call.portal, code)
    if row is None:
        raise refusals.not_found()
    return row


def _list(call: Call) -> Result:
    rows = list(call.portal.tables[CURRENCY.name].rows.values())
    for name, direction in reversed(list(call.tree("order").items())):
        key = name.upper()
        is_down = str(direction).upper() == "DESC"
        rows.sort(key=lambda row: _ranked(row.get(key)), reverse=is_down)
    return Result([_shown(row) for row in rows], len(rows))


def _ranked(value: object) -> tuple[float, str]:
    return php.number(value), str(value or "")


def _get(call: Call) -> Result:
    row = _row(call)
    return Result({**_shown(row), "LANG": row["LANG"]})


def _languages(sent: object, before: Mapping[str, Words]) -> dict[str, Words]:
    given = sent if isinstance(sent, dict) else {}
    changed = {
        str(language): {**EMPTY, **before.get(language, {}), **_known(words)}
        for language, words in given.items()
        if isinstance(words, dict)
    }
    return {**before, **changed}


def _known(words: Mapping[str, Any]) -> Words:  # Any: what was sent
    upper = {str(name).upper(): value for name, value in words.items()}
    return {
        name: None if upper[name] is None else str(upper[name]) for name in EMPTY if name in upper
    }


def _fields_sent(call: Call) -> dict[str, Any]:  # Any: what was sent
    sent = {str(name).upper(): value for name, value in call.tree("fields").items()}
    if "AMOUNT" in sent:
        sent["AMOUNT"] = f"{php.number(sent['AMOUNT']):.4f}"
    return sent


def _add(call: Call) -> Result:
    sent = _fields_sent(call)
    for name in ("CURRENCY", "AMOUNT_CNT", "AMOUNT"):
        if sent.get(name) in (None, ""):
            raise refusals.save_failed(f'Undefined array key "{name}"')
    words = sent.get("LANG")
    if not isinstance(words, dict) or not all(
        isinstance(one, dict) and "DECIMALS" in one for one in words.values()
    ):
        raise refusals.save_failed('Undefined array key "DECIMALS"')
    code = str(sent["CURRENCY"]).upper()
    if currencies.find(call.portal, code):
        raise refusals.save_failed(f"Currency {code} already exists.")
    hidden = {"LANG": _languages(words, {}), "CURRENCY": code, "BASE": "N"}
    sent = {name: value for name, value in sent.items() if name not in hidden}
    records.add(call.portal, CURRENCY, sent, call.caller, hidden=hidden)
    return Result(code)


def _update(call: Call) -> Result:
    row, sent = _row(call), _fields_sent(call)
    hidden = {"LANG": _languages(sent.get("LANG"), row["LANG"] or {}), "DATE_UPDATE": call.now()}
    kept = {n: value for n, value in sent.items() if n not in ("LANG", "CURRENCY", "BASE")}
    records.update(call.portal, CURRENCY, int(row["ID"]), kept, call.caller, hidden=hidden)
    return Result(value=True)


def _delete(call: Call) -> Result:
    row = _row(call)
    if row["BASE"] == "Y":
        raise refusals.save_failed("The base currency cannot be deleted.")
    records.delete(call.portal, CURRENCY, int(row["ID"]), call.caller)
    return Result(value=True)


def _base_get(call: Call) -> Result:
    return Result(currencies.base(call.portal))


def _base_set(call: Call) -> Result:
    code = _row(call)["CURRENCY"]
    table = call.portal.tables[CURRENCY.name]
    for number, row in list(table.rows.items()):
        table.put(number, {**row, "BASE": "Y" if row["CURRENCY"] == code else "N"})
    return Result(value=True)


def _words_get(call: Call) -> Result:
    return Result(_row(call)["LANG"] or {})


def _words_put(call: Call, row: Row, words: Mapping[str, Words]) -> Result:
    table = call.portal.tables[CURRENCY.name]
    table.put(int(row["ID"]), {**row, "LANG": dict(words)})
    return Result(value=True)


def _words_set(call: Call) -> Result:
    row, sent = _row(call), call.tree("localizations")
    if not sent:
        raise PortalRefusal("", "The parameter 'localizations' is not specified or empty.")
    return _words_put(call, row, _languages(sent, row["LANG"] or {}))


def _words_delete(call: Call) -> Result:
    row, gone = _row(call), {str(one) for one in php.rows(call.params.get("lids"))}
    left = {lang: words for lang, words in (row["LANG"] or {}).items() if lang not in gone}
    return _words_put(call, row, left)


ROWS = (
    *family(
        "crm.currency",
        "api-reference/crm/currency/crm-currency",
        {
            "fields": lambda call: Result(CURRENCY.schema.described),
            "list": _list,
            "get": _get,
            "add": _add,
            "update": _update,
            "delete": _delete,
            "base.get": _base_get,
            "base.set": _base_set,
        },
    ),
    *family(
        "crm.currency.localizations",
        "api-reference/crm/currency/localizations/crm-currency-localizations",
        {
            "fields": lambda call: Result(schema("crm.currency.localizations").described),
            "get": _words_get,
            "set": _words_set,
            "delete": _words_delete,
        },
    ),
)
