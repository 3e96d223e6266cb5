"""The control plane, `/_emulator/`: what a test or a console does to a system from outside."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import wraps
from typing import Any

import orjson
from flask import Blueprint, Response, request

from sverka_emulator_kit import exports, trouble
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.snapshots import NamedStates
from sverka_emulator_kit.system import System

ROOT = "/_emulator"
LOOPBACK = {"127.0.0.1", "::1"}
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "MERGE", "HEAD", "OPTIONS"]


def control_plane(
    system: System, lock: AbstractContextManager[bool], states: NamedStates
) -> Blueprint:
    """Routes over `system`, for loopback only. Answers are JSON; errors are `{error}` with 4xx."""
    plane = Blueprint("control", __name__, url_prefix=ROOT)

    def route(path: str, verb: str) -> Callable[[Callable[[], Any]], None]:
        def enter(handler: Callable[[], Any]) -> None:
            @wraps(handler)
            def guarded() -> Response:
                return _guarded(handler, lock)

            plane.add_url_rule(path, f"{verb} {path}", guarded, methods=[verb])

        return enter

    @route("/", "GET")
    def about() -> object:
        return {"system": system.name, "now_s": system.clock.now_s(), **system.gauges()}

    @route("/reset", "POST")
    def reset() -> object:
        system.reset()
        return {"reset": True}

    @route("/snapshot", "POST")
    def take() -> object:
        return {"name": states.take(str(_body().get("name") or ""))}

    @route("/restore", "POST")
    def restore() -> object:
        states.restore(str(_body().get("name")))
        return {"restored": True}

    @route("/export", "GET")
    def export() -> object:
        return exports.exported(system)

    @route("/import", "POST")
    def take_in() -> object:
        exports.take_in(system, _body())
        return {"imported": True}

    @route("/schema", "GET")
    def schema() -> object:
        return exports.schema(system)

    @route("/diff", "GET")
    def diff() -> object:
        asked = request.args
        return {"changes": states.difference(asked.get("from", ""), asked.get("to", ""))}

    @route("/records", "GET")
    def records() -> object:
        entity = request.args.get("entity")
        found = system.records()
        return found if entity is None else found.get(entity, {})

    @route("/calls", "GET")
    def calls() -> object:
        since_s = float(request.args.get("since", 0))
        return {"calls": [line.as_json() for line in system.calls.since(since_s)]}

    @route("/writes", "GET")
    def writes() -> object:
        since_s = float(request.args.get("since", 0))
        return {"writes": [asdict(touch) for touch in system.ledger.since(since_s)]}

    @route("/trouble", "GET")
    def troubles() -> object:
        standing = [entry.as_json() for entry in system.trouble.standing]
        return {"standing": standing, "met": dict(system.trouble.met)}

    @route("/trouble", "POST")
    def set_trouble() -> object:
        entry = trouble.from_json(dict(_body()))
        system.trouble.standing.append(entry)
        return entry.as_json()

    @route("/trouble", "DELETE")
    def clear_trouble() -> object:
        system.trouble.clear()
        return {"standing": []}

    @route("/clock", "GET")
    def clock() -> object:
        return {"now_s": system.clock.now_s(), "virtual": system.clock.is_virtual}

    @route("/clock", "POST")
    def move_clock() -> object:
        order = _body()
        if isinstance(system.clock, WallClock) and "freeze" in order:
            (system.clock.freeze if order["freeze"] else system.clock.unfreeze)()
        system.clock.advance(float(order.get("advance_s", 0)))
        return {"now_s": system.clock.now_s()}

    @route("/act", "POST")
    def act() -> object:
        order = _body()
        done = system.act(str(order["name"]), order.get("params", {}), str(order.get("user", "")))
        return {"result": done}

    def unknown(rest: str) -> Response:
        # Without this the system behind the door would answer, as to a call of a client's.
        return _json({"error": f"{request.method} /_emulator/{rest} is no order."}, 404)

    plane.add_url_rule("/<path:rest>", "unknown", unknown, methods=VERBS)
    return plane


def _guarded(handler: Callable[[], Any], lock: AbstractContextManager[bool]) -> Response:
    if reason := barred():
        return _json({"error": reason}, 403)
    try:
        with lock:
            return _json(handler(), 200)
    except (ValueError, TypeError, LookupError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def barred() -> str:
    """Why the present request may not come here, `""` if it may."""
    if request.remote_addr not in LOOPBACK:
        return f"The control plane answers loopback only, not {request.remote_addr}."
    if "Origin" in request.headers and request.headers["Origin"] != request.host_url.rstrip("/"):
        return f"Origin {request.headers['Origin']} is foreign. Call without it."
    return ""


def _body() -> Mapping[str, Any]:  # Any: a JSON object
    data = request.get_data()
    body = orjson.loads(data) if data else {}
    if not isinstance(body, dict):
        raise TypeError(f"The body must be a JSON object, not {type(body).__name__}.")
    return body


def _json(value: object, status: int) -> Response:
    data = orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(data, status, content_type="application/json; charset=utf-8")
