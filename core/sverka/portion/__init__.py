"""One portion of waiting changes on its way through the pass, from pairing to the note of it."""

from sverka.portion.pairs import Pair
from sverka.portion.portion import Portion, Witness, nobody

__all__ = ["Pair", "Portion", "Witness", "nobody"]
