"""Whose a requisite of a client is now: a merge on the portal moves it to the survivor."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sverka.asks import Flow
from sverka.decide.fates import reach_of
from sverka.records import Link, split_key, typed_key
from sverka.settings import Shape
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import Row, rows_of, value_of
from sverka.sides.side import Holders
from sverka.wire.b24 import Command
from sverka.wire.b24_cards import SHAPE_OF_TYPE

T = TypeVar("T")

REQUISITES = "crm.requisite.list"
DUPLICATES = "crm.duplicate.findbycomm"
VALUES_MAX = 20
"""Of so many values the portal's search takes note."""


def holders_of(calls: PortalCalls, links: Sequence[Link]) -> Flow[dict[str, Holders]]:
    """Who holds the requisite that we made, and who one with that INN and KPP, by infobase key."""
    guids = {link.infobase_key: split_key(link.infobase_key)[1] for link in links}
    numbers = {link.infobase_key: _numbers(link) for link in links}
    inns = list(dict.fromkeys(inn for inn, _ in numbers.values() if inn))
    ours = yield from rows_of(calls, REQUISITES, {"@XML_ID": list(guids.values())})
    alike = yield from rows_of(calls, REQUISITES, {"@RQ_INN": inns})
    reached = yield from _reached(calls, [link for link in links if not _numbers(link)[0]])
    by_guid = _owners(ours, lambda row: _text(row, "XML_ID").lower())
    by_numbers = _owners(alike, lambda row: (_text(row, "RQ_INN"), _text(row, "RQ_KPP")))
    return {
        key: Holders(by_guid.get(guid, ()), by_numbers.get(numbers[key], ()), reached.get(key, ()))
        for key, guid in guids.items()
    }


def _reached(calls: PortalCalls, links: Sequence[Link]) -> Flow[dict[str, tuple[str, ...]]]:
    """Who bears a phone or an e-mail of these clients, as the portal's own search finds them."""
    asked = {
        f"{kind}{number}": (link, Command(DUPLICATES, {"type": kind, "values": values}))
        for number, link in enumerate(links)
        for kind, name in (("PHONE", "phones"), ("EMAIL", "emails"))
        if (values := reach_of(link, name)[:VALUES_MAX])
    }
    if not asked:
        return {}
    replies = yield from calls.ask_batch({name: command for name, (_, command) in asked.items()})
    found: dict[str, dict[str, None]] = {}
    for name, (link, _) in asked.items():
        # Nobody is an empty list, somebody a table by type.
        hits = value_of(DUPLICATES, replies[name]) or {}
        bearers = {shape: hits.get(shape.upper(), ()) for shape in Shape}
        keys = [typed_key(shape, b24_id) for shape, ids in bearers.items() for b24_id in ids]
        found.setdefault(link.infobase_key, {}).update(dict.fromkeys(keys))
    return {key: tuple(keys) for key, keys in found.items()}


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
