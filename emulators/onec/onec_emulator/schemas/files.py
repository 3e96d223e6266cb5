"""Reading the declaration of a configuration: its own file, and those that it includes."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from onec_emulator.schemas import (
    RECORDS,
    STREAM,
    Configuration,
    EntitySet,
    Field,
    Row,
    behaviour,
)
from onec_emulator.schemas.register import Register

BUILT = ("unf", "unf16", "ut11", "bp30", "other")
"""`unf` is УНФ 3.0; `other` is a base whose configuration no integration of clients knows."""

Facts: TypeAlias = dict[str, Any]  # Any: JSON of a declaration, checked by building it


class NotBuilt(ValueError):
    """A configuration or mode was asked for that this emulator does not have."""


def load(configuration: str) -> Configuration:
    """Return a configuration's declaration; of a built one the same object each time.

    Takes a name of `BUILT` or the path of a file of one's own, `…/rusty.json`: a JSON object
    like those beside this module. It needs `sets`; `configuration` (else the file's name),
    `include` (names of what it stands upon, `bsp`), `parts`, `enums`, `predefined` and `plan`
    may be left out. A base without `plan` publishes no exchange plan.

    With `changes`, the name of a built one, the file is a JSON merge patch (RFC 7396) over that
    one's whole declaration: what it names is added or replaced, what is null there is gone.

    Raises:
        NotBuilt: There is no such declaration, or the file is none; the message says which.
    """
    if configuration in BUILT:
        return _built(configuration)
    path = Path(configuration)
    if path.suffix != ".json" or not path.is_file():
        raise NotBuilt(
            f"Configuration {configuration!r} is not built. Use one of: {', '.join(BUILT)},"
            " or the path of a .json file with its sets."
        )
    try:
        return _configuration(path.stem, _whole(orjson.loads(path.read_bytes())))
    except (KeyError, TypeError, AttributeError, orjson.JSONDecodeError) as error:
        raise NotBuilt(
            f"{configuration} declares no configuration: {error!r}. Compare it with unf.json of"
            " this package."
        ) from error


@cache
def _built(name: str) -> Configuration:
    return _configuration(name, _whole(_packaged(name)))


def _packaged(name: str) -> Facts:
    facts: Facts = orjson.loads(resources.files(__package__).joinpath(f"{name}.json").read_bytes())
    return facts


def _whole(own: Facts) -> Facts:
    """The facts of a declaration together with those of all that it includes or changes.

    A set that is declared on both sides is the included one and what is added to it. It stands
    where its own file names it; sets that are not named there follow.
    """
    if "changes" in own:
        return _patched(_whole(_packaged(_changed(own))), own)
    whole: Facts = {"enums": {}, "parts": {}, "sets": {}, "predefined": {}, "plan": None, **own}
    for name in own.get("include", ()):
        shared = _packaged(name)
        for kind in ("enums", "parts"):
            whole[kind] = {**shared.get(kind, {}), **whole[kind]}
        for entity, rows in shared.get("predefined", {}).items():
            # A copy: what is included by others must not grow here.
            whole["predefined"] = {
                **whole["predefined"],
                entity: [*whole["predefined"].get(entity, ()), *rows],
            }
        whole["sets"] = {
            entity: _extended(shared["sets"].get(entity, {}), entry)
            for entity, entry in {**shared["sets"], **whole["sets"]}.items()
        }
    order = [*own["sets"], *(name for name in whole["sets"] if name not in own["sets"])]
    whole["sets"] = {name: whole["sets"][name] for name in order}
    return whole


def _changed(own: Facts) -> str:
    name: str = own["changes"]
    if name not in BUILT:
        raise NotBuilt(f"'changes' names {name!r}. Change one of: {', '.join(BUILT)}.")
    return name


def _patched(whole: Facts, patch: Facts) -> Facts:
    """Facts after a JSON merge patch; neither argument is changed."""
    merged = dict(whole)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            before = merged.get(name)
            merged[name] = _patched(before if isinstance(before, dict) else {}, value)
        else:
            merged[name] = value
    return merged


def _extended(shared: Facts, own: Facts) -> Facts:
    merged = {**shared, **own}
    for kind in ("fields", "refs"):
        merged[kind] = {**shared.get(kind, {}), **own.get(kind, {})}
    return merged


def _configuration(name: str, facts: Facts) -> Configuration:
    sets = {entity: _entity_set(entity, entry, facts) for entity, entry in facts["sets"].items()}
    predefined = {entity: tuple(rows) for entity, rows in facts["predefined"].items()}
    plan, node = "", {}
    if facts["plan"] is not None:
        plan, node = "ExchangePlan_" + facts["plan"]["name"], facts["plan"]["node"]
        sets[plan] = _plan_set(plan)
    return Configuration(facts.get("configuration", name), sets, predefined, plan, node)


def _entity_set(name: str, entry: Facts, facts: Facts) -> EntitySet:
    # A parent is always of the same set, so the facts do not say it.
    refs = {"Parent_Key": name, **entry.get("refs", {})}
    part_refs = entry.get("tabular_refs", {})
    fields = _fields(entry["fields"], refs, facts["enums"])
    parts: dict[str, Mapping[str, Field]] = {
        part: _part(columns, part_refs.get(part, {}), facts["parts"].get(part, {}), facts)
        for part, columns in entry.get("tabular", {}).items()
    }
    if "Recorder" in entry["key"]:
        # Its fields are those of a record; the set itself holds all records of a recorder.
        parts = {RECORDS: fields}
        fields = {column: fields[column] for column in entry["key"]}
    return EntitySet(
        name=name,
        key=tuple(entry["key"]),
        fields=fields,
        parts=parts,
        # A field that a changed configuration lacks takes along what is declared of it.
        indexes=tuple(name for name in entry.get("indexes", ()) if name in fields),
        code_prefix=entry.get("code_prefix") if "Code" in fields else None,
        rules=tuple(entry.get("rules", ())),
        marks_with_it=entry.get("marks_with_it", {}),
        register=_register(name, entry),
        behaviour=behaviour.read(entry),
    )


def _register(name: str, whole: Facts) -> Register | None:
    """What is declared of a register; of an independent one the key says enough."""
    if "register" not in whole and not name.startswith("InformationRegister_"):
        return None
    is_periodic = "Period" in whole["key"]
    names = [field for field in whole["key"] if field != "Period" and not field.endswith("_Type")]
    own = {"dimensions": names, "resources": (), "periodicity": "Second" if is_periodic else ""}
    entry = whole.get("register", own)
    return Register(
        tuple(entry["dimensions"]),
        # What nobody publishes is a resource too, but not here.
        tuple(name for name in entry["resources"] if {name, f"{name}Dr"} & whole["fields"].keys()),
        entry.get("periodicity", ""),
        entry.get("kind", ""),
    )


def _part(columns: Facts, refs: Facts, shared: Facts, facts: Facts) -> dict[str, Field]:
    """A table part: its own columns, or those shared under its name but `without` some."""
    if "without" in columns:
        left_out = columns["without"]
        columns = {name: edm for name, edm in shared["fields"].items() if name not in left_out}
        refs = shared["refs"]
    return _fields(columns, refs, facts["enums"])


def _fields(
    types: Mapping[str, str], refs: Mapping[str, object], enums: Mapping[str, list[str]]
) -> dict[str, Field]:
    return {name: _field(name, types, refs.get(name), enums) for name in types}


def _field(
    name: str, types: Mapping[str, str], ref: object, enums: Mapping[str, list[str]]
) -> Field:
    edm = types[name]
    if name.endswith("_Type") and types.get(name.removesuffix("_Type"), STREAM) != STREAM:
        return Field(name, edm, names_type=True)
    if not isinstance(ref, str):
        return Field(name, edm)
    if limit := re.match(r"string\((\d+)\)", ref):
        return Field(name, edm, length=int(limit[1]))
    if digits := re.fullmatch(r"number\(\d+,(\d+)\)", ref):
        return Field(name, edm, places=int(digits[1]))
    if choices := enums.get(ref.removeprefix("Enum_")):
        return Field(name, edm, choices=frozenset(choices))
    return Field(name, edm, target=ref if name.endswith("_Key") else None)


def _plan_set(name: str) -> EntitySet:
    types = {
        "Ref_Key": "Edm.Guid",
        "DataVersion": "Edm.String",
        "DeletionMark": "Edm.Boolean",
        "Code": "Edm.String",
        "Description": "Edm.String",
        "SentNo": "Edm.Int64",
        "ReceivedNo": "Edm.Int64",
        "ExchangeDate": "Edm.DateTime",
        "ThisNode": "Edm.Boolean",
    }
    lengths: Row = {"Code": "string(20)", "Description": "string(100)"}
    return EntitySet(name, ("Ref_Key",), _fields(types, lengths, {}), {}, indexes=("Code",))
