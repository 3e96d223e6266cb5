"""The control plane, `/_emulator/`: what a test or a console does to a system from outside."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from flask import Response, request

from sverka_emulator_kit import exports, trouble
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.guard import barred
from sverka_emulator_kit.snapshots import NamedStates
from sverka_emulator_kit.state import shown
from sverka_emulator_kit.system import System

ROOT = "/_emulator"


@dataclass(frozen=True, slots=True)
class Desk:
    """What an order is about."""

    system: System
    states: NamedStates


Handler = Callable[[Desk], object]
ORDERS: dict[tuple[str, str], Handler] = {}
"""(verb, path below the root) → what does it and returns JSON.

A table of our own: Werkzeug takes most of a millisecond for each route, at each start of a server.
"""


def order(verb: str, path: str) -> Callable[[Handler], Handler]:
    def enter(handler: Handler) -> Handler:
        ORDERS[verb, path] = handler
        return handler

    return enter


def control_plane(
    system: System, lock: AbstractContextManager[bool], states: NamedStates
) -> Callable[[str], Response]:
    """Answers to a path below the root, for this machine only: JSON; errors are `{error}`, 4xx."""
    desk = Desk(system, states)

    def answer(path: str) -> Response:
        if reason := barred():
            return _json({"error": reason}, 403)
        verb = "GET" if request.method == "HEAD" else request.method
        handler = ORDERS.get((verb, path or "/"))
        if handler is None:
            # Without this the system behind the door would answer, as to a call of a client's.
            return _json({"error": f"{request.method} {ROOT}{path} is no order."}, 404)
        try:
            with lock:
                return _json(handler(desk), 200)
        except (ValueError, TypeError, LookupError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)

    return answer


@order("GET", "/")
def about(desk: Desk) -> object:
    return {"system": desk.system.name, "now_s": desk.system.clock.now_s(), **desk.system.gauges()}


@order("POST", "/reset")
def reset(desk: Desk) -> object:
    desk.system.reset()
    return {"reset": True}


@order("POST", "/snapshot")
def take(desk: Desk) -> object:
    return {"name": desk.states.take(str(_body().get("name") or ""))}


@order("POST", "/restore")
def restore(desk: Desk) -> object:
    desk.states.restore(str(_body().get("name")))
    return {"restored": True}


@order("GET", "/export")
def export(desk: Desk) -> object:
    return exports.exported(desk.system)


@order("POST", "/import")
def take_in(desk: Desk) -> object:
    exports.take_in(desk.system, _body())
    return {"imported": True}


@order("GET", "/schema")
def schema(desk: Desk) -> object:
    return exports.schema(desk.system)


@order("GET", "/diff")
def diff(desk: Desk) -> object:
    asked = request.args
    return {"changes": desk.states.difference(asked.get("from", ""), asked.get("to", ""))}


@order("GET", "/records")
def records(desk: Desk) -> object:
    entity = request.args.get("entity")
    found = desk.system.records()
    return found if entity is None else found.get(entity, {})


@order("GET", "/calls")
def calls(desk: Desk) -> object:
    since_s = float(request.args.get("since", 0))
    return {"calls": [line.as_json() for line in desk.system.calls.since(since_s)]}


@order("GET", "/writes")
def writes(desk: Desk) -> object:
    since_s = float(request.args.get("since", 0))
    return {"writes": [asdict(touch) for touch in desk.system.ledger.since(since_s)]}


@order("GET", "/trouble")
def troubles(desk: Desk) -> object:
    standing = [entry.as_json() for entry in desk.system.trouble.standing]
    return {"standing": standing, "met": dict(desk.system.trouble.met)}


@order("POST", "/trouble")
def set_trouble(desk: Desk) -> object:
    entry = trouble.from_json(dict(_body()))
    desk.system.trouble.standing.append(entry)
    return entry.as_json()


@order("DELETE", "/trouble")
def clear_trouble(desk: Desk) -> object:
    desk.system.trouble.clear()
    return {"standing": []}


@order("GET", "/clock")
def clock(desk: Desk) -> object:
    return {"now_s": desk.system.clock.now_s(), "virtual": desk.system.clock.is_virtual}


@order("POST", "/clock")
def move_clock(desk: Desk) -> object:
    sent = _body()
    if isinstance(desk.system.clock, WallClock) and "freeze" in sent:
        (desk.system.clock.freeze if sent["freeze"] else desk.system.clock.unfreeze)()
    desk.system.clock.advance(float(sent.get("advance_s", 0)))
    return {"now_s": desk.system.clock.now_s()}


@order("POST", "/act")
def act(desk: Desk) -> object:
    sent = _body()
    done = desk.system.act(str(sent["name"]), sent.get("params", {}), str(sent.get("user", "")))
    return {"result": done}


def _body() -> Mapping[str, Any]:  # Any: a JSON object
    data = request.get_data()
    body = orjson.loads(data) if data else {}
    if not isinstance(body, dict):
        raise TypeError(f"The body must be a JSON object, not {type(body).__name__}.")
    return body


def _json(value: object, status: int) -> Response:
    data = orjson.dumps(value, default=shown, option=orjson.OPT_NON_STR_KEYS)
    return Response(data, status, content_type="application/json; charset=utf-8")
