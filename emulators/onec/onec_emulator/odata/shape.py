"""`$select` and `$expand`: what of a record is shown, and which others stand inside it.

The rules are those of the guide (17.4.6.4, 17.4.8). How an expanded record looks in JSON was
seen in a recorded answer: `X@navigationLinkUrl` and `X`, `X_Expanded` for a composite, null
where there is none, no links inside.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from onec_emulator.odata import errors, presentation
from onec_emulator.odata.presentation import SUFFIX
from onec_emulator.odata.references import Reference, Tables, reference, references
from onec_emulator.schemas import EntitySet, Row

Tree: TypeAlias = dict[str, "Tree"]
"""Paths of an option by their segments: `A/B,A/C` is {A: {B: {}, C: {}}}."""
Column = Callable[[Row], Any]  # Any: the value of the one property
ALL, FIELDS = "*", "**"


@dataclass(frozen=True, slots=True)
class Shown:
    """One record as an answer shows it, in part or with others inside.

    Attributes:
        values: What is shown of it, by name; a table part as its rows.
        inside: Records shown inside it.
        has_links: Whether addresses of what it refers to are shown beside the values.
    """

    schema: EntitySet
    key: str
    values: Row
    inside: tuple["Inside", ...] = ()
    has_links: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """A record inside another one; `record` is None if the reference leads nowhere."""

    name: str
    link: str
    record: Shown | None


@dataclass(frozen=True, slots=True)
class Shape:
    """How records of one set are shown.

    Attributes:
        columns: What is read from a row, by name; None for the row as it is.
        expanded: References that are followed, and how the records at their ends are shown:
            a function of their set, since a composite leads to many.
    """

    schema: EntitySet
    columns: Mapping[str, Column] | None
    expanded: tuple[tuple[Reference, Callable[[EntitySet], "Shape"]], ...] = ()

    @property
    def is_whole(self) -> bool:
        names = set(self.schema.blank)
        return self.columns is None or names <= set(self.columns)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is to be done to a row."""
        return self.columns is None and not self.expanded

    def show(self, tables: Tables, key: str, row: Row, *, has_links: bool = True) -> Shown:
        values = row
        if self.columns is not None:
            values = {name: column(row) for name, column in self.columns.items()}
        inside = tuple(
            self._inside(tables, key, row, leads, inner) for leads, inner in self.expanded
        )
        return Shown(self.schema, key, values, inside, has_links and self.columns is None)

    def _inside(
        self,
        tables: Tables,
        key: str,
        row: Row,
        leads: Reference,
        inner: Callable[[EntitySet], "Shape"],
    ) -> Inside:
        found = leads.found(tables, row)
        link = f"{self.schema.name}({self.schema.predicate(key)})/{leads.name}"
        if found is None:
            return Inside(leads.shown_as, "" if self.schema.is_complex else link, None)
        table, target = found
        if leads.target is None:
            link = f"{table.schema.name}({table.schema.predicate(target)})"
        if self.schema.is_complex:
            link = ""
        record = inner(table.schema).show(tables, target, table.rows[target], has_links=False)
        return Inside(leads.shown_as, link, record)


def shape(
    tables: Tables,
    schema: EntitySet,
    select: tuple[str, ...] | None,
    expand: tuple[str, ...] = (),
) -> Shape:
    """The shape that two options ask for.

    Raises:
        ODataError: A name is unknown, or asks for what 1C or this emulator refuses.
    """
    selected = None if select is None else _tree(select)
    return _shape(tables, schema, selected, _tree(expand))


def _tree(paths: Iterable[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        branch = tree
        for segment in path.split("/"):
            branch = branch.setdefault(segment, {})
    return tree


def _shape(tables: Tables, schema: EntitySet, select: Tree | None, expand: Tree) -> Shape:
    followed = _followed(tables, schema, expand)
    names = {leads.name for leads, _ in followed}
    columns = None if select is None else _columns(tables, schema, select, names)
    # With $select present a navigation must be listed in it, or it is not expanded.
    listed = None if select is None or ALL in select or FIELDS in select else select
    expanded = tuple(
        (leads, _inner(tables, leads, (select or {}).get(leads.name), below))
        for leads, below in followed
        if listed is None or leads.name in listed
    )
    return Shape(schema, columns, expanded)


def _followed(tables: Tables, schema: EntitySet, expand: Tree) -> list[tuple[Reference, Tree]]:
    followed: dict[str, tuple[Reference, Tree]] = {}
    if ALL in expand:
        followed = {leads.name: (leads, {}) for leads in references(tables, schema.fields)}
    for name, below in expand.items():
        if name == ALL:
            continue
        leads = reference(tables, schema.fields, name)
        if leads is None:
            raise errors.segment_unknown(name)
        if leads.target is None and ALL in below:
            # What is inside a composite must be said together with the type.
            raise errors.bad_option("$expand")
        followed[name] = (leads, below)
    return list(followed.values())


def _inner(
    tables: Tables, leads: Reference, select: Tree | None, expand: Tree
) -> Callable[[EntitySet], Shape]:
    def inner(schema: EntitySet) -> Shape:
        if leads.target is not None:
            return _shape(tables, schema, select or None, expand)
        # Behind a composite the next segment names the type.
        below = (select or {}).get(schema.name, {})
        return _shape(tables, schema, below or None, expand.get(schema.name, {}))

    if leads.target is not None:
        inner(tables[leads.target].schema)  # Names are refused before any row is read.
    for name in expand if leads.target is None else ():
        if name not in tables:
            raise errors.segment_unknown(name)
        inner(tables[name].schema)
    return inner


def _columns(
    tables: Tables, schema: EntitySet, select: Tree, navigations: set[str]
) -> Mapping[str, Column] | None:
    if set(select) <= {ALL, *navigations} and ALL in select:
        return None
    columns: dict[str, Column] = {}
    for name, below in select.items():
        if name == ALL:
            columns |= {each: _stored(each) for each in schema.blank}
        elif name == FIELDS:
            columns |= {each: _stored(each) for each in schema.blank if each in schema.fields}
        elif name in schema.parts:
            columns |= _part(schema, name, below, select)
        elif name in navigations and name not in schema.fields:
            continue
        else:
            columns |= _named(tables, schema, name, below)
    return columns


def _part(schema: EntitySet, name: str, below: Tree, select: Tree) -> Mapping[str, Column]:
    """A table part or some of its columns; `**` leaves all parts out, whatever else is said."""
    if FIELDS in select and ALL not in select:
        return {}
    if not below or ALL in below:
        return {name: _stored(name)}
    for column in below:
        if column not in schema.parts[name]:
            raise errors.segment_unknown(column)
    return {name: lambda row: [{column: line[column] for column in below} for line in row[name]]}


def _named(tables: Tables, schema: EntitySet, name: str, below: Tree) -> Mapping[str, Column]:
    if name in schema.blank:
        # A composite may be listed for the sake of what stands inside it.
        return {name: _stored(name)}
    if below:
        raise errors.not_emulated(f"$select={name}/… без $expand={name}")
    if name == "Presentation":
        return {name: lambda row: presentation.of_record(schema.name, row)}
    if not name.endswith(SUFFIX):
        raise errors.segment_unknown(name)
    plain = name.removesuffix(SUFFIX)
    if plain == ALL:
        each = presentation.presented(schema.fields)
        return {f"{one}{SUFFIX}": _presented(tables, schema, one) for one in each}
    if not presentation.has_presentation(schema.fields, plain):
        raise errors.segment_unknown(name)
    return {name: _presented(tables, schema, plain)}


def _stored(name: str) -> Column:
    return lambda row: row[name]


def _presented(tables: Tables, schema: EntitySet, name: str) -> Column:
    return lambda row: presentation.of_property(tables, schema.fields, name, row)
