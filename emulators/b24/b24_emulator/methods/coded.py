"""Small sets that applications register by a code: badges, icons, logos, types of activities.

Source: b24restdocs: api-reference/crm/timeline/**.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from b24_emulator import php
from b24_emulator.calls import Call, Result
from b24_emulator.methods.items import needed
from b24_emulator.methods.row import Handler, Method, family
from b24_emulator.refusals import PortalRefusal
from b24_emulator.surroundings import keep, kept

PAGES = "api-reference/crm/timeline"
Entry = dict[str, Any]  # Any: JSON
SYSTEM = ("call", "arrow-down", "info", "check")


@dataclass(frozen=True, slots=True)
class Coded:
    """One such set.

    Attributes:
        one: The wrapper of one entry, `many` that of all.
        made: An entry of what was sent.
        system: Codes that every portal has.
    """

    one: str
    many: str
    required: tuple[str, ...]
    made: Callable[[Call], Entry]
    system: tuple[str, ...] = ()
    has_total: bool = False


def _all(call: Call, kind: Coded) -> dict[str, Entry]:
    fixed = {code: {"code": code, "isSystem": True, "fileUri": ""} for code in kind.system}
    return fixed | dict(kept(call.portal, f"coded.{kind.one}") or {})


def _entry(call: Call, kind: Coded) -> Entry:
    found = _all(call, kind).get(str(needed(call, "code")))
    if found is None:
        raise PortalRefusal("NOT_FOUND", f"No {kind.one} with this code")
    return found


def _add_of(kind: Coded) -> Handler:
    def answer(call: Call) -> Result:
        for name in kind.required:
            needed(call, name)
        entry = kind.made(call)
        own = dict(kept(call.portal, f"coded.{kind.one}") or {})
        keep(call.portal, f"coded.{kind.one}", {**own, entry["code"]: entry})
        return Result({kind.one: entry})

    return answer


def _list_of(kind: Coded) -> Handler:
    def answer(call: Call) -> Result:
        rows = list(_all(call, kind).values())
        return Result({kind.many: rows}, len(rows) if kind.has_total else None)

    return answer


def _delete_of(kind: Coded) -> Handler:
    def answer(call: Call) -> Result:
        code = _entry(call, kind)["code"]
        own = dict(kept(call.portal, f"coded.{kind.one}") or {})
        if code not in own:
            raise PortalRefusal("ACCESS_DENIED", "Access denied", 403)
        keep(call.portal, f"coded.{kind.one}", {n: e for n, e in own.items() if n != code})
        return Result(value=True)

    return answer


def _four(kind: Coded) -> dict[str, Handler]:
    return {
        "add": _add_of(kind),
        "get": lambda call: Result({kind.one: _entry(call, kind)}),
        "list": _list_of(kind),
        "delete": _delete_of(kind),
    }


def _badge(call: Call) -> Entry:
    return {name: call.text(name) for name in ("code", "title", "value", "type")}


def _image(call: Call) -> Entry:
    code = call.text("code")
    return {"code": code, "isSystem": False, "fileUri": f"/upload/crm/{code}"}


BADGE = Coded("badge", "badges", ("code", "title", "value", "type"), _badge)
ICON = Coded("icon", "icons", ("code", "fileContent"), _image, SYSTEM, has_total=True)
LOGO = Coded("logo", "logos", ("code", "fileContent"), _image, SYSTEM, has_total=True)


def _types(call: Call) -> dict[str, Entry]:
    return dict(kept(call.portal, "activity.types") or {})


def _type_add(call: Call) -> Result:
    sent = {str(name).upper(): value for name, value in call.tree("fields").items()}
    code = str(sent.get("TYPE_ID") or "")
    if not code or code in _types(call):
        raise PortalRefusal("INVALID_ARG_VALUE", "TYPE_ID is empty or already in use")
    is_configurable = "Y" if php.flag(sent.get("IS_CONFIGURABLE_TYPE", "")) else "N"
    entry = {
        "TYPE_ID": code,
        "NAME": str(sent.get("NAME") or ""),
        "IS_CONFIGURABLE_TYPE": is_configurable,
        "ICON_ID": "0",
    }
    keep(call.portal, "activity.types", {**_types(call), code: entry})
    return Result(value=True)


def _type_delete(call: Call) -> Result:
    code = call.text("type_id")
    if code not in _types(call):
        raise PortalRefusal("INVALID_ARG_VALUE", "No such type of activities")
    keep(call.portal, "activity.types", {n: e for n, e in _types(call).items() if n != code})
    return Result(value=True)


LOGS = f"{PAGES}/logmessage"
ROWS: tuple[Method, ...] = (
    *family(
        "crm.activity.badge",
        f"{PAGES}/activities/configurable/badges/crm-activity-badge",
        _four(BADGE),
    ),
    *family("crm.timeline.icon", f"{LOGS}/icons/crm-timeline-icon", _four(ICON)),
    *family("crm.timeline.logo", f"{LOGS}/logo/crm-timeline-logo", _four(LOGO)),
    *family(
        "crm.activity.type",
        f"{PAGES}/activities/types/crm-activity-type",
        {
            "add": _type_add,
            "delete": _type_delete,
            "list": lambda call: Result(list(_types(call).values())),
        },
    ),
)
