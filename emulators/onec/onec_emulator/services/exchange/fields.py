"""JSON Schemas of a set's records, from the types that the base declares."""

from collections.abc import Mapping

from onec_emulator.odata.values import READ_ONLY
from onec_emulator.schemas import STREAM, TYPE_DESCRIPTION, EntitySet, Field
from onec_emulator.services.exchange.routes import Schema

INT16, INT32 = 2**15 - 1, 2**31 - 1
TYPES: Mapping[str, Schema] = {
    "Edm.Guid": {"type": "string", "format": "uuid"},
    "Edm.DateTime": {
        "type": "string",
        "description": "Дата и время базы, без зоны; 0001-01-01T00:00:00 - пустая.",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
    },
    "Edm.Boolean": {"type": "boolean"},
    "Edm.Int16": {"type": "integer", "minimum": -INT16, "maximum": INT16},
    "Edm.Int32": {"type": "integer", "minimum": -INT32, "maximum": INT32},
    "Edm.Int64": {"type": "string", "pattern": "^-?[0-9]{1,18}$"},
    "Edm.Double": {"type": "number"},
    "Edm.String": {"type": "string"},
    "Edm.Binary": {"type": "string", "contentEncoding": "base64"},
    TYPE_DESCRIPTION: {"type": "object"},
}
LINE_NUMBER = "LineNumber"
"""The base numbers the rows of a table part itself, whatever was sent."""


def record_fields(schema: EntitySet) -> Schema:
    """The fields of a record, table parts among them; null is the empty value of any."""
    fields = {name: _field(field) for name, field in schema.fields.items() if field.edm != STREAM}
    parts = {name: {"type": "array", "items": _line(part)} for name, part in schema.parts.items()}
    return {"type": "object", "properties": fields | parts, "additionalProperties": False}


def _line(columns: Mapping[str, Field]) -> Schema:
    fields = {name: _field(field) for name, field in columns.items() if field.edm != STREAM}
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _field(field: Field) -> Schema:
    schema = dict(TYPES[field.edm])
    schema["type"] = [schema["type"], "null"]
    if field.choices is not None:
        schema["enum"] = [*sorted(field.choices), "", None]
    if field.length is not None:
        schema["description"] = f"Длиннее {field.length} знаков обрезается."
    if field.target is not None:
        schema["description"] = f"Ссылка на {field.target}."
    if field.name in READ_ONLY or field.name == LINE_NUMBER:
        schema["readOnly"] = True
    return schema
