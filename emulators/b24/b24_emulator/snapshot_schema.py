"""What a snapshot's tables look like, as JSON Schema, made of the declared entities."""

from b24_emulator.entities import ENTITIES
from b24_emulator.schema import Field, Schema
from b24_emulator.user_fields import LABELS

NUMBER: dict[str, object] = {"type": "string", "pattern": "^[0-9]+$"}
COUNT = {"type": "integer", "minimum": 0}
TEXT: dict[str, object] = {"type": ["string", "null"]}
TEXTS = {"string", "text", "char", "double", "decimal", "crm_status", "crm_currency"}
"""Kinds that rows keep as texts; others may be lists, objects or switches."""
VALUES: dict[str, object] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"ID": NUMBER, "VALUE": {"type": "string"}},
        "required": ["ID", "VALUE"],
    },
}
LINK = {
    "type": "object",
    "properties": {"contact": COUNT, "company": COUNT, "sort": {"type": "integer"}},
    "required": ["contact", "company", "sort", "is_primary"],
}


def state_schema() -> dict[str, object]:
    """Schemas of `tables` and `links`; tables of smart processes may stand beside the declared."""
    tables = {name: _table(entity.schema) for name, entity in ENTITIES.items()}
    dynamic = {"type": "object", "required": ["last_id", "rows"]}
    return {
        "tables": {
            "type": "object",
            "properties": tables,
            "required": list(tables),
            "patternProperties": {"^dynamic_[0-9]+$": dynamic},
            "additionalProperties": False,
        },
        "links": {"type": "array", "items": LINK},
    }


def _table(schema: Schema) -> dict[str, object]:
    fields = {name: _value(field) for name, field in schema.fields.items()}
    row = {"type": "object", "properties": {**fields, "ID": NUMBER}, "required": ["ID"]}
    return {
        "type": "object",
        "properties": {"last_id": COUNT, "rows": {"type": "array", "items": row}},
        "required": ["last_id", "rows"],
    }


def _value(field: Field) -> dict[str, object]:
    if field.kind == "crm_multifield":
        return VALUES
    is_text = field.kind in TEXTS and field.name not in LABELS
    return TEXT if is_text and not field.descriptor.get("isMultiple") else {}
