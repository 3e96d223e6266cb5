"""Operations that write one record: POST, PATCH, PUT, DELETE."""

from onec_emulator.books import KeyTaken
from onec_emulator.odata import errors, rights, strays
from onec_emulator.odata.answers import One, Plain
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.body import read_body
from onec_emulator.odata.reading import named_key
from onec_emulator.odata.service import Service
from onec_emulator.odata.values import read_fields
from onec_emulator.schemas import Row
from onec_emulator.table import Table

LOAD_MODE = "1c_odata-dataloadmode"
KEPT_BY_PUT = ("DataVersion", "Predefined", "PredefinedDataName", "IsFolder")


def create_record(service: Service, ask: Ask) -> One:
    table = service.written_table(ask.address.name)
    fields = _sent(service, table, ask)
    rights.check_change(service, ask, table, None, fields)
    try:
        key = service.books.create(
            table.schema.name, fields, ask.actor, follow_rules=not _is_load(ask)
        )
    except KeyTaken as error:
        raise errors.key_exists(table.schema.name) from error
    location = f"{ask.root}/{table.schema.name}({table.schema.predicate(key)})"
    return One(table.schema, key, table.rows[key], status=201, location=location)


def patch_record(service: Service, ask: Ask) -> One:
    table = service.written_table(ask.address.name)
    key = named_key(service, table, ask)
    changes = _sent(service, table, ask)
    _keep_key(table, table.rows[key], changes)
    return _updated(service, ask, table, key, changes)


def put_record(service: Service, ask: Ask) -> One:
    table = service.written_table(ask.address.name)
    key = named_key(service, table, ask)
    before, sent = table.rows[key], _sent(service, table, ask)
    _keep_key(table, before, sent)
    kept = {name: before[name] for name in KEPT_BY_PUT if name in before}
    changes = {**table.schema.blank, **sent, **kept}
    if "Posted" not in sent:
        # Being posted is no property to be set back.
        changes.pop("Posted", None)
    return _updated(service, ask, table, key, changes)


def delete_record(service: Service, ask: Ask) -> Plain:
    table = service.written_table(ask.address.name)
    if table.schema.is_constant:
        raise errors.method_not_allowed("DELETE")
    key = named_key(service, table, ask)
    rights.check_change(service, ask, table, table.rows[key], None)
    _check_version(service, ask, table.rows[key])
    service.books.delete(table.schema.name, key, ask.actor)
    return Plain(status=204)


def _updated(service: Service, ask: Ask, table: Table, key: str, changes: Row) -> One:
    rights.check_change(service, ask, table, table.rows[key], changes)
    _check_version(service, ask, table.rows[key])
    row = service.books.update(
        table.schema.name, key, changes, ask.actor, follow_rules=not _is_load(ask)
    )
    return One(table.schema, key, row)


def _sent(service: Service, table: Table, ask: Ask) -> Row:
    body = read_body(table.schema, ask.request)
    ask.missed += strays.in_body(table.schema, body)
    return service.unavailable.meant(read_fields(table.schema, body, service.books.switches))


def _keep_key(table: Table, before: Row, changes: Row) -> None:
    if table.schema.has_reference:
        # An item is made as a folder or not, and stays so.
        changes.pop("IsFolder", None)
    elif any(changes.get(name, before[name]) != before[name] for name in table.schema.key):
        raise errors.instance_unknown(table.schema.name)


def _check_version(service: Service, ask: Ask, row: Row) -> None:
    asked = ask.request.headers.get("if-match", "*").strip('"')
    documented = service.books.switches.if_match == "documented"
    if documented and asked not in ("*", row.get("DataVersion", asked)):
        raise errors.version_differs()


def _is_load(ask: Ask) -> bool:
    value = ask.request.headers.get(LOAD_MODE, "false").lower()
    if value not in ("true", "false"):
        raise errors.bad_load_mode(value)
    return value == "true"
