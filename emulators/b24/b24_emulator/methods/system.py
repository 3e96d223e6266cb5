"""What a client asks about the portal and itself. Source: api-reference/common/system/*.md."""

from typing import Any

from b24_emulator import attachments, moments
from b24_emulator.access import SCOPES
from b24_emulator.calls import Call, Result, Way
from b24_emulator.methods import users
from b24_emulator.methods.row import Method
from b24_emulator.refusals import PortalRefusal
from sverka_emulator_kit.provenance import documented

PAGE = "api-reference/common/system"


def _profile(call: Call) -> Result:
    row = attachments.in_user(call.portal, users.own(call))
    kept = ("NAME", "LAST_NAME", "PERSONAL_GENDER", "TIME_ZONE")
    shown = {name: row[name] for name in kept}
    if photo := row.get(attachments.PHOTO):
        shown[attachments.PHOTO] = photo
    return Result({"ID": row["ID"], "ADMIN": row["ID"] == "1", **shown})


def _server_time(call: Call) -> Result:
    return Result(moments.written(call.portal.now_s))


def _scope(call: Call) -> Result:
    return Result(list(SCOPES) if call.flag("full") else _own_scopes(call))


def _own_scopes(call: Call) -> list[str]:
    own = call.caller.scopes
    return [scope for scope in SCOPES if own is None or scope in own]


def _methods(call: Call) -> Result:
    wanted = call.text("scope")
    return Result(
        [
            row.name
            for row in call.portal.methods.values()
            if (call.flag("full") or _is_available(call, row))
            and (not wanted or wanted in row.scopes)
        ]
    )


def _is_available(call: Call, row: Method) -> bool:
    scopes = _own_scopes(call)
    is_allowed = not row.scopes or any(scope in scopes for scope in row.scopes)
    return is_allowed and (not row.app_refusal or call.caller.way is Way.APP)


def _method_get(call: Call) -> Result:
    row = call.portal.methods.get(call.text("name").lower())
    is_available = row is not None and _is_available(call, row)
    return Result({"isExisting": row is not None, "isAvailable": is_available})


def _feature_get(call: Call) -> Result:
    code = call.text("code")
    if not code:
        raise PortalRefusal("CODE_EMPTY", "Code can't be empty")
    has = call.portal.tariff.features.get(code, False)
    return Result({"value": "Y" if has else "N"})


def _app_info(call: Call) -> Result:
    portal, license_name = call.portal, call.portal.tariff.license
    application = portal.access.applications.get(call.caller.client_id)
    if application is None and portal.switches.app_info_by_webhook:
        return Result({"SCOPE": _own_scopes(call), "LICENSE": license_name})
    if application is None:
        raise PortalRefusal("ACCESS_DENIED", "Access denied! Application context required")
    info: dict[str, Any] = {  # Any: JSON
        "ID": 1,
        "CODE": application.code,
        "VERSION": application.version,
        "STATUS": "L",
        "INSTALLED": True,
        "PAYMENT_EXPIRED": "N",
        "DAYS": None,
        "LANGUAGE_ID": "ru",
        "LICENSE": license_name,
        "LICENSE_TYPE": license_name.removeprefix("ru_"),
        "LICENSE_FAMILY": license_name.removeprefix("ru_").rstrip("0123456789"),
    }
    return Result(info)


def _nested_batch(call: Call) -> Result:
    """The request path runs a batch itself: who comes here sent one inside another."""
    raise PortalRefusal("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch", 405)


ROWS = (
    Method("batch", _nested_batch, (), documented("settings/how-to-call-rest-api/batch")),
    Method("profile", _profile, (), documented("api-reference/common/users/profile")),
    Method("server.time", _server_time, (), documented(f"{PAGE}/server-time")),
    Method("scope", _scope, (), documented(f"{PAGE}/scope")),
    Method("methods", _methods, (), documented(f"{PAGE}/methods")),
    Method("method.get", _method_get, (), documented(f"{PAGE}/method-get")),
    Method("feature.get", _feature_get, (), documented(f"{PAGE}/feature-get")),
    Method("app.info", _app_info, (), documented(f"{PAGE}/app-info")),
)
