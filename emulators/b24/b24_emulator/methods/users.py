"""Users. Source: b24restdocs: api-reference/user/*.md."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import attachments, lists, moments, php, record_files
from b24_emulator.calls import Call, Result
from b24_emulator.entities import USER
from b24_emulator.methods.row import Method
from b24_emulator.refusals import PortalRefusal
from b24_emulator.table import Row
from sverka_emulator_kit.provenance import documented

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

PAGE = "api-reference/user"
SCOPES = ("user", "user_basic", "user_brief")
CONTROL = {"filter", "sort", "order", "start", "select", "admin_mode", "auth", "auth_connector"}


def _get(call: Call) -> Result:
    """Filter by FILTER, or by flat keys beside it; `sort` and `order` are two plain words."""
    flat = {name: value for name, value in call.params.items() if name not in CONTROL}
    field, direction = call.text("sort") or "ID", call.text("order") or "ASC"
    asked = {
        "filter": call.tree("filter") | flat | {"!@USER_TYPE": HIDDEN},
        "order": {field: direction},
        "start": call.params.get("start"),
    }
    ask = lists.query(USER.schema, asked)
    found = lists.find(call.portal.tables[USER.name], ask, call.portal.limits.page_size)
    rows = [attachments.in_user(call.portal, row) for row in found.rows]
    return Result(rows, found.total or 0, found.next_start)


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
            **attachments.in_user(call.portal, own(call)),
            "TIMESTAMP_X": f"{day[8:]}.{day[5:7]}.{day[:4]} {clock}",
            "LAST_ACTIVITY_DATE": f"{day} {clock}",
        }
    )


def _fields(call: Call) -> Result:
    described = USER.schema.described
    return Result({name: entry["title"] or name for name, entry in described.items()})


def _search(call: Call) -> Result:
    """By FIND in names and post, or by the named keys; dismissed people are not found."""
    sent = {str(n).upper(): v for n, v in {**call.params, **call.tree("filter")}.items()}
    words = str(sent.get("FIND") or "").casefold().split()
    named = {name: str(sent[name]).casefold() for name in FOUND_BY if name in sent}
    rows = []
    for row in call.portal.tables[USER.name].rows.values():
        texts = {name: str(row.get(name) or "").casefold() for name in FOUND_BY}
        whole = " ".join(texts.values())
        fits = all(text in texts[name] for name, text in named.items())
        is_shown = row["ACTIVE"] and row["USER_TYPE"] not in HIDDEN
        if is_shown and fits and all(word in whole for word in words):
            rows.append(dict(attachments.in_user(call.portal, row)))
    begin = max(php.integer(call.params.get("start")), 0)
    end = begin + call.portal.limits.page_size
    return Result(rows[begin:end], len(rows), end if end < len(rows) else None)


def _add(call: Call) -> Result:
    """An employee of a department, or a guest of a group; invitations are not sent."""
    sent = _sent(call)
    email = str(sent.get("EMAIL") or "")
    table = call.portal.tables[USER.name]
    if not EMAIL.fullmatch(email):
        raise PortalRefusal("ERROR_ARGUMENT", "wrong_email")
    if any(str(row.get("EMAIL")).casefold() == email.casefold() for row in table.rows.values()):
        raise PortalRefusal("ERROR_ARGUMENT", "A user with this email already exists")
    is_guest = php.flag(sent.get("EXTRANET", ""))
    if is_guest and not sent.get("SONET_GROUP_ID"):
        raise PortalRefusal("ERROR_GROUPID", "no_group_id")
    if not is_guest and not php.rows(sent.get("UF_DEPARTMENT")):
        raise PortalRefusal("ERROR_ARGUMENT", "no_extranet_field")
    number = table.new_id()
    row = {**dict.fromkeys(table.schema.plain, ""), **FRESH, **_values(call.portal, {}, sent)}
    row |= {"ID": str(number), "USER_TYPE": "extranet" if is_guest else "employee"}
    row["DATE_REGISTER"] = call.now()
    table.put(number, {name: value for name, value in row.items() if name in table.schema.plain})
    return Result(number)


def _update(call: Call) -> Result:
    table = call.portal.tables[USER.name]
    row = table.rows.get(php.integer(call.params.get("id")))
    if row is None:
        raise PortalRefusal("ERROR_CORE", "access_denied")
    values = _values(call.portal, row, _sent(call))
    table.put(int(row["ID"]), {**row, **values, "ID": row["ID"]})
    return Result(value=True)


def enter_hidden(portal: "Portal", values: Mapping[str, Any]) -> int:  # Any: JSON
    """Somebody who writes by e-mail only: he acts, and no list of users shows him."""
    table = portal.tables[USER.name]
    number = table.new_id()
    row = {**dict.fromkeys(table.schema.plain, ""), **FRESH, **values}
    row |= {"ID": str(number), "USER_TYPE": HIDDEN[0]}
    table.put(number, {name: value for name, value in row.items() if name in table.schema.plain})
    return number


def _sent(call: Call) -> dict[str, Any]:  # Any: what was sent
    return {name.upper(): value for name, value in {**call.params, **call.tree("fields")}.items()}


def _values(portal: "Portal", before: Row, sent: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """Flags, departments and the photo in their own forms; the rest are texts."""
    schema = portal.tables[USER.name].schema
    values = {name: sent[name] for name in schema.plain if name in sent and name not in FIXED}
    if "ACTIVE" in values:
        values["ACTIVE"] = php.flag(values["ACTIVE"])
    if "UF_DEPARTMENT" in values:
        values["UF_DEPARTMENT"] = [php.integer(one) for one in php.rows(values["UF_DEPARTMENT"])]
    for name in record_files.names(schema):
        if name in values and name in schema.user_fields:
            values[name] = record_files.numbers(portal, schema.fields[name], values[name])
    if attachments.PHOTO in values:
        photo = attachments.photo(portal, before.get(attachments.PHOTO), values[attachments.PHOTO])
        values[attachments.PHOTO] = photo
    return values


HIDDEN = ["email", "bot", "imconnector"]
"""Kinds of users that lists leave out (inferred)."""
FOUND_BY = ("NAME", "LAST_NAME", "SECOND_NAME", "WORK_POSITION", "EMAIL")
FIXED = {"ID", "TIMESTAMP_X", "LAST_ACTIVITY_DATE", "USER_TYPE", "DATE_REGISTER"}
FRESH = {"ACTIVE": True, "IS_ONLINE": "N", "TIMESTAMP_X": {}, "LAST_ACTIVITY_DATE": {}}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

ROWS = (
    Method("user.search", _search, SCOPES, documented(f"{PAGE}/user-search")),
    Method("user.add", _add, ("user",), documented(f"{PAGE}/user-add")),
    Method("user.update", _update, ("user",), documented(f"{PAGE}/user-update")),
    Method("user.fields", _fields, SCOPES, documented(f"{PAGE}/user-fields")),
    Method("user.get", _get, SCOPES, documented(f"{PAGE}/user-get")),
    Method("user.current", _current, SCOPES, documented(f"{PAGE}/user-current")),
)
