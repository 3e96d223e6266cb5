"""Users. Source: b24restdocs: api-reference/user/*.md."""

from b24_emulator import lists, moments
from b24_emulator.calls import Call, Result
from b24_emulator.entities import USER
from b24_emulator.methods.row import Method
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row
from sverka_emulator_kit.provenance import documented

PAGE = "api-reference/user"
SCOPES = ("user", "user_basic", "user_brief")
CONTROL = {"filter", "sort", "order", "start", "select", "admin_mode", "auth", "auth_connector"}


def _get(call: Call) -> Result:
    """Filter by FILTER, or by flat keys beside it; `sort` and `order` are two plain words."""
    flat = {name: value for name, value in call.params.items() if name not in CONTROL}
    field, direction = call.text("sort") or "ID", call.text("order") or "ASC"
    asked = {
        "filter": call.tree("filter") | flat,
        "order": {field: direction},
        "start": call.params.get("start"),
    }
    ask = lists.query(USER.schema, asked)
    found = lists.find(call.portal.tables[USER.name], ask, call.portal.limits.page_size)
    return Result(found.rows, found.total or 0, found.next_start)


def own(call: Call) -> Row:
    """The caller's own row.

    Raises:
        PortalRefusal: There is no such user.
    """
    row = call.portal.tables[USER.name].rows.get(int(call.caller.user_id))
    if row is None:
        raise PortalRefusal("authorization_error", "Unable to authorize user", 401)
    return row


def _current(call: Call) -> Result:
    """Two of its moments come in forms of their own (b24restdocs: user-current.md)."""
    now = moments.written(call.portal.now_s)
    day, clock = now[:10], now[11:19]
    return Result(
        {
            **own(call),
            "TIMESTAMP_X": f"{day[8:]}.{day[5:7]}.{day[:4]} {clock}",
            "LAST_ACTIVITY_DATE": f"{day} {clock}",
        }
    )


def _fields(call: Call) -> Result:
    described = USER.schema.described
    return Result({name: entry["title"] or name for name, entry in described.items()})


ROWS = (
    Method("user.fields", _fields, SCOPES, documented(f"{PAGE}/user-fields")),
    Method("user.get", _get, SCOPES, documented(f"{PAGE}/user-get")),
    Method("user.current", _current, SCOPES, documented(f"{PAGE}/user-current")),
)
