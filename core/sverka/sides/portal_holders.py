"""Whose a requisite of a client is now: a merge on the portal moves it to the survivor."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sverka.asks import Flow
from sverka.records import Link, split_key, typed_key
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import Row, rows_of
from sverka.sides.side import Holders
from sverka.wire.b24_cards import SHAPE_OF_TYPE

T = TypeVar("T")

REQUISITES = "crm.requisite.list"


def holders_of(calls: PortalCalls, links: Sequence[Link]) -> Flow[dict[str, Holders]]:
    """Who holds the requisite that we made, and who one with that INN and KPP, by infobase key."""
    guids = {link.infobase_key: split_key(link.infobase_key)[1] for link in links}
    numbers = {link.infobase_key: _numbers(link) for link in links}
    inns = list(dict.fromkeys(inn for inn, _ in numbers.values() if inn))
    ours = yield from rows_of(calls, REQUISITES, {"@XML_ID": list(guids.values())})
    alike = yield from rows_of(calls, REQUISITES, {"@RQ_INN": inns})
    by_guid = _owners(ours, lambda row: _text(row, "XML_ID").lower())
    by_numbers = _owners(alike, lambda row: (_text(row, "RQ_INN"), _text(row, "RQ_KPP")))
    return {
        key: Holders(by_guid.get(guid, ()), by_numbers.get(numbers[key], ()))
        for key, guid in guids.items()
    }


def _numbers(link: Link) -> tuple[str, str]:
    base = link.portal_base
    return str(base.get("inn") or ""), str(base.get("kpp") or "")


def _text(row: Row, name: str) -> str:
    return str(row.get(name) or "").strip()


def _owners(rows: Sequence[Row], of: Callable[[Row], T]) -> dict[T, tuple[str, ...]]:
    found: dict[T, dict[str, None]] = {}
    for row in rows:
        if shape := SHAPE_OF_TYPE.get(str(row["ENTITY_TYPE_ID"])):
            found.setdefault(of(row), {})[typed_key(shape, row["ENTITY_ID"])] = None
    return {what: tuple(keys) for what, keys in found.items()}
