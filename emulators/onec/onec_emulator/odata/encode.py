"""From an operation's answer, or its refusal, to an HTTP reply."""

import re
from base64 import b64encode
from xml.sax.saxutils import escape

import orjson

from onec_emulator.odata.answers import (
    ATOM_ENTRY,
    ATOM_FEED,
    JSON,
    XML,
    Answer,
    Names,
    One,
    Plain,
    Property,
    Rows,
)
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.atom_form import DECLARATION, SERVICES, UNWRITABLE
from onec_emulator.odata.errors import ODataError
from onec_emulator.odata.service import Service
from sverka_emulator_kit.messages import Reply

HEADERS = (("DataServiceVersion", "3.0"),)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What no header may hold: a key of a register is a text that its writer chose."""


def encode(service: Service, ask: Ask, answer: Answer) -> Reply:
    """Write an answer in the form that was asked for."""
    if isinstance(answer, Plain):
        return Reply(answer.status, answer.body, answer.content_type, HEADERS, answer.rest)
    body, kind = _atom(service, ask, answer) if ask.form == "atom" else _json(service, ask, answer)
    if isinstance(answer, One):
        return Reply(answer.status, body, kind, HEADERS + _location(answer))
    return Reply(200, body, kind, HEADERS)


def encode_error(ask: Ask, error: ODataError) -> Reply:
    """Write a refusal: JSON for those who asked for it, else XML."""
    if ask.form == "atom":
        # That such a text may come so is observed (DSN); when it does is inferred.
        is_writable = UNWRITABLE.search(error.text) is None
        said = error.text if is_writable else b64encode(error.text.encode()).decode()
        message = f'<message xml:lang="ru">{escape(said)}</message>'
        space = f"{SERVICES}/metadata"
        text = f'<error xmlns="{space}"><code>{error.code}</code>{message}</error>'
        return Reply(error.status, (DECLARATION + text).encode(), XML, HEADERS)
    told = {"code": str(error.code), "message": {"lang": "ru", "value": error.text}}
    return Reply(error.status, orjson.dumps({"odata.error": told}), JSON, HEADERS)


def _json(service: Service, ask: Ask, answer: Rows | One | Property | Names) -> tuple[bytes, str]:
    match answer:
        case Rows():
            return service.json.rows(answer, ask.form, ask.root), JSON
        case One():
            return service.json.one(answer, ask.form, ask.root), JSON
        case Property():
            return service.json.property(answer, ask.form, ask.root), JSON
        case Names():
            return service.json.names(answer, ask.form, ask.root), JSON


def _atom(service: Service, ask: Ask, answer: Rows | One | Property | Names) -> tuple[bytes, str]:
    match answer:
        case Rows() if answer.schema.is_complex:
            return service.atom.complex_rows(answer), XML
        case Rows():
            return service.atom.rows(answer, ask.root, service.now()), ATOM_FEED
        case One():
            return service.atom.one(answer, ask.root, service.now()), ATOM_ENTRY
        case Property():
            return service.atom.property(answer), XML
        case Names():
            return service.atom.names(answer, ask.root), XML


def _location(answer: One) -> tuple[tuple[str, str], ...]:
    if not answer.location:
        return ()
    # 1C sends raw Cyrillic here, not percent-encoded, and strict clients choke on it.
    location = CONTROL.sub(lambda found: f"%{ord(found[0]):02X}", answer.location)
    return (("Location", location),)
