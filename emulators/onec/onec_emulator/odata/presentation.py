"""What `…____Presentation` shows: a value as people see it, the query's ПРЕДСТАВЛЕНИЕ().

That presentations exist and when they are shown is the guide's (17.4.3); how numbers, dates and
enumerations read is inferred, since a value's own words belong to each configuration.
"""

import re
from collections.abc import Mapping

from onec_emulator.odata.references import Tables, reference
from onec_emulator.schemas import EMPTY_DATE, STREAM, Field, Row

SUFFIX = "____Presentation"
HIDDEN = frozenset(("Ref_Key", "DataVersion"))


def presented(fields: Mapping[str, Field]) -> list[str]:
    """Names of all that `*____Presentation` shows, without the suffix."""
    shown = (
        field
        for field in fields.values()
        if field.name not in HIDDEN and not field.names_type and field.edm != STREAM
    )
    return [field.navigation if field.target else field.name for field in shown]


def has_presentation(fields: Mapping[str, Field], name: str) -> bool:
    is_stream = name in fields and fields[name].edm == STREAM
    return (name in fields and not is_stream) or f"{name}_Key" in fields


def of_property(tables: Tables, fields: Mapping[str, Field], name: str, row: Row) -> str:
    """Presentation of one property; `name` is its own or that of its navigation."""
    name = name.removesuffix("_Key")
    leads = reference(tables, fields, name)
    found = leads.found(tables, row) if leads is not None else None
    if found is not None:
        return of_record(found[0].schema.name, found[0].rows[found[1]])
    if f"{name}_Key" in fields:
        # Nobody knows how a record reads that is not published or not there.
        return ""
    return _of_value(row[name], fields[name])


def of_record(entity: str, row: Row) -> str:
    """How a record reads: by its name, else its code; a document by kind, number and date."""
    if "Number" in row and "Date" in row:
        kind = _words(entity.partition("_")[2])
        return f"{kind} {row['Number']} от {_moment(row['Date'])}"
    return str(row.get("Description") or row.get("Code") or "")


def _of_value(value: object, field: Field) -> str:
    if value is None or value == EMPTY_DATE or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "Да" if value else "Нет"
    text = str(value)
    if field.choices is not None:
        return _words(text)
    if field.edm == "Edm.DateTime":
        return _moment(text)
    return text.replace(".", ",") if field.edm == "Edm.Double" else text


def _moment(text: str) -> str:
    date, _, time = text.partition("T")
    return f"{'.'.join(reversed(date.split('-')))} {time}"


def _words(name: str) -> str:
    """`ЮридическоеЛицо` as `Юридическое лицо`."""
    return re.sub(r"(?<=[а-яё])[А-ЯЁ]", lambda found: f" {found[0].lower()}", name)
