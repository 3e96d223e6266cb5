"""Options of applications and users, names of rights, fields that duplicates are sought by.

Source: b24restdocs: api-reference/common/**, crm/duplicates/volatile-type/*.md.
"""

from typing import Any

from b24_emulator import php
from b24_emulator.access import ADMINISTRATOR
from b24_emulator.calls import Call, Result
from b24_emulator.documents import LEAD
from b24_emulator.entities import COMPANY, CONTACT, USER
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept
from sverka_emulator_kit.provenance import documented

COMMON = "api-reference/common"
GROUPS = {
    "G2": "Все посетители",
    "AU": "Все авторизованные пользователи",
    "G1": "Администраторы",
    "UA": "Все авторизованные пользователи",
}
SLOTS_MAX = 7
VOLATILE = "duplicate.volatile"
SEARCHED = (LEAD, CONTACT, COMPANY)
SYSTEM_FIELDS = {"TITLE", "NAME", "LAST_NAME", "SECOND_NAME", "COMPANY_TITLE", "ADDRESS", "POST",
                 "ORIGIN_ID", "ORIGINATOR_ID", "WEB", "COMMENTS"}  # fmt: skip


def _names(call: Call) -> Result:
    """Names of rights: groups, users `U1`, departments `D1`."""
    found = {}
    for code in (str(one) for one in php.rows(call.params.get("access"))):
        if name := GROUPS.get(code) or _user_name(call, code):
            provider = "other" if code in GROUPS else "user"
            found[code] = {"provider": "", "name": name, "provider_id": provider}
    return Result(found)


def _user_name(call: Call, code: str) -> str:
    number = php.integer(code[1:]) if code.startswith("U") else 0
    row = call.portal.tables[USER.name].rows.get(number)
    return f"{row['NAME']} {row['LAST_NAME']}".strip() if row else ""


def _access(call: Call) -> Result:
    """Whether the caller has any of these rights."""
    own = {f"U{call.caller.user_id}", "AU", "G2"}
    own |= {"G1"} if call.caller.user_id == ADMINISTRATOR else set()
    sent = call.params.get("access")
    asked = {str(sent)} if isinstance(sent, str) else {str(one) for one in php.rows(sent)}
    return Result(bool(own & asked))


def _admin(call: Call) -> Result:
    return Result(call.caller.user_id == ADMINISTRATOR)


def _owner(call: Call, *, of_user: bool) -> str:
    if not call.caller.client_id:
        raise PortalRefusal("AccessException", "Application context required", 403)
    whose = f"user.{call.caller.user_id}" if of_user else "app"
    return f"option.{call.caller.client_id}.{whose}"


def _option_get(*, of_user: bool) -> Handler:
    def answer(call: Call) -> Result:
        whole = kept(call.portal, _owner(call, of_user=of_user)) or {}
        name = call.text("option")
        return Result(whole.get(name, "") if name else whole)

    return answer


def _option_set(*, of_user: bool) -> Handler:
    def answer(call: Call) -> Result:
        owner = _owner(call, of_user=of_user)
        if not of_user and call.caller.user_id != ADMINISTRATOR:
            raise PortalRefusal("AccessException", "Administrator authorization required", 403)
        options = call.tree("options")
        if not options:
            raise PortalRefusal("ArgumentNullException", "options is empty")
        keep(call.portal, owner, {**(kept(call.portal, owner) or {}), **options})
        return Result(value=True)

    return answer


def _volatile(call: Call) -> list[dict[str, Any]]:  # Any: JSON
    return list(kept(call.portal, VOLATILE) or [])


def _volatile_fields(call: Call) -> Result:
    """Fields of leads, contacts and companies, also those of users."""
    return Result(
        [
            {
                "entityTypeId": entity.type_id,
                "fieldCode": name,
                "fieldTitle": field.descriptor["title"],
            }
            for entity in SEARCHED
            for name, field in call.portal.tables[entity.name].schema.fields.items()
            if name in SYSTEM_FIELDS or name in call.portal.tables[entity.name].schema.user_fields
        ]
    )


def _register(call: Call) -> Result:
    type_id, code = php.integer(needed(call, "entityTypeId")), str(needed(call, "fieldCode"))
    known = {(row["entityTypeId"], row["fieldCode"]) for row in _volatile_fields(call).value}
    if (type_id, code) not in known:
        raise PortalRefusal("FIELD_NOT_FOUND", "Field not found")
    rows = _volatile(call)
    found = next(
        (r["id"] for r in rows if (r["entityTypeId"], r["fieldCode"]) == (type_id, code)), 0
    )
    if found:
        return Result({"id": found})
    if len(rows) >= SLOTS_MAX:
        text = "There is already a maximum number of volatile types"
        raise PortalRefusal("MAX_TYPES_COUNT_EXCEEDED", text)
    number = max((row["id"] for row in rows), default=0) + 1
    new = {"id": number, "entityTypeId": type_id, "fieldCode": code}
    keep(call.portal, VOLATILE, [*rows, new])
    return Result({"id": number})


def _unregister(call: Call) -> Result:
    number = php.integer(needed(call, "id"))
    keep(call.portal, VOLATILE, [row for row in _volatile(call) if row["id"] != number])
    return Result(value=True)


ROWS = (
    Method("access.name", _names, (), documented(f"{COMMON}/system/access-name")),
    Method("user.access", _access, (), documented(f"{COMMON}/users/user-access")),
    Method("user.admin", _admin, (), documented(f"{COMMON}/users/user-admin")),
    *family(
        "app.option",
        f"{COMMON}/settings/app-option",
        {"get": _option_get(of_user=False), "set": _option_set(of_user=False)},
        (),
    ),
    *family(
        "user.option",
        f"{COMMON}/settings/user-option",
        {"get": _option_get(of_user=True), "set": _option_set(of_user=True)},
        (),
    ),
    *family(
        "crm.duplicate.volatiletype",
        "api-reference/crm/duplicates/volatile-type/crm-duplicate-volatile-type",
        {
            "fields": _volatile_fields,
            "list": lambda call: Result(_volatile(call)),
            "register": _register,
            "unregister": _unregister,
        },
    ),
)
