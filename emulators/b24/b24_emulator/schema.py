"""An entity is a schema: fields with kinds, defaults, what is read-only, what is indexed."""

import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

MULTIFIELD = "crm_multifield"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        kind: How its values are kept: its type in `*.fields`, unless the file says another.
        descriptor: Its whole entry in `*.fields`, ready to send.
        multiple: A user field with many values, kept as a list of texts.
    """

    name: str
    kind: str
    read_only: bool
    immutable: bool
    descriptor: Mapping[str, Any]  # Any: JSON
    multiple: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """What one entity is made of.

    Attributes:
        plain: Names in a row's order, without multi-fields and what is written only.
        indexed: Names by which rows are found without a scan: equality, and of texts and moments
            ranges and order too; see indexes.FORMS.
        defaults: Name → value of a new row, or `{"rule": …}`, see records.py.
        described: Descriptors by name, the answer of `*.fields`.
        hidden: Names that only newer methods know; rows have them, classic answers do not.
        user_fields: Names of the fields that the portal's users made.
        unasked: What a new record gets in those of them that nobody edits in lists.
    """

    entity: str
    fields: Mapping[str, Field]
    plain: tuple[str, ...]
    multifields: tuple[str, ...]
    indexed: tuple[str, ...]
    defaults: Mapping[str, Any]  # Any: JSON
    described: Mapping[str, Any]  # Any: JSON
    hidden: tuple[str, ...] = ()
    user_fields: tuple[str, ...] = ()
    unasked: Mapping[str, Any] = field(default_factory=dict)  # Any: texts, and lists of them


@functools.cache
def packaged(file_name: str) -> Any:
    """The JSON of a file in `schemas/`."""
    folder = importlib.resources.files("b24_emulator") / "schemas"
    return orjson.loads((folder / file_name).read_bytes())


@functools.cache
def schema(name: str) -> Schema:
    """The schema named as in the documents: `crm.company`."""
    document = packaged(f"{name}.json")
    is_camel = document.get("dialect") == "camel"
    entries = {upper(n) if is_camel else n: entry for n, entry in document["fields"].items()}
    if is_camel:
        entries |= {n: {"type": kind, **KEPT_BESIDE} for n, kind in document["hidden"].items()}
    fields = {name: _field(name, entry) for name, entry in entries.items()}
    multi = tuple(name for name, one in fields.items() if one.kind == MULTIFIELD)
    hidden = tuple(document.get("hidden", ()))
    left_out = {*multi, *document["unstored"], *(() if is_camel else hidden)}
    return Schema(
        entity=document["entity"],
        fields=fields,
        plain=tuple(name for name in fields if name not in left_out),
        multifields=multi,
        indexed=tuple(document["indexed"]),
        defaults=document["defaults"],
        described={
            name: one.descriptor
            for name, one in fields.items()
            if name not in document["undescribed"]
        },
        hidden=hidden,
    )


def upper(name: str) -> str:
    """`IBLOCK_SECTION_ID` for iblockSectionId; capitals stay as they are."""
    return name if name.isupper() else re.sub(r"(?=[A-Z])", "_", name).upper()


KEPT_BESIDE = {"isReadOnly": True, "isImmutable": False}
"""What a newer family keeps in its rows and does not show as fields."""


def _field(name: str, entry: Mapping[str, Any]) -> Field:  # Any: JSON
    described = {key: value for key, value in entry.items() if key != "kind"}
    kind = entry.get("kind", entry["type"])
    return Field(name, kind, entry["isReadOnly"], entry["isImmutable"], described)
