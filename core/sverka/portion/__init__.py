"""One portion of waiting changes on its way through the pass, from pairing to the note of it."""

from sverka.portion.portion import Portion

__all__ = ["Portion"]
