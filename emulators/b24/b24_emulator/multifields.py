"""PHONE, EMAIL, WEB, IM, LINK: many values in one field, each with an id of its own.

Source: b24restdocs: tutorials/crm/how-to-edit-crm-objects/how-to-change-email-or-phone.md.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from b24_emulator import php, refusals

Value = dict[str, str]
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def merged(
    name: str, present: Iterable[Value], sent: object, new_id: Callable[[], int]
) -> list[Value]:
    """The values of field `name` after a write of `sent`.

    A row without ID is appended, even a double; with the ID of a present value it changes
    that value, and deletes it if it says DELETE or brings no VALUE. What is not mentioned stays.

    Raises:
        PortalRefusal: An e-mail has no address in it.
    """
    values = {value["ID"]: value for value in present}
    for row in php.rows(sent):
        if isinstance(row, dict):
            _apply(name, values, row, new_id)
    return list(values.values())


def _apply(
    name: str,
    values: dict[str, Value],
    row: dict[str, Any],  # Any: what the caller sent
    new_id: Callable[[], int],
) -> None:
    number = str(row.get("ID") or "")
    text = str(row.get("VALUE") or "").strip()
    known = values.get(number)
    if known is not None and (php.flag(row.get("DELETE", "")) or not text):
        del values[number]
    elif known is not None:
        _check(name, text)
        kind = str(row.get("VALUE_TYPE") or known["VALUE_TYPE"])
        values[number] = {**known, "VALUE_TYPE": kind, "VALUE": text}
    elif text and not number:
        _check(name, text)
        kind = str(row.get("VALUE_TYPE") or "WORK")
        number = str(new_id())
        values[number] = {"ID": number, "VALUE_TYPE": kind, "VALUE": text, "TYPE_ID": name}


def _check(name: str, text: str) -> None:
    if name == "EMAIL" and not _EMAIL.fullmatch(text):
        raise refusals.save_failed(f"Invalid e-mail: {text}<br>")
