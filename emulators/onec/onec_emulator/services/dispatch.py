"""From a path under `/hs` to the handler that answers it, and its errors."""

import traceback
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from onec_emulator.odata.address import decoded
from onec_emulator.services import ANY, Answer, Call, HttpService, Template, is_parameter
from sverka_emulator_kit.messages import Reply, Request

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

TEXT = "text/plain; charset=utf-8"
RANKS = {"literal": 0, "parameter": 1, "rest": 2}


def answer(
    base: "Infobase", services: Mapping[str, HttpService], request: Request, path: str, user: str
) -> Reply:
    """Answer a call of a service; `path` is what follows `/hs`, still encoded."""
    found = _found(services, path)
    if found is None:
        return Reply(404, b"", TEXT)
    template, params = found
    handler = template.handlers.get(request.verb) or template.handlers.get(ANY)
    if handler is None:
        return Reply(405, b"", TEXT)
    call = Call(base, params, _query(request.query), request.headers, request.body, user)
    try:
        said = handler(call)
    except Exception as error:  # noqa: BLE001 - a handler's error is the caller's answer
        return Reply(500, _told(error).encode(), TEXT)
    if not isinstance(said, Answer):
        return Reply(500, "Обработчик не вернул HTTPСервисОтвет".encode(), TEXT)
    return Reply(said.status, said.body, said.content_type, said.headers)


def writes(services: Mapping[str, HttpService], request: Request, path: str) -> bool:
    """Whether a call is for a handler that writes records."""
    found = _found(services, path)
    if found is None:
        return False
    template, _ = found
    verb = request.verb if request.verb in template.handlers else ANY
    return verb in template.writing


def _found(
    services: Mapping[str, HttpService], path: str
) -> tuple[Template, Mapping[str, str]] | None:
    segments = [decoded(part) for part in path.strip("/").split("/")]
    service = services.get(segments[0])
    return None if service is None else match(service.templates, segments[1:])


def match(
    templates: Sequence[Template], path: Sequence[str]
) -> tuple[Template, Mapping[str, str]] | None:
    """The best template for a path with its parameters; literals outrank parameters, they `*`."""
    found = []
    for template in templates:
        params = _params(template.segments, path)
        if params is not None:
            found.append((tuple(map(_rank, template.segments)), template, params))
    if not found:
        return None
    _, template, params = min(found, key=lambda one: one[0])
    return template, params


def _params(segments: Sequence[str], path: Sequence[str]) -> dict[str, str] | None:
    has_rest = segments[-1] == ANY
    fixed = segments[:-1] if has_rest else segments
    if len(path) < len(fixed) or (len(path) > len(fixed) and not has_rest):
        return None
    params: dict[str, str] = {}
    for segment, part in zip(fixed, path, strict=False):
        if is_parameter(segment) and part:
            params[segment[1:-1]] = part
        elif segment != part:
            return None
    if has_rest:
        params[ANY] = "/" + "/".join(path[len(fixed) :])
    return params


def _rank(segment: str) -> int:
    if segment == ANY:
        return RANKS["rest"]
    return RANKS["parameter" if is_parameter(segment) else "literal"]


def _query(query: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {decoded(name): decoded(value) for name, _, value in pairs}


def _told(error: Exception) -> str:
    """What 1C shows of an error: module and line, then the words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{{{last.name}({last.lineno})}}: {error}"
