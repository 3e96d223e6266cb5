"""Bugs in what clients consist of: requisites, counterparties, whose they are."""

from typing import Any

from sverka.asks import Flow
from sverka.sides.portal_lists import rows_or_refusal
from sverka.wire.b24 import Refusal
from sverka_scenarios.bugs.bug import Bug


def _none_if_refused(*asked: Any) -> Flow[Any]:
    """A list that is refused is taken for empty."""
    rows = yield from rows_or_refusal(*asked)
    return [] if isinstance(rows, Refusal) else rows


BUGS = (
    Bug(
        "owners-untold",
        "a changed requisite is dropped when the portal does not tell whose it is",
        "RU-06",
        {"sverka.sides.portal_events.rows_or_refusal": _none_if_refused},
        in_random_lives=False,
    ),
)
