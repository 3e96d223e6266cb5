"""The service's OpenAPI 3.1, written from the same routes that answer."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from onec_emulator.services.exchange.routes import REFUSAL, TEXT, Route, Schema

Document = dict[str, Any]  # Any: JSON
VERSION = "1.0.0"


def document(
    configuration: str, server: str, routes: Iterable[Route], schemas: Mapping[str, Schema]
) -> Document:
    """The document of a base's service at the address `server`."""
    paths: dict[str, Document] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Сервис обмена эмулятора 1С, {configuration}",
            "version": VERSION,
            "description": "Имена и типы полей - самой базы. Маршруты наши, не фирмы 1С.",
        },
        "servers": [{"url": server}],
        "security": [{"basic": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
            "schemas": {"Refusal": REFUSAL, **schemas},
        },
    }


def _operation(route: Route) -> Document:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    in_query = [
        {"name": name, "in": "query", "schema": schema} for name, schema in route.query.items()
    ]
    operation: Document = {
        "operationId": route.name,
        "summary": route.about,
        "parameters": in_path + in_query,
        "responses": _responses(route),
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(route.body)}
    return operation


def _responses(route: Route) -> Document:
    refusal = {"$ref": "#/components/schemas/Refusal"}
    refused = dict.fromkeys((400, *route.refusals), refusal)
    answers = {**route.answers, 401: None, **refused}
    return {str(status): _response(status, schema) for status, schema in sorted(answers.items())}


def _response(status: int, schema: Schema | None) -> Document:
    said: Document = {"description": HTTPStatus(status).phrase}
    return said if schema is None else {**said, "content": _json(schema)}


def _json(schema: Schema) -> Document:
    return {"application/json": {"schema": schema}}
