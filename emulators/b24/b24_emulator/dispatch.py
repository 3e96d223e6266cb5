"""From a method's name to its answer: known, allowed, within its running time, done."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b24_emulator import needs, refusals
from b24_emulator.access import ADMINISTRATOR
from b24_emulator.calls import Call, Caller, Result, Way
from b24_emulator.methods.row import Method
from b24_emulator.methods.table import METHODS
from b24_emulator.refusals import PortalRefusal
from b24_emulator.watched import Watched
from sverka_emulator_kit.record import Miss

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


def dispatch(
    portal: "Portal",
    name: str,
    params: Mapping[str, Any],  # Any: what was sent
    caller: Caller,
    missed: list[Miss] | None = None,
) -> Result:
    """Answer one method call.

    Args:
        missed: Gets the names that nobody read. A refused call may have stopped before it read
            all of them, so it tells of its method only.

    Raises:
        PortalRefusal: In the portal's words.
    """
    method = METHODS.get(name)
    if method is None:
        if missed is not None:
            missed.append(Miss("method", name, METHODS))
        raise refusals.method_unknown()
    _check_caller(portal, method, caller)
    _check_running_time(portal, name, caller)
    watched = Watched(params)
    call = Call(portal, caller, watched)
    if caller.user_id != ADMINISTRATOR:
        needs.check(name, call)
    result = method.handler(call)
    if missed is not None:
        missed += [*watched.unread(), *call.missed]
    return result


def operating_key(name: str, caller: Caller) -> str:
    """The account of running time: each method of each application or webhook has its own."""
    return f"{name}|{caller.actor}"


def _check_caller(portal: "Portal", method: Method, caller: Caller) -> None:
    own, needed = caller.scopes, method.scopes
    if own is not None and needed and own.isdisjoint(needed):
        what = "webhook token" if caller.way is Way.WEBHOOK else "access token"
        raise PortalRefusal(
            "insufficient_scope",
            f"The request requires higher privileges than provided by the {what}",
            portal.switches.scope_status,
        )
    if method.app_refusal and caller.way is not Way.APP:
        is_type = method.app_refusal == "WRONG_AUTH_TYPE"
        raise refusals.wrong_auth_type() if is_type else refusals.access_denied()


def _check_running_time(portal: "Portal", name: str, caller: Caller) -> None:
    limit_s = portal.limits.operating_s
    if limit_s is None or caller.way is Way.WINDOW:
        return
    if portal.operating.spent_s(operating_key(name, caller), portal.now_s) > limit_s:
        raise refusals.operation_time_limit()
