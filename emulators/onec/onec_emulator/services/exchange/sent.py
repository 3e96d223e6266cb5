"""Reading the fields that a caller sent, and naming the one that is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from onec_emulator.odata.errors import ODataError
from onec_emulator.odata.values import read_fields
from onec_emulator.schemas import EntitySet, Field, Row
from onec_emulator.services.exchange.routes import Refused
from onec_emulator.switches import Switches
from sverka_emulator_kit.record import Miss

Sent = Mapping[str, Any]  # Any: JSON that a caller sent


def fields_of(schema: EntitySet, sent: object, switches: Switches) -> Row:
    """The fields as stored values; the base numbers the rows of table parts itself.

    Raises:
        Refused: There is no such field or column, or a value does not fit its type.
    """
    if not isinstance(sent, dict):
        remedy = 'Передайте объект: {"fields": {…}}.'
        raise Refused(400, "Нет полей записи.", thing="fields", value=sent, remedy=remedy)
    _check_names("fields", sent, (*schema.fields, *schema.parts))
    for part in schema.parts.keys() & sent.keys():
        _check_lines(f"fields.{part}", sent[part], schema.parts[part])
    own = replace(switches, line_numbers="auto")
    try:
        return read_fields(schema, sent, own)
    except ODataError as error:
        raise _blamed(schema, sent, own, error) from error


def _check_names(place: str, sent: Sent, known: Iterable[str]) -> None:
    names = list(known)
    unknown = [name for name in sent if name not in names]
    if not unknown:
        return
    near = Miss(place, unknown[0], names).nearest
    meant = f"Может быть, {near}? " if near else ""
    raise Refused(
        400,
        f"Поля {unknown[0]} здесь нет.",
        thing=f"{place}.{unknown[0]}",
        value=sent[unknown[0]],
        remedy=f"{meant}Все имена - в openapi.json.",
    )


def _check_lines(place: str, lines: object, columns: Mapping[str, Field]) -> None:
    if lines is None:
        return
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        remedy = "Передайте список строк: [{…}, …]."
        raise Refused(400, "Это не табличная часть.", thing=place, value=lines, remedy=remedy)
    for number, line in enumerate(lines, 1):
        _check_names(f"{place}[{number}]", line, columns)


def _blamed(schema: EntitySet, sent: Sent, switches: Switches, error: ODataError) -> Refused:
    """The refusal of the first value that is refused when it is read alone."""
    for name, value in sent.items():
        try:
            read_fields(schema, {name: value}, switches)
        except ODataError as alone:
            return _misfit(f"fields.{name}", value, alone)
    return _misfit("fields", None, error)


def _misfit(thing: str, value: object, error: ODataError) -> Refused:
    remedy = "Тип поля и его значения - в openapi.json."
    return Refused(400, error.text, thing=thing, value=value, remedy=remedy)
