"""What a call is about, as rights see it: which act is done to which kind of record, and to which.

Each function makes one that reads it from a call's parameters. What is not there is left to the
method, which refuses in its own words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from b24_emulator import php
from b24_emulator.calls import Call
from b24_emulator.items import entity_of
from b24_emulator.merging import mergeable
from b24_emulator.rights import ADMINISTRATION, SETTINGS
from b24_emulator.schema import upper
from b24_emulator.surroundings import kept
from b24_emulator.table import Row


@dataclass(frozen=True, slots=True)
class Subject:
    """An act, a kind of record, and the record; None for any of the kind."""

    verb: str
    kind: str
    row: Row | None = None


Subjects = Callable[[Call], Iterator[Subject]]
"""Each of them is needed."""


def whole(verb: str, *kinds: str) -> Subjects:
    """Kinds as such, whatever the record."""

    def subjects(call: Call) -> Iterator[Subject]:
        return (Subject(verb, kind) for kind in kinds)

    return subjects


settings = whole("update", SETTINGS)
administrator = whole("update", ADMINISTRATION)


def record(verb: str, kind: str, parameter: str = "id") -> Subjects:
    """The record that a parameter names."""

    def subjects(call: Call) -> Iterator[Subject]:
        rows = call.portal.tables[kind].rows
        yield Subject(verb, kind, rows.get(php.integer(call.params.get(parameter))))

    return subjects


def described(verb: str, kind: str, parameter: str = "fields") -> Subjects:
    """What a new record says of its owner, or a filter, in either dialect's names."""

    def subjects(call: Call) -> Iterator[Subject]:
        sent = call.tree(parameter).items()
        yield Subject(verb, kind, {upper(str(key).lstrip("=@")): value for key, value in sent})

    return subjects


def params(verb: str, kind: str) -> Subjects:
    """The same, from `ownerType` and `ownerId` beside the other parameters."""

    def subjects(call: Call) -> Iterator[Subject]:
        sent = call.params
        names = {"OWNER_TYPE": "ownertype", "OWNER_ID": "ownerid"}
        yield Subject(verb, kind, {own: sent.get(name) for own, name in names.items()})

    return subjects


def item(verb: str, type_name: str = "entitytypeid", number_name: str = "id") -> Subjects:
    """The record that two parameters name, its type and its number."""

    def subjects(call: Call) -> Iterator[Subject]:
        return _item(call, verb, call.params.get(type_name), call.params.get(number_name))

    return subjects


def item_inside(verb: str) -> Subjects:
    """The same, from `entityTypeId` and `entityId` inside `fields`."""

    def subjects(call: Call) -> Iterator[Subject]:
        sent = {str(name).lower(): value for name, value in call.tree("fields").items()}
        return _item(call, verb, sent.get("entitytypeid"), sent.get("entityid"))

    return subjects


def _item(call: Call, verb: str, type_id: object, number: object) -> Iterator[Subject]:
    entity = entity_of(call.portal, php.integer(type_id))
    if entity is not None:
        rows = call.portal.tables[entity.name].rows
        yield Subject(verb, entity.name, rows.get(php.integer(number)))


def items(verb: str) -> Subjects:
    """A type's items as such: to make one, or to know their fields."""

    def subjects(call: Call) -> Iterator[Subject]:
        entity = entity_of(call.portal, php.integer(call.params.get("entitytypeid")))
        if entity is not None:
            yield Subject(verb, entity.name)

    return subjects


def process(call: Call) -> Iterator[Subject]:
    """Reading the items of the smart process that `id` names is enough to know the process."""
    row = call.portal.tables["type"].rows.get(php.integer(call.params.get("id")))
    if row is not None:
        yield Subject("read", f"dynamic_{row['ENTITY_TYPE_ID']}")


def merged(call: Call) -> Iterator[Subject]:
    """All of the records are read, the first is changed, the others are deleted."""
    sent = call.tree("params")
    entity = mergeable(call.portal, php.integer(sent.get("entityTypeId")))
    if entity is not None:
        rows = call.portal.tables[entity.name].rows
        for place, number in enumerate(php.rows(sent.get("entityIds"))):
            row = rows.get(php.integer(number))
            yield Subject("read", entity.name, row)
            yield Subject("delete" if place else "update", entity.name, row)


def message(verb: str) -> Subjects:
    """Whose timeline a message stands in."""

    def subjects(call: Call) -> Iterator[Subject]:
        messages = kept(call.portal, "log.messages") or {}
        found = messages.get(str(php.integer(call.params.get("id"))))
        if found is not None:
            yield from _item(call, verb, *found["owner"].split("."))

    return subjects


def card(call: Call) -> Iterator[Subject]:
    """A layout of one's own needs nothing, those of all and of others need the settings."""
    user = call.text("userid") or call.caller.user_id
    if call.text("scope").upper() == "C" or user != call.caller.user_id:
        yield from settings(call)


def others_card(call: Call) -> Iterator[Subject]:
    """A layout is shown to him whose it is, that of all to everybody."""
    if call.text("scope").upper() != "C":
        yield from card(call)
