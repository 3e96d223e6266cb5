"""The routes of records, and the schemas of what they take and give: the same for every path."""

from collections.abc import Iterator, Sequence

from onec_emulator.services.exchange.fields import record_fields
from onec_emulator.services.exchange.records import PAGE_MAX, SKIP_MAX, Collection
from onec_emulator.services.exchange.routes import COUNT, TEXT, Route, Schema

SCHEMAS = "#/components/schemas/"


def component_names(collection: Collection) -> dict[str, str]:
    """Names in the OpenAPI, where Cyrillic is not allowed, by set."""
    name, sets = collection.resource.name, collection.sets
    if len(sets) == 1:
        return {sets[0].name: name}
    return {one.name: f"{name}{number}" for number, one in enumerate(sets, 1)}


def components(collection: Collection) -> dict[str, Schema]:
    """Schemas of the records and of their fields."""
    found: dict[str, Schema] = {}
    names = component_names(collection)
    for one in collection.sets:
        fields = {"$ref": f"{SCHEMAS}{names[one.name]}Fields"}
        found[f"{names[one.name]}Fields"] = record_fields(one)
        found[names[one.name]] = {
            "type": "object",
            "description": one.name,
            "properties": {"set": {"const": one.name}, "key": TEXT, "fields": fields},
            "required": ["set", "key", "fields"],
        }
    return found


def routes(collection: Collection) -> Iterator[Route]:
    """What can be asked at a path."""
    resource, names = collection.resource, component_names(collection)
    record = _any_of({"$ref": SCHEMAS + name} for name in names.values())
    page = {
        "type": "object",
        "properties": {"total": COUNT, "items": {"type": "array", "items": record}},
        "required": ["total", "items"],
    }
    paging = {"top": {**COUNT, "maximum": PAGE_MAX}, "skip": {**COUNT, "maximum": SKIP_MAX}}
    yield Route(
        verb="GET",
        path=f"/{resource.path}",
        name=f"list{resource.name}",
        about=f"{resource.about}: страница записей с такими значениями",
        handler=collection.listed,
        query={**paging, **dict.fromkeys(collection.search, TEXT)},
        answers={200: page},
        refusals=(403,),
    )
    if not resource.is_written:
        return
    one, refusals = f"/{resource.path}/{{key}}", (403, 404)
    sent = [_sent(name, component, len(names)) for name, component in names.items()]
    fields = _any_of({"$ref": f"{SCHEMAS}{name}Fields"} for name in names.values())
    changes = {"type": "object", "properties": {"fields": fields}, "required": ["fields"]}
    rows = (
        ("GET", one, "get", "одна запись", collection.read, None, {200: record}, refusals),
        (
            *("POST", f"/{resource.path}", "create", "новая запись", collection.create),
            *(_any_of(sent), {201: record}, (403, 409, 422)),
        ),
        (
            *("PATCH", one, "update", "изменить переданные поля", collection.change),
            *(changes, {200: record}, (*refusals, 422)),
        ),
        (
            *("DELETE", one, "mark", "пометить на удаление", collection.mark),
            *(None, {204: None}, (*refusals, 422)),
        ),
    )
    for verb, path, name, about, handler, body, answers, refused in rows:
        yield Route(
            verb=verb,
            path=path,
            name=f"{name}{resource.name}",
            about=f"{resource.about}: {about}",
            handler=handler,
            body=body,
            answers=answers,
            refusals=refused,
            writes=verb != "GET",
        )


def _any_of(schemas: Iterator[Schema] | Sequence[Schema]) -> Schema:
    found = list(schemas)
    return found[0] if len(found) == 1 else {"anyOf": found}


def _sent(name: str, component: str, of: int) -> Schema:
    fields = {"$ref": f"{SCHEMAS}{component}Fields"}
    return {
        "type": "object",
        "properties": {"set": {"const": name}, "fields": fields},
        "required": ["set", "fields"] if of > 1 else ["fields"],
    }
