"""Events: bindings, and the offline queue. Source: b24restdocs: api-reference/events/*.md."""

from collections.abc import Callable
from typing import Any

from b24_emulator import app_events, lists, php, refusals
from b24_emulator.access import ADMINISTRATOR, hexes
from b24_emulator.calls import Call, Result
from b24_emulator.event_names import EVENTS, TRIED, is_event
from b24_emulator.filters import conditions, predicate
from b24_emulator.methods.row import Method
from b24_emulator.offline import OFFLINE, ONLINE, Binding, Entry, as_row
from b24_emulator.refusals import PortalRefusal
from b24_emulator.schema import schema
from sverka_emulator_kit.provenance import documented

PAGE = "api-reference/events"
PROCESS_ID_BYTES = 16
TAKEN_AT_ONCE = 50
NOT_QUERIED = {"auth", "auth_connector"}


def _events(call: Call) -> Result:
    return Result(list(EVENTS))


def _bind(call: Call) -> Result:
    event = call.text("event").upper()
    if not is_event(event):
        raise PortalRefusal("ERROR_EVENT_NOT_FOUND", "Event not found")
    binding = _binding(call, event)
    _check_rights(call, binding)
    if binding.event_type == ONLINE and not binding.handler:
        # Only the status is documented; code and text are inferred.
        raise PortalRefusal("ERROR_ARGUMENT", "Parameter 'handler' is empty")
    if binding.connector and not call.portal.tariff.auth_connector:
        raise refusals.tariff_too_small()
    if binding in call.portal.offline.bindings:
        raise refusals.save_failed("Unable to set event handler")
    call.portal.offline.bind(binding)
    return Result(value=True)


def _binding(call: Call, event: str) -> Binding:
    is_offline = _event_type(call) == OFFLINE
    return Binding(
        client_id=call.caller.client_id,
        event=event,
        event_type=OFFLINE if is_offline else ONLINE,
        handler="" if is_offline else call.text("handler"),
        auth_type=call.text("auth_type") or "0",
        connector=call.text("auth_connector") if is_offline else "",
        min_timeout_s=_min_timeout_s(call),
    )


def _check_rights(call: Call, binding: Binding) -> None:
    """A user without rights binds online events, and for himself only."""
    if call.caller.user_id == ADMINISTRATOR:
        return
    if binding.event_type == OFFLINE:
        raise refusals.administrators_only("Offline events binding")
    if binding.auth_type not in ("0", call.caller.user_id):
        raise refusals.administrators_only("Event binding with AUTH_TYPE")


def _min_timeout_s(call: Call) -> float:
    options = call.tree("options")
    return max(0.0, php.number(options["minTimeout"])) if "minTimeout" in options else 1.0


def _event_type(call: Call) -> str:
    # The PHP SDK sends a name that ends with a tab.
    return (call.text("event_type") or call.text("event_type\t")).lower()


def _unbind(call: Call) -> Result:
    """Undo the bindings that match what was given; what was left out matches all."""
    wanted = {
        "event": call.text("event").upper(),
        "handler": call.text("handler"),
        "auth_type": call.text("auth_type"),
        "event_type": _event_type(call),
        "connector": call.text("auth_connector"),
    }
    queue = call.portal.offline
    gone = [
        binding
        for binding in queue.bindings
        if binding.client_id == call.caller.client_id
        and all(not value or getattr(binding, name) == value for name, value in wanted.items())
    ]
    queue.bindings = [binding for binding in queue.bindings if binding not in gone]
    return Result({"count": len(gone)})


def _get(call: Call) -> Result:
    return Result(
        [
            _shown(binding)
            for binding in call.portal.offline.bindings
            if binding.client_id == call.caller.client_id
        ]
    )


def _shown(binding: Binding) -> dict[str, object]:
    row: dict[str, object] = {
        "event": binding.event,
        "handler": binding.handler,
        "auth_type": binding.auth_type,
        "offline": int(binding.event_type == OFFLINE),
    }
    # The name of this key is not shown in the documents (inferred).
    return row | ({"connector_id": binding.connector} if binding.event_type == OFFLINE else {})


def _queue(call: Call) -> list[Entry]:
    """The records of the queue that the call names.

    That a small tariff refuses a named queue, as it refuses to bind one, is inferred.
    """
    caller = call.caller
    if caller.connector and not call.portal.tariff.auth_connector:
        raise refusals.tariff_too_small()
    return call.portal.offline.of(caller.client_id, caller.connector, call.portal.now_s)


def _ranked(call: Call, entries: list[Entry], default: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of the queue after `filter` and `order`."""  # Any: JSON
    rules = schema("event.offline")
    is_false = call.portal.switches.event_data_is_false
    tests = [predicate(condition) for condition in conditions(rules, call.tree("filter"))]
    rows = [as_row(entry, data_is_false=is_false) for entry in entries]
    rows = [row for row in rows if all(test(row) for test in tests)]
    return lists.ranked(rows, lists.order(rules, call.tree("order") or default))


def _test(call: Call) -> Result:
    """Tell the application's handlers of ONAPPTEST, with all that was sent."""
    portal, caller = call.portal, call.caller
    query = {name: value for name, value in call.params.items() if name not in NOT_QUERIED}
    told = app_events.receivers(portal, caller.client_id, TRIED)
    application = portal.access.applications[caller.client_id]
    app_events.tell(portal, application, told, {"QUERY": query}, caller.user_id)
    return Result(1)


def _for_administrators(handler: Callable[[Call], Result]) -> Callable[[Call], Result]:
    def guarded(call: Call) -> Result:
        if call.caller.user_id != ADMINISTRATOR:
            raise refusals.access_denied()
        return handler(call)

    return guarded


@_for_administrators
def _offline_get(call: Call) -> Result:
    """Take records: for good, or with clear=0 under a process that confirms them later."""
    keeps = not call.flag("clear", default=True)
    if keeps and not call.portal.tariff.offline_extended:
        raise refusals.tariff_too_small()
    process_id = call.text("process_id")
    entries = _candidates(call, process_id)
    limit = php.integer(call.params.get("limit"))
    limit = limit if limit > 0 else TAKEN_AT_ONCE
    rows = _ranked(call, entries, {"TIMESTAMP_X": "ASC", "ID": "ASC"})[:limit]
    numbers = [int(row["ID"]) for row in rows]
    shown = [{k: v for k, v in row.items() if k not in _ONLY_LISTED} for row in rows]
    if not keeps:
        call.portal.offline.remove(numbers)
        return Result({"process_id": None, "events": shown})
    if not process_id:
        process_id = hexes(call.portal.chances.secrets, PROCESS_ID_BYTES)
        call.portal.offline.reserve(numbers, process_id, call.portal.now_s)
    return Result({"process_id": process_id, "events": shown})


_ONLY_LISTED = {"PROCESS_ID", "ERROR"}


def _candidates(call: Call, process_id: str) -> list[Entry]:
    """A known process sees its own records again; else free ones, or failed ones if asked."""
    entries = _queue(call)
    if process_id:
        return [entry for entry in entries if entry.process_id == process_id]
    is_failed = call.flag("error")
    return [e for e in entries if not e.process_id and e.is_failed == is_failed]


@_for_administrators
def _offline_list(call: Call) -> Result:
    rows = _ranked(call, _queue(call), {"ID": "ASC"})
    start, size = max(php.integer(call.params.get("start")), 0), call.portal.limits.page_size
    end = start + size
    return Result(rows[start:end], len(rows), end if end < len(rows) else None)


@_for_administrators
def _offline_clear(call: Call) -> Result:
    """Forget records of a process: those named, or all; twice is harmless."""
    call.portal.offline.remove(_named(call))
    return Result(value=True)


@_for_administrators
def _offline_error(call: Call) -> Result:
    call.portal.offline.fail(_named(call))
    return Result(value=True)


def _named(call: Call) -> list[int]:
    process_id = call.text("process_id")
    if not process_id:
        # That it is required is documented; code and text are inferred.
        raise PortalRefusal("PROCESS_ID_EMPTY", "Parameter 'process_id' is empty")
    entries = [entry for entry in _all_own(call) if entry.process_id == process_id]
    ids = {php.integer(value) for value in _sent_list(call, "id")}
    messages = {str(value) for value in _sent_list(call, "message_id")}
    if ids:
        entries = [entry for entry in entries if entry.number in ids]
    elif messages:
        entries = [entry for entry in entries if entry.message_id in messages]
    return [entry.number for entry in entries]


def _all_own(call: Call) -> list[Entry]:
    """Records of all the caller's queues: a process is known by its id alone."""
    own = call.caller.client_id
    return [entry for entry in call.portal.offline.entries.values() if entry.client_id == own]


def _sent_list(call: Call, name: str) -> list[Any]:  # Any: what was sent
    value = call.params.get(name)
    return php.rows(value) if isinstance(value, list | dict) else [value] if value else []


TYPE, DENIED = "WRONG_AUTH_TYPE", "ACCESS_DENIED"

ROWS = (
    Method("events", _events, (), documented(f"{PAGE}/events"), TYPE),
    Method("event.bind", _bind, (), documented(f"{PAGE}/event-bind"), TYPE),
    Method("event.unbind", _unbind, (), documented(f"{PAGE}/event-unbind"), TYPE),
    Method("event.get", _get, (), documented(f"{PAGE}/event-get"), TYPE),
    Method("event.test", _test, (), documented(f"{PAGE}/test-handler"), TYPE),
    Method("event.offline.get", _offline_get, (), documented(f"{PAGE}/event-offline-get"), DENIED),
    Method(
        "event.offline.list", _offline_list, (), documented(f"{PAGE}/event-offline-list"), DENIED
    ),
    Method(
        "event.offline.clear", _offline_clear, (), documented(f"{PAGE}/event-offline-clear"), DENIED
    ),
    Method(
        "event.offline.error", _offline_error, (), documented(f"{PAGE}/event-offline-error"), DENIED
    ),
)
