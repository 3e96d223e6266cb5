"""How answers are worded: the envelope of a success, and of a refusal.

Source: b24restdocs: settings/how-to-call-rest-api/*.md, _includes/system-errors.md.
"""

from typing import TYPE_CHECKING

import orjson

from b24_emulator import moments
from b24_emulator.calls import Result
from b24_emulator.refusals import PortalRefusal, V3Refusal
from b24_emulator.shapes import written

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Time = dict[str, float | int | str]


def time_of(portal: "Portal", key: str, start_s: float, takes_s: float, work_s: float) -> Time:
    """The `time` object with all eight keys; `key` names the account of running time."""
    finish_s = start_s + takes_s
    operating = portal.operating
    return {
        "start": round(start_s, 6),
        "finish": round(finish_s, 6),
        "duration": round(takes_s, 6),
        "processing": round(work_s, 6),
        "date_start": moments.written(start_s),
        "date_finish": moments.written(finish_s),
        "operating_reset_at": int(operating.resets_at_s(key, start_s)),
        "operating": operating.spent_s(key, start_s),
    }


def success(result: Result, time: Time) -> bytes:
    """Result, `next` and `total` where they belong, and the time; an empty array is `[]`."""
    value = result.value
    body: dict[str, object] = {"result": [] if isinstance(value, dict) and not value else value}
    if result.next_start is not None:
        body["next"] = result.next_start
    if result.total is not None:
        body["total"] = result.total
    body["time"] = time
    return orjson.dumps(body, default=written)


def refusal_v3(refused: V3Refusal) -> dict[str, object]:
    """The words of a refusal of REST 3.0 (b24restdocs: api-reference/rest-v3.md)."""
    details = {"validation": refused.validation} if refused.validation else {}
    return {"error": {"code": refused.code, "message": refused.text, **details}}


def refusal(refused: PortalRefusal) -> dict[str, str]:
    """The words of a refusal; there is no time in it."""
    if refused.code == "wrong_client":
        return {"error": refused.code}
    return {"error": refused.code, "error_description": refused.text}
