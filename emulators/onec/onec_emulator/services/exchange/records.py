"""The records of a path: lists, single ones, new ones, changes, marks for deletion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, repeat

from onec_emulator.books import KeyTaken
from onec_emulator.odata import rights
from onec_emulator.rules.before_write import local_time
from onec_emulator.schemas import Configuration, EntitySet, Row
from onec_emulator.services import Answer, Call
from onec_emulator.services.exchange.resources import RESOURCES, Resource
from onec_emulator.services.exchange.routes import Refused, body_of, count_of
from onec_emulator.services.exchange.sent import fields_of
from onec_emulator.table import Table

PAGE, PAGE_MAX, SKIP_MAX = 100, 1000, 10**9
PAGING = ("top", "skip")


@dataclass(frozen=True, slots=True)
class Collection:
    """What one base has at one path.

    Attributes:
        search: By parameter and set, the field that it is compared with.
    """

    resource: Resource
    sets: tuple[EntitySet, ...]
    search: dict[str, dict[str, str]]

    def listed(self, call: Call) -> Answer:
        """A page of the records that have all the values asked for."""
        if unknown := sorted(call.query.keys() - self.search.keys() - set(PAGING)):
            known = ", ".join((*PAGING, *self.search))
            raise Refused(
                400,
                f"Параметра {unknown[0]} здесь нет.",
                thing=unknown[0],
                value=call.query[unknown[0]],
                remedy=f"Есть параметры: {known}.",
            )
        top, skip = count_of(call, "top", PAGE, PAGE_MAX), count_of(call, "skip", 0, SKIP_MAX)
        found = [(table, self._matching(call, table)) for table in self._tables(call)]
        pairs = chain.from_iterable(zip(repeat(table), keys, strict=False) for table, keys in found)
        page = list(islice(pairs, skip, skip + top))
        items = [shown(call, table, key) for table, key in page]
        return Answer.json({"total": sum(len(keys) for _, keys in found), "items": items})

    def read(self, call: Call) -> Answer:
        return Answer.json(shown(call, *self._found(call)))

    def create(self, call: Call) -> Answer:
        """Make a record; the base does to it what it does at every write."""
        body = body_of(call)
        table = self._chosen(call, body)
        _check_write(call, table)
        books = call.base.books
        fields = fields_of(table.schema, body.get("fields"), books.switches)
        if table.schema.is_document:
            fields.setdefault("Date", local_time(books.clock.now_s()))
        _check_change(call, table, None, fields)
        try:
            key = books.create(table.schema.name, fields, call.actor)
        except KeyTaken as taken:
            value = fields["Ref_Key"]
            remedy = "Измените ту запись или не передавайте Ref_Key."
            text = f"{table.schema.name} уже хранит {value}."
            raise Refused(409, text, thing="Ref_Key", value=value, remedy=remedy) from taken
        address = f"{call.base.publication}/hs/exchange/{self.resource.path}/{key}"
        answer = Answer.json(shown(call, table, key), 201)
        return replace(answer, headers=(("Location", address),))

    def change(self, call: Call) -> Answer:
        """Change the fields that were sent; a table part is replaced whole."""
        table, key = self._found(call)
        _check_write(call, table)
        fields = fields_of(table.schema, body_of(call).get("fields"), call.base.books.switches)
        # An item is made as a folder or not, and stays so.
        fields.pop("IsFolder", None)
        _check_change(call, table, table.rows[key], fields)
        call.base.books.update(table.schema.name, key, fields, call.actor)
        return Answer.json(shown(call, table, key))

    def mark(self, call: Call) -> Answer:
        """Mark for deletion: 1C's people delete for good themselves, after a check."""
        table, key = self._found(call)
        _check_write(call, table)
        marked = {"DeletionMark": True}
        _check_change(call, table, table.rows[key], marked)
        call.base.books.update(table.schema.name, key, marked, call.actor)
        return Answer(204)

    def _tables(self, call: Call) -> list[Table]:
        """The tables of the path.

        Raises:
            Refused: The caller has no right to one of them.
        """
        tables = [call.base.books.tables[schema.name] for schema in self.sets]
        for table in tables:
            if table.schema.name in rights.forbidden(call.base.books, call.user):
                raise _forbidden(table.schema.name, call.user)
        return tables

    def _matching(self, call: Call, table: Table) -> Sequence[str]:
        """Keys of the records that have the values asked for and that the caller may see."""
        name = table.schema.name
        asked = [
            (of.get(name, ""), call.query[p]) for p, of in self.search.items() if p in call.query
        ]
        if not all(field for field, _ in asked):
            return ()
        wanted = {field: _value(table.schema, field, text) for field, text in asked}
        hidden = rights.hidden(call.base.books, call.user, table)
        if not wanted and not hidden:
            return table.order
        indexed = next((field for field in wanted if table.is_indexed(field)), "")
        near = sorted(table.having(indexed, wanted[indexed])) if indexed else table.order
        return [key for key in near if key not in hidden and _has(table.rows[key], wanted)]

    def _found(self, call: Call) -> tuple[Table, str]:
        """The record that the path names.

        Raises:
            Refused: There is none, or the caller may not see it.
        """
        key = call.params["key"].lower()
        for table in self._tables(call):
            if key in table.rows:
                if key in rights.hidden(call.base.books, call.user, table):
                    raise _forbidden(f"{table.schema.name}({key})", call.user)
                return table, key
        path = self.resource.path
        remedy = f"Возьмите key из GET /{path}."
        raise Refused(404, f"Записи {key} нет.", thing=path, value=key, remedy=remedy)

    def _chosen(self, call: Call, body: Row) -> Table:
        """The table that a new record goes to: `set` says which, where there are several."""
        tables = {table.schema.name: table for table in self._tables(call)}
        name = body.get("set", next(iter(tables)) if len(tables) == 1 else None)
        if not isinstance(name, str) or name not in tables:
            remedy = f"Передайте одно из имён: {', '.join(tables)}."
            raise Refused(400, "Неизвестно, что создать.", thing="set", value=name, remedy=remedy)
        return tables[name]


def shown(call: Call, table: Table, key: str) -> Row:
    """The record as it is now; that the caller has read it is noted."""
    books, name = call.base.books, table.schema.name
    books.ledger.read(call.actor, name, key, books.clock.now_s())
    return {"set": name, "key": key, "fields": table.rows[key]}


def _check_write(call: Call, table: Table) -> None:
    if table.schema.name in rights.read_only(call.base.books, call.user):
        raise _forbidden(table.schema.name, call.user)


def _check_change(call: Call, table: Table, before: Row | None, changes: Row) -> None:
    right = rights.lacking(call.base.books, call.user, table, before, changes)
    if right is not None:
        raise _forbidden(f"{table.schema.name}: {right}", call.user)


def _has(row: Row, wanted: Row) -> bool:
    return all(row[field] == value for field, value in wanted.items())


def _value(schema: EntitySet, field: str, text: str) -> str:
    return text.lower() if schema.fields[field].edm == "Edm.Guid" else text


def _forbidden(what: str, login: str) -> Refused:
    remedy = "Выдайте роль этому пользователю или войдите под другим."
    return Refused(403, f"Нарушение прав доступа: {what}.", thing=what, value=login, remedy=remedy)


def collections(configuration: Configuration) -> Iterator[Collection]:
    """The paths of a base: those of which it has a set."""
    for resource in RESOURCES:
        sets = resource.held(configuration)
        search = {name: _fields(sets, fields) for name, fields in resource.search.items()}
        if sets:
            found = {name: by_set for name, by_set in search.items() if by_set}
            yield Collection(resource, sets, found)


def _fields(sets: Sequence[EntitySet], names: Sequence[str]) -> dict[str, str]:
    pairs = ((one, next((name for name in names if name in one.fields), "")) for one in sets)
    return {one.name: name for one, name in pairs if name}
