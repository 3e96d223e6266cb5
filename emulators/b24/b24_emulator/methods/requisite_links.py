"""Which requisites a document uses: the client's, and those of an own company.

Source: b24restdocs: api-reference/crm/requisites/links/*.md.
"""

from b24_emulator import lists, php, refusals, rights
from b24_emulator.calls import Call, Result
from b24_emulator.entities import ACCOUNT, COMPANY, CONTACT, REQUISITE
from b24_emulator.items import entity_of
from b24_emulator.methods.records import total_of
from b24_emulator.methods.row import family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import REQUISITE_LINK
from b24_emulator.table import Row

KEY = ("ENTITY_TYPE_ID", "ENTITY_ID")
PAIRS = (("REQUISITE_ID", "BANK_DETAIL_ID"), ("MC_REQUISITE_ID", "MC_BANK_DETAIL_ID"))
COLUMNS = (*KEY, *(name for pair in PAIRS for name in pair))
LINKABLE = (2, 7, 31)


def _invalid(name: str) -> PortalRefusal:
    return refusals.not_found(f"{name} is not defined or invalid")


def _key(call: Call) -> tuple[int, int]:
    return php.integer(call.params.get("entitytypeid")), php.integer(call.params.get("entityid"))


def _find(call: Call, type_id: int, number: int) -> int:
    table = call.portal.tables[REQUISITE_LINK.name]
    found = table.with_value("ENTITY_ID", number)
    return next((n for n in found if table.rows[n]["ENTITY_TYPE_ID"] == str(type_id)), 0)


def _list(call: Call) -> Result:
    ask = lists.query(REQUISITE_LINK.schema, call.params)
    found = rights.find(call, REQUISITE_LINK.name, ask)
    rows = [{name: row[name] for name in COLUMNS if name in row} for row in found.rows]
    return Result(rows, total_of(call, found), found.next_start)


def _get(call: Call) -> Result:
    number = _find(call, *_key(call))
    if not number:
        raise refusals.not_found()
    row = call.portal.tables[REQUISITE_LINK.name].rows[number]
    return Result({name: int(row[name]) if name in KEY else row[name] for name in COLUMNS})


def _register(call: Call) -> Result:
    fields = {str(name).upper(): value for name, value in call.tree("fields").items()}
    for name in COLUMNS:
        if name not in fields or php.integer(fields[name]) < (name in KEY):
            raise _invalid(name)
    values = {name: php.integer(fields[name]) for name in COLUMNS}
    type_id, number = values["ENTITY_TYPE_ID"], values["ENTITY_ID"]
    entity = entity_of(call.portal, type_id)
    if entity is None or (type_id not in LINKABLE and type_id < 128):
        raise _invalid("ENTITY_TYPE_ID")
    document = call.portal.tables[entity.name].rows.get(number)
    if document is None:
        raise _invalid("ENTITY_ID")
    for pair in PAIRS:
        _check_pair(call, document, pair, values)
    found = _find(call, type_id, number)
    table = call.portal.tables[REQUISITE_LINK.name]
    found = found or table.new_id()
    table.put(found, {"ID": str(found), **{name: str(value) for name, value in values.items()}})
    return Result(value=True)


def _check_pair(call: Call, document: Row, pair: tuple[str, str], values: dict[str, int]) -> None:
    requisite, account = (values[name] for name in pair)
    is_own = pair[0].startswith("MC_")
    owner = _owner(call, requisite, pair[0]) if requisite else None
    if owner and not _belongs(document, owner, is_own=is_own):
        who = "Company" if owner["ENTITY_TYPE_ID"] == str(COMPANY.type_id) else "Contact"
        asked = document.get("MYCOMPANY_ID") if is_own else document.get(f"{who.upper()}_ID")
        whose = "your company" if is_own else f"{who} with ID '{asked or 0}'"
        text = f"The Requisite with ID '{requisite}' is not assigned to {whose}"
        raise refusals.not_found(text)
    if account:
        row = call.portal.tables[ACCOUNT.name].rows.get(account)
        if row is None:
            raise refusals.not_found(f"The BankDetail with ID '{account}' is not found")
        if row["ENTITY_ID"] != str(requisite):
            text = f"is not assigned to Requisite with ID '{requisite}'"
            raise refusals.not_found(f"The BankDetail with ID '{account}' {text}")


def _owner(call: Call, requisite: int, name: str) -> Row:
    row = call.portal.tables[REQUISITE.name].rows.get(requisite)
    if row is None:
        raise _invalid(name)
    return row


def _belongs(document: Row, requisite: Row, *, is_own: bool) -> bool:
    """A document without a client, or without an own company, takes any (inferred)."""
    names = {str(COMPANY.type_id): "COMPANY_ID", str(CONTACT.type_id): "CONTACT_ID"}
    column = "MYCOMPANY_ID" if is_own else names[requisite["ENTITY_TYPE_ID"]]
    client = document.get(column)
    if is_own and not client:
        return str(requisite["ENTITY_TYPE_ID"]) == str(COMPANY.type_id)
    return bool(client) and str(client) == str(requisite["ENTITY_ID"])


def _unregister(call: Call) -> Result:
    type_id, number = _key(call)
    for name, value in zip(KEY, (type_id, number), strict=True):
        if value <= 0:
            raise _invalid(name)
    if found := _find(call, type_id, number):
        call.portal.tables[REQUISITE_LINK.name].drop(found)
    return Result(value=True)


ROWS = family(
    "crm.requisite.link",
    "api-reference/crm/requisites/links/crm-requisite-link",
    {
        "fields": lambda call: Result(REQUISITE_LINK.schema.described),
        "list": _list,
        "get": _get,
        "register": _register,
        "unregister": _unregister,
    },
)
