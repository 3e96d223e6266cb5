"""Names in a request that mean nothing to the base: 1C refuses some, and passes others by.

A property that the set lacks is left out of a write without a word, and an option without its
dollar is a parameter that nobody asks for.
"""

from collections.abc import Collection, Iterable

from onec_emulator.odata.ask import Ask
from onec_emulator.odata.errors import ODataError
from onec_emulator.odata.options import READERS
from onec_emulator.odata.service import Service
from onec_emulator.schemas import EntitySet
from sverka_emulator_kit.record import Miss

BESIDE = ("odata.", "@", "____Presentation")
"""Marks of what stands beside properties in a record that a client sends back."""


def in_body(schema: EntitySet, names: Iterable[str]) -> list[Miss]:
    """Properties of a write that the set does not have."""
    return [
        Miss("property", name, schema.blank)
        for name in names
        if name not in schema.blank and not any(mark in name for mark in BESIDE)
    ]


def in_query(ask: Ask) -> list[Miss]:
    """Parameters of a call to no function: nobody reads them."""
    is_function = bool(ask.address.rest) or "_" not in ask.address.name
    return [Miss("option", name, READERS) for name in ask.options.plain if not is_function]


def in_refusal(service: Service, ask: Ask, refused: ODataError) -> list[Miss]:
    """The name that a request was refused for."""
    place, name = refused.unknown
    return [Miss(place, name, _known(service, ask, place))] if place else []


def _known(service: Service, ask: Ask, place: str) -> Collection[str]:
    if place == "option":
        return READERS
    table = service.tables.get(ask.address.name)
    return table.schema.blank if place == "property" and table is not None else service.tables
