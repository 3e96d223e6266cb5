"""A system's state as a document that others can read, under a JSON Schema; and back."""

from collections.abc import Mapping
from typing import Any

import fastjsonschema
import orjson

from sverka_emulator_kit.state import whole
from sverka_emulator_kit.system import System

Json = dict[str, Any]  # Any: JSON
DIALECT = "http://json-schema.org/draft-07/schema#"
VERSION = 1
TYPES: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
}


class ExportRefused(ValueError):
    """A document is no export of such a system; the message names the place and what must be there.

    Nothing of it was taken.
    """


def exported(system: System) -> Json:
    """`{version, system, layout, state}`; `state` is that of a snapshot."""
    about = {"version": VERSION, "system": system.name, "layout": system.layout}
    return {**about, "state": _plain(whole(system.rest(), system.shelves()))}


def schema(system: System) -> Json:
    """The JSON Schema of a system's exports, draft 7."""
    about = {"version": VERSION, "system": system.name, "layout": system.layout}
    return {
        "$schema": DIALECT,
        "title": f"Export of {system.name}, {system.layout}",
        **closed(
            {
                **{name: {"const": value} for name, value in about.items()},
                "state": closed({**like(_plain(system.rest())), **system.state_schema()}),
            }
        ),
    }


def take_in(system: System, document: object) -> None:
    """Have a system hold an exported state instead of its own.

    Raises:
        ExportRefused: The document breaks the schema, or does not hang together.
    """
    try:
        fastjsonschema.compile(schema(system), use_default=False)(document)
    except fastjsonschema.JsonSchemaValueException as error:
        place, said = (str(it).replace("data", "$", 1) for it in (error.name, error.message))
        rule = f"{place} is {_short(error.value)}: {said}"
        raise ExportRefused(
            f"{rule}. Nothing was taken; GET /_emulator/schema shows what fits."
        ) from error
    assert isinstance(document, dict)
    before = system.snapshot()
    try:
        system.restore(orjson.dumps(document["state"]))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        system.restore(before)
        raise ExportRefused(f"$.state does not hang together: {error}") from error


def closed(properties: Mapping[str, object]) -> Json:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def like(example: Mapping[str, object]) -> Json:
    """Properties of the types that an example has."""
    return {name: {"type": TYPES[type(value)]} for name, value in example.items()}


def _plain(state: Json) -> Json:
    """As JSON, and no part of the system any more."""
    plain: Json = orjson.loads(orjson.dumps(state, default=dict, option=orjson.OPT_NON_STR_KEYS))
    return plain


def _short(value: object) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."
