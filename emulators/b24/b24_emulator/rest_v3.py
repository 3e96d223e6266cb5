"""REST 3.0: its own address, envelope and refusals, for what it has of the emulated scopes.

CRM, catalogue and events are not there: a name of the older API is unknown here.
Source: b24restdocs: api-reference/rest-v3.md; a batch on the wire: b24jssdk: JS/core/http/v3.ts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from b24_emulator.refusals import V3Refusal
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.provenance import Provenance, documented, inferred

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

PAGE = "api-reference/rest-v3"
BATCH = "batch"
COMMANDS_MAX = 50
KEY_CHARACTERS_MAX = 255
IDEMPOTENCY_KEY = "idempotency-key"


@dataclass(frozen=True, slots=True)
class MethodV3:
    """One method of REST 3.0.

    Attributes:
        answer: From portal to the whole body but for `time`; the document comes without envelope.
        is_bare: No `time` is added (observed: b24jssdk: JS/core/http/abstract-http.ts).
    """

    answer: Callable[["Portal"], dict[str, Any]]
    source: Provenance
    is_bare: bool = False


def params_of(request: Request) -> dict[str, Any]:  # Any: JSON
    """The arguments: a JSON object or array in the body of a POST, nothing of the query.

    Raises:
        V3Refusal: The body is no JSON.
    """
    if request.verb == "GET" or not request.body:
        return {}
    if "json" not in request.headers.get("content-type", ""):
        raise _no_json()
    try:
        sent = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise _no_json() from error
    if isinstance(sent, list):
        return {str(number): value for number, value in enumerate(sent)}
    if not isinstance(sent, dict):
        raise _no_json()
    return sent


def answered(portal: "Portal", name: str, request: Request) -> dict[str, Any]:  # Any: JSON
    """The body of a success without its `time`, or a bare document.

    Raises:
        V3Refusal: In the words of REST 3.0.
    """
    _check_key(request)
    params = params_of(request)
    return {"result": _batch(portal, params)} if name == BATCH else _called(portal, name)


def echoed(request: Request) -> tuple[tuple[str, str], ...]:
    """The key of a call comes back with its answer; no method that is here keeps an answer."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    return (("Idempotency-Key", key),) if key else ()


def is_bare(name: str) -> bool:
    return name in METHODS_V3 and METHODS_V3[name].is_bare


def _called(portal: "Portal", name: str) -> dict[str, Any]:
    method = METHODS_V3.get(name)
    if method is None:
        # Its status is inferred: objects that are not found are 400 as well.
        raise V3Refusal("METHODNOTFOUNDEXCEPTION", f"Method `{name}` not found")
    return method.answer(portal)


def _check_key(request: Request) -> None:
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None or (1 <= len(key) <= KEY_CHARACTERS_MAX and key.isascii() and key.isprintable()):
        return
    raise V3Refusal(
        "INVALIDIDEMPOTENCYKEYEXCEPTION",
        f"Idempotency-Key must be 1 to {KEY_CHARACTERS_MAX} printable ASCII characters",
    )


def _batch(portal: "Portal", params: Mapping[str, Any]) -> list[Any]:
    """Results in the order of the commands; one that fails fails the whole (inferred: b24jssdk).

    Clients that copy their array send an object with the keys 0, 1, 2…, which PHP takes for one.
    """
    lines = [value for key, value in params.items() if key != "auth"]
    if "cmd" in params or not all(isinstance(line, dict) and "method" in line for line in lines):
        raise V3Refusal("INVALIDSELECTEXCEPTION", "A batch is an array of `method` and `query`")
    if not 0 < len(lines) <= COMMANDS_MAX:
        message = f"A batch has 1 to {COMMANDS_MAX} commands, not {len(lines)}"
        field = {"field": BATCH, "message": message}
        raise V3Refusal("VALIDATION_REQUESTVALIDATIONEXCEPTION", message, validation=(field,))
    bodies = [_called(portal, str(line["method"]).lower()) for line in lines]
    return [body.get("result", body) for body in bodies]


def _no_json() -> V3Refusal:
    return V3Refusal("INVALIDJSONEXCEPTION", "The request body is not valid JSON")


def _scopes(portal: "Portal") -> dict[str, Any]:
    rows = [
        {"method": row.name, "scope": scope}
        for row in portal.methods.values()
        for scope in row.scopes
    ]
    return {"result": {"items": rows}}


def _document(portal: "Portal") -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    operation = {"tags": ["rest"], "responses": {"200": {"description": "OK", **body}}}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Bitrix24 REST V3 API", "version": "1.0.0"},
        "tags": [{"name": "rest", "description": "rest module methods"}],
        "paths": {f"/{name}": {"get": operation, "post": operation} for name in METHODS_V3},
        "components": {"schemas": {}},
    }


METHODS_V3: Mapping[str, MethodV3] = {
    "rest.scope.list": MethodV3(_scopes, inferred("the page names what it tells, no key of it")),
    "rest.documentation.openapi": MethodV3(_document, documented(PAGE), is_bare=True),
    "documentation": MethodV3(_document, documented(PAGE), is_bare=True),
}
