"""Addresses: six parts as the portal has them, one line as both sides compare it.

Source: b24restdocs: crm/requisites/addresses; 1C's library БСП, contact information, JSON form.
"""

import json
import re
from collections.abc import Mapping

from sverka.wire.odata import Json

PARTS = ("POSTAL_CODE", "PROVINCE", "REGION", "CITY", "ADDRESS_1", "ADDRESS_2")
BETWEEN, NOTHING = " / ", "-"
COUNTRY = "РОССИЯ"
CITY_TYPE = "г"

Parts = Mapping[str, str]


def line_of(parts: Parts) -> str:
    """`101000 / - / - / Москва / ул. Новая, 5 / -`, or `""` if all parts are empty."""
    words = [_word(parts.get(name) or "") for name in PARTS]
    return BETWEEN.join(word or NOTHING for word in words) if any(words) else ""


def _word(text: str) -> str:
    word = re.sub(r"\s*/\s*", "/", " ".join(str(text).split()))
    return "" if word == NOTHING else word


def parts_of(line: str) -> dict[str, str]:
    """All six parts of a line; the portal overwrites an address whole."""
    words = line.split(BETWEEN) if line else []
    words += [NOTHING] * (len(PARTS) - len(words))
    return {name: "" if word == NOTHING else word for name, word in zip(PARTS, words, strict=True)}


def shown(line: str) -> str:
    """As a person reads it: `101000, Москва, ул. Новая, 5`."""
    return ", ".join(word for word in parts_of(line).values() if word)


def from_row(value: str, presentation: str) -> str:
    """The line of a row of 1C's contact information.

    Args:
        value: JSON of the column Значение, `""` or of another kind in rows of older makers.
    """
    try:
        known = json.loads(value)
    except ValueError:
        known = None
    if isinstance(known, dict) and set(known) - {"value", "type", "comment"}:
        return line_of(_from_json(known))
    return line_of(_from_text(presentation))


def _from_json(known: Mapping[str, Json]) -> Parts:
    area, city = _typed(known, "area"), _typed(known, "city") or _typed(known, "locality")
    if not city and known.get("areaType") == CITY_TYPE:
        area, city = "", str(known["area"])
    house = str(known.get("houseNumber") or "")
    kind = str(known.get("houseType") or "дом").lower()
    street = [_typed(known, "street"), f"{kind} № {house}" if house else ""]
    rooms = [
        f"{room.get('type', '')} {room.get('number', '')}".strip()
        for room in known.get("apartments") or ()
    ]
    return {
        "POSTAL_CODE": str(known.get("ZIPcode") or ""),
        "PROVINCE": area,
        "REGION": _typed(known, "district"),
        "CITY": city,
        "ADDRESS_1": ", ".join(word for word in street if word),
        "ADDRESS_2": ", ".join(rooms) or str(known.get("comment") or ""),
    }


def _typed(known: Mapping[str, Json], name: str) -> str:
    """`Тверская обл`; a city's type is left out, since the portal's field says what it is."""
    text, kind = str(known.get(name) or ""), str(known.get(f"{name}Type") or "")
    return f"{text} {kind}".strip() if text and kind != CITY_TYPE else text


def _from_text(presentation: str) -> Parts:
    words = [word.strip() for word in presentation.split(",") if word.strip()]
    code = words.pop(0) if words and re.fullmatch(r"\d{6}", words[0]) else ""
    city = words.pop(0) if len(words) > 1 else ""
    return {"POSTAL_CODE": code, "CITY": city, "ADDRESS_1": ", ".join(words)}


def to_row(line: str) -> dict[str, Json]:
    """Columns of a row of 1C's contact information."""
    parts = parts_of(line)
    known = {
        "value": shown(line),
        "type": "Адрес",
        "country": COUNTRY,
        "addressType": "В свободной форме",
        "ZIPcode": parts["POSTAL_CODE"],
        "area": parts["PROVINCE"],
        "district": parts["REGION"],
        "city": parts["CITY"],
        "street": parts["ADDRESS_1"],
        "comment": parts["ADDRESS_2"],
    }
    return {
        "Представление": shown(line),
        "Значение": json.dumps(known, ensure_ascii=False),
        "ЗначенияПолей": "",
        "Страна": COUNTRY,
        "Регион": parts["PROVINCE"],
        "Город": parts["CITY"],
    }
