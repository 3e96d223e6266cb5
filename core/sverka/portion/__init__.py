"""One portion of waiting changes on its way through the pass, from pairing to the note of it."""

from sverka.portion.departures import Departing, Departure
from sverka.portion.pairs import Pair
from sverka.portion.portion import Portion, Witness, nobody

__all__ = ["Departing", "Departure", "Pair", "Portion", "Witness", "nobody"]
