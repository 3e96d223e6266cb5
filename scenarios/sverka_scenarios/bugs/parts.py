"""Bugs in what clients consist of: requisites, counterparties, whose they are."""

from collections.abc import Mapping
from typing import Any

from sverka.asks import Flow
from sverka.decide.own_part import Owning
from sverka.records import Values
from sverka.sides.portal_lists import rows_or_refusal
from sverka.wire.b24 import Refusal
from sverka_scenarios.bugs.bug import Bug


def _none_if_refused(*asked: Any) -> Flow[Any]:
    """A list that is refused is taken for empty."""
    rows = yield from rows_or_refusal(*asked)
    return [] if isinstance(rows, Refusal) else rows


def _last_of(self: Owning, client: str, parts: Mapping[str, Values]) -> str:
    """Nobody remembers which one was the client's own."""
    return next(reversed([part for part in parts if part not in self.further]), "")


BUGS = (
    Bug(
        "owners-untold",
        "a changed requisite is dropped when the portal does not tell whose it is",
        "RU-06",
        {"sverka.sides.portal_events.rows_or_refusal": _none_if_refused},
        in_random_lives=False,
    ),
    Bug(
        "newest-is-own",
        "the counterparty that comes last takes the place of the partner's own",
        "CR-19",
        {"sverka.decide.own_part.Owning.own": _last_of},
        in_random_lives=False,
    ),
    Bug(
        "meets-by-order",
        "a partner and a company meet by their first counterparty and requisite, whose ever",
        "CR-21",
        {"sverka.decide.own_part.aligned": dict},
        in_random_lives=False,
    ),
    Bug(
        "twins-stay",
        "a further counterparty stays when its requisite is deleted, whatever the setting says",
        "CR-22",
        {"sverka.decide.fates.DEPARTING": ("client",)},
        in_random_lives=False,
    ),
)
