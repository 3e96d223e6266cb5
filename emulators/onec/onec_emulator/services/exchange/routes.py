"""What a route of the exchange service is, and how it refuses: one declaration for both.

The same table is what the service answers by and what its OpenAPI is written from, so neither can
promise what the other does not do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from onec_emulator.rules.documents import WriteRefused
from onec_emulator.services import Answer, Call, Handler

Schema = Mapping[str, Any]  # Any: a JSON Schema

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One verb on one template of the service.

    Attributes:
        name: What it is called in the OpenAPI, `listClients`.
        about: What it does, in a sentence.
        query: Schema of each parameter of the query; all may be left out.
        body: Schema of the body, None if it takes none.
        answers: Schema by status, None for an answer without a body; refusals are added.
        refusals: Statuses that come with a refusal beside 400.
        writes: Whether it writes what a file base's tables hold.
    """

    verb: str
    path: str
    name: str
    about: str
    handler: Handler
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    answers: Mapping[int, Schema | None]
    refusals: tuple[int, ...] = ()
    writes: bool = False


class Refused(ValueError):
    """The service refuses a call.

    Attributes:
        status: HTTP status of the answer.
        thing: What it is about: a parameter, a field, a record.
        value: What was sent or found there.
        remedy: What the caller can do.
    """

    def __init__(self, status: int, text: str, *, thing: str, value: object, remedy: str) -> None:
        super().__init__(f"{text} {remedy}")
        self.status = status
        self.thing = thing
        self.value = value
        self.remedy = remedy


REFUSAL: Schema = {
    "type": "object",
    "properties": {"error": TEXT, "thing": TEXT, "value": {}, "remedy": TEXT},
    "required": ["error", "thing", "value", "remedy"],
    "additionalProperties": False,
}


def guarded(handler: Handler) -> Handler:
    """The handler, with its refusals as JSON; any other error is the platform's 500."""

    def answer(call: Call) -> Answer:
        try:
            return handler(call)
        except Refused as refused:
            return _refusal(refused)
        except WriteRefused as refused:
            remedy = "Исправьте данные по тексту ошибки и повторите."
            status, thing, value = 422, refused.handler, refused.reason
            return _refusal(Refused(status, str(refused), thing=thing, value=value, remedy=remedy))

    return answer


def _refusal(refused: Refused) -> Answer:
    said = {
        "error": str(refused),
        "thing": refused.thing,
        "value": refused.value,
        "remedy": refused.remedy,
    }
    return Answer.json(said, refused.status)


def body_of(call: Call) -> dict[str, Any]:  # Any: JSON
    """The body as a JSON object; an empty one is an empty object.

    Raises:
        Refused: It is anything else.
    """
    try:
        body = call.json()
    except orjson.JSONDecodeError as error:
        raise _no_object(call.body.decode(errors="replace")[:SHOWN]) from error
    if not isinstance(body, dict):
        raise _no_object(body)
    return body


SHOWN = 100
"""So many characters of a body that is no JSON are shown back."""


def _no_object(value: object) -> Refused:
    remedy = "Передайте объект в кодировке UTF-8: {}."
    return Refused(400, "Тело не является объектом JSON.", thing="body", value=value, remedy=remedy)


def count_of(call: Call, name: str, default: int, limit: int) -> int:
    """A whole number of the query, from 0 to `limit`.

    Raises:
        Refused: It is anything else.
    """
    text = call.query.get(name, str(default))
    if text.isascii() and text.isdecimal() and int(text) <= limit:
        return int(text)
    remedy = f"Передайте целое число от 0 до {limit}."
    raise Refused(400, f"Параметр {name} не принят.", thing=name, value=text, remedy=remedy)
