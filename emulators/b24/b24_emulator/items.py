"""Records as `crm.item.*` shows them: the same rows, other names, typed values.

Source: b24restdocs: api-reference/crm/universal/object-fields.md, crm-item-*.md.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from b24_emulator import php, record_files, relations, smart_processes
from b24_emulator.documents import DEAL, INVOICE, LEAD, QUOTE
from b24_emulator.entities import COMPANY, CONTACT
from b24_emulator.entity import Entity
from b24_emulator.schema import Field, packaged
from b24_emulator.table import Row
from b24_emulator.values import DECIMALS, NUMBERS

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Item = dict[str, Any]  # Any: JSON
FM, OBSERVERS, CATEGORY_ID = "fm", "observers", "categoryId"
ALIASES = {
    "phone": ("PHONE", ""),
    "phoneWork": ("PHONE", "WORK"),
    "phoneMobile": ("PHONE", "MOBILE"),
    "phoneMailing": ("PHONE", "MAILING"),
    "email": ("EMAIL", ""),
    "emailWork": ("EMAIL", "WORK"),
    "emailHome": ("EMAIL", "HOME"),
    "emailMailing": ("EMAIL", "MAILING"),
    "imol": ("IM", "IMOL"),
}
"""First values of multi-fields, of any type of value or of one."""
ALWAYS_NULL = {"address"}
_USER_FIELD = re.compile(r"UF_CRM_(?:(\d+)_)?(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class ItemType:
    """One entity in the words of `crm.item.*`.

    Attributes:
        classic: Name of an item's field → name of the row's.
        links: The field that holds the numbers of the other side.
    """

    entity: Entity
    described: Mapping[str, Any]  # Any: JSON
    classic: Mapping[str, str]
    links: str


FIXED = {entity.type_id: entity for entity in (LEAD, DEAL, CONTACT, COMPANY, QUOTE, INVOICE)}
FILES = {"smart_invoice": "invoice"}


def entity_of(portal: "Portal", type_id: int) -> Entity | None:
    """What an entityTypeId names, None for nothing that has items."""
    if type_id in FIXED:
        return FIXED[type_id]
    row = smart_processes.find(portal.tables, type_id)
    return smart_processes.of_row(row) if row else None


def documents_of(portal: "Portal") -> list[Entity]:
    """Everything that stands in stages."""
    fixed = [entity for entity in FIXED.values() if entity.staging]
    return [*fixed, *smart_processes.all_of(portal.tables)]


def item_type(portal: "Portal", entity: Entity) -> ItemType:
    """An entity in the words of `crm.item.*`."""
    if entity.type_id in FIXED:
        return _item_type(entity, FILES.get(entity.name, entity.name), frozenset())
    row = smart_processes.find(portal.tables, entity.type_id)
    return _item_type(entity, "spa", smart_processes.hidden_fields(row) if row else frozenset())


@functools.cache
def _item_type(entity: Entity, file_name: str, left_out: frozenset[str]) -> ItemType:
    links = "companyIds" if entity is CONTACT else "contactIds"
    whole = packaged(f"crm.item.{file_name}.json")["fields"]
    fields = {name: entry for name, entry in whole.items() if name not in left_out}
    described = {
        name: {
            **{key: value for key, value in entry.items() if key != "legacyName"},
            "upperName": _upper_name(name),
        }
        for name, entry in fields.items()
    }
    classic = {n: entry["legacyName"] for n, entry in fields.items() if "legacyName" in entry}
    return ItemType(entity, described, classic, links)


def _upper_name(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).upper()


def user_field_name(original: str) -> str:
    """`ufCrmKlass` for UF_CRM_KLASS; of a mixed name only the prefix is rewritten."""
    found = _USER_FIELD.fullmatch(original)
    if found is None:
        return original
    number, rest = found[1] or "", found[2]
    if re.fullmatch(r"[A-Z]+", rest):
        return f"ufCrm{number}{rest.capitalize()}"
    if number and rest.isdecimal():
        return f"ufCrm{number}_{rest}"
    return f"ufCrm_{number}_{rest}" if number else f"ufCrm_{rest}"


@dataclass(frozen=True, slots=True)
class Names:
    """The fields of one item type on one portal, by the names of one call.

    Attributes:
        kind: What the names belong to.
        user: Name in this call → code of the user field.
        fields: The row's fields by their own names.
        files_at: Where addresses of files begin for who calls.
    """

    kind: ItemType
    user: Mapping[str, str]
    fields: Mapping[str, Field]
    files_at: str = ""

    @classmethod
    def of(cls, portal: "Portal", kind: ItemType, *, original: bool, files_at: str = "") -> "Names":
        schema = portal.tables[kind.entity.name].schema
        shown = {code if original else user_field_name(code): code for code in schema.user_fields}
        return cls(kind, shown, schema.fields, files_at)

    def known(self, name: str) -> str:
        """A sent name as the item's own; user fields and CAPITALS are understood, else `""`."""
        if name in self.kind.described or name in self.user:
            return name
        capitals = {_upper_name(own): own for own in self.kind.described}
        capitals |= {code: own for own, code in self.user.items()}
        return capitals.get(name.upper(), "")

    def field(self, name: str) -> Field | None:
        """The row's field behind an item's, if it is kept in the row."""
        code = self.user.get(name) or self.kind.classic.get(name, "")
        return self.fields.get(code) if name != self.kind.links else None

    def all(self) -> list[str]:
        """Names in an item's order: user fields after the multi-fields."""
        own = list(self.kind.described)
        place = own.index(FM) + 1 if FM in own else len(own) - 1
        return [*own[:place], *self.user, *own[place:]]


def item_of(portal: "Portal", names: Names, row: Row, wanted: Iterable[str]) -> Item:
    """The row as an item with the `wanted` fields."""
    return {name: _value(portal, names, row, name) for name in wanted}


def _value(portal: "Portal", names: Names, row: Row, name: str) -> Any:  # Any: JSON
    kind = names.kind
    if name in _COMPUTED:
        return _COMPUTED[name](kind, row)
    if name in ALIASES:
        return _first(row, *ALIASES[name])
    if name == kind.links:
        return relations.numbers(portal, kind.entity, int(row["ID"]))
    field = names.field(name)
    if field is None or name in ALWAYS_NULL:
        return None
    if field.kind == "file":
        return record_files.in_item(portal, kind.entity, row, field, name, names.files_at)
    if field.multiple:
        return [typed(field, value) for value in row[field.name]]
    return typed(field, row.get(field.name))


_COMPUTED: dict[str, Callable[[ItemType, Row], Any]] = {  # Any: JSON
    "entityTypeId": lambda kind, row: kind.entity.type_id,
    FM: lambda kind, row: [
        _fm(value) for n in kind.entity.schema.multifields for value in row.get(n, ())
    ],
    OBSERVERS: lambda kind, row: row.get("OBSERVERS", []),
    "webformId": lambda kind, row: 0,
}


def _fm(value: Mapping[str, str]) -> Item:
    return {
        "id": int(value["ID"]),
        "valueType": value["VALUE_TYPE"],
        "value": value["VALUE"],
        "typeId": value["TYPE_ID"],
    }


def _first(row: Row, name: str, value_type: str) -> str:
    found = (
        value["VALUE"]
        for value in row.get(name, ())
        if not value_type or value["VALUE_TYPE"] == value_type
    )
    return next(found, "")


def typed(field: Field, value: str | None) -> Any:  # Any: JSON
    """A row's text as this dialect shows it: a number, `Y` or `N`, a text, null."""
    if field.kind == "switch":
        return "Y" if value == "1" else "N"
    if value is None or value == "":
        # Both 0 and null are seen; the examples show 0 for companies (inferred for the rest).
        return 0 if field.kind == "crm_company" else None
    if field.kind in DECIMALS:
        return php.brief(php.number(value))
    return php.integer(value) if field.kind in NUMBERS or field.kind == "enumeration" else value
