"""Injected refusals, worded as 1C and its web server word them."""

from xml.sax.saxutils import escape

import orjson

from onec_emulator.odata.answers import JSON, XML
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.encode import encode_error
from onec_emulator.odata.errors import ODataError
from onec_emulator.sessions import NO_LICENCE
from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.trouble import Refuse

SYSTEM = "http://v8.1c.ru/8.2/virtual-resource-system"
TEXTS = {
    # 403 and 406 were recorded; that a missing licence comes as 503 is inferred, nobody noted
    # its status. So is 500 for a lock: the words are the platform's.
    403: "Начало сеанса с информационной базой запрещено.",
    406: "Истекло время ожидания сеанса",
    503: NO_LICENCE,
}
LOCKED = (
    "Конфликт блокировок при выполнении транзакции: "
    "Превышено максимальное время ожидания предоставления блокировки"
)
PLAIN = "text/plain; charset=utf-8"
UNSAID = Refuse().description


def reworded(refusal: Refuse, ask: Ask) -> Reply:
    """The refusal as 1C says it; a description of one's own is kept.

    403 (base locked) and 503 (no licence) come in the exception's JSON envelope whatever was
    accepted, 406 (no session) in its XML; all others are errors of OData, or plain text where an
    HTTP service was called.
    """
    said = refusal.description != UNSAID
    text = refusal.description if said else TEXTS.get(refusal.status, LOCKED)
    if refusal.status in (403, 503):
        return _envelope(refusal.status, text, ask)
    if refusal.status == 406:
        return _session_exception(text)
    if ask.service is not None:
        return Reply(refusal.status, text.encode(), PLAIN)
    code = int(refusal.error) if refusal.error.removeprefix("-").isdecimal() else -1
    return encode_error(ask, ODataError(code, refusal.status, text))


def unlicensed(status: int, ask: Ask) -> Reply:
    """The refusal of a session beyond the number of licences, under a status of `Switches`."""
    return _envelope(status, NO_LICENCE, ask)


def _envelope(status: int, text: str, ask: Ask) -> Reply:
    request = ask.request
    body = {
        "#exception": f"{{{SYSTEM}}}Exception",
        "exception": {
            "reason": status,
            "descr": f"Ошибка при выполнении запроса {request.verb} к ресурсу {request.path}:",
            "inner": {"descr": text, "inner": {"descr": text, "creationStack": "", "data": ""}},
        },
    }
    return Reply(status, orjson.dumps(body), JSON)


def _session_exception(text: str) -> Reply:
    body = (
        f'<exception xmlns="{SYSTEM}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:type="Exception" clsid="580392e6-ba49-4280-ac67-fcd6f2180121" encoded="false"'
        f' reason="406"><descr xmlns="http://v8.1c.ru/8.1/data/core">{escape(text)}</descr>'
        "</exception>"
    )
    return Reply(406, body.encode(), XML)
