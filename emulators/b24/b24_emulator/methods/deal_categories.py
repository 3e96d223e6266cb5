"""The old methods of the deals' funnels; the general one is beside the others.

Source: b24restdocs: api-reference/crm/outdated/category-old/*.md; answers are inferred.
"""

from collections.abc import Mapping
from typing import Any

from b24_emulator import funnels, php, refusals, stages
from b24_emulator.calls import Call, Result
from b24_emulator.documents import DEAL, DEAL_CATEGORY
from b24_emulator.methods.categories import check_deletable
from b24_emulator.methods.row import family
from b24_emulator.methods.statuses import items_of
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row

COLUMNS = ("ID", "CREATED_DATE", "NAME", "IS_LOCKED", "SORT")


def _shown(row: Row) -> Row:
    return {name: row[name] for name in COLUMNS}


def _row(call: Call) -> Row:
    row = funnels.row(call.portal, DEAL, call.number())
    if row is None:
        raise refusals.not_found("Not found")
    return row


def _fields(call: Call) -> Result:
    described = DEAL_CATEGORY.schema.described
    return Result({name: described[name] for name in COLUMNS})


def _list(call: Call) -> Result:
    rows = [_shown(row) for row in funnels.rows(call.portal, DEAL) if row["ID"] != "0"]
    wanted = {str(name).upper(): str(value) for name, value in call.tree("filter").items()}
    found = [row for row in rows if all(str(row.get(n)) == v for n, v in wanted.items())]
    return Result(found, len(found))


def _get(call: Call) -> Result:
    return Result(_shown(_row(call)))


def _values(sent: Mapping[str, Any], *, is_new: bool) -> dict[str, str]:  # Any: what was sent
    fields = {str(name).upper(): value for name, value in sent.items()}
    if is_new or "NAME" in fields:
        name = str(fields.get("NAME") or "").strip()
        if not name:
            raise PortalRefusal("", "Field 'NAME' is required")
        fields["NAME"] = name
    kept = {name: str(fields[name]) for name in ("NAME", "IS_LOCKED") if name in fields}
    return kept | ({"SORT": str(php.integer(fields["SORT"]))} if "SORT" in fields else {})


def _add(call: Call) -> Result:
    row = funnels.add(call.portal, DEAL, _values(call.tree("fields"), is_new=True))
    return Result(int(row["ID"]))


def _update(call: Call) -> Result:
    funnels.update(call.portal, DEAL, _row(call), _values(call.tree("fields"), is_new=False))
    return Result(value=True)


def _delete(call: Call) -> Result:
    row = _row(call)
    check_deletable(call, DEAL, row)
    funnels.delete(call.portal, DEAL, row["ID"])
    return Result(value=True)


def _general(call: Call) -> Row:
    return call.portal.tables[DEAL_CATEGORY.name].rows[0]


def _default_get(call: Call) -> Result:
    return Result({"ID": 0, "NAME": _general(call)["NAME"]})


def _default_set(call: Call) -> Result:
    name = call.text("name") or str(call.tree("fields").get("NAME") or "")
    if not name:
        raise PortalRefusal("", "Field 'NAME' is required")
    funnels.update(call.portal, DEAL, _general(call), {"NAME": name})
    return Result(value=True)


def _directory(call: Call) -> str:
    assert DEAL.staging is not None
    number = php.integer(call.params.get("id"))
    if funnels.row(call.portal, DEAL, number) is None:
        raise refusals.not_found("Not found")
    return stages.directory(DEAL.staging, str(number))


def _status(call: Call) -> Result:
    return Result(_directory(call))


def _stage_list(call: Call) -> Result:
    return Result(items_of(call.portal, _directory(call)))


ROWS = family(
    "crm.dealcategory",
    "api-reference/crm/outdated/category-old/crm-deal-category",
    {
        "fields": _fields,
        "list": _list,
        "get": _get,
        "add": _add,
        "update": _update,
        "delete": _delete,
        "default.get": _default_get,
        "default.set": _default_set,
        "status": _status,
        "stage.list": _stage_list,
    },
)
