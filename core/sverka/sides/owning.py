"""What the journal knows of clients with several counterparties, or several requisites."""

from collections.abc import Sequence

from sverka.asks import Flow, LinksOf, load
from sverka.decide.own_part import OWN, Owning
from sverka.records import Link, SideName

AT_A_TIME = 500


def owning(side: SideName, clients: Sequence[str], parts: Sequence[str]) -> Flow[Owning]:
    """By the keys of clients and of their parts on a side."""
    links = yield from links_of(side, clients)
    further = yield from links_of(side, parts)
    return Owning(
        side,
        {link.key(side): link for link in links},
        frozenset(link.key(side) for link in further),
    )


def own_parts(side: SideName, clients: Sequence[str]) -> Flow[set[str]]:
    """Keys of the parts that linked clients are known to have as their own."""
    links = yield from links_of(side, list(dict.fromkeys(clients)))
    return {str(link.base(side).get(OWN, "")) for link in links}


def links_of(side: SideName, keys: Sequence[str]) -> Flow[list[Link]]:
    """The links of however many keys."""
    found: list[Link] = []
    for at in range(0, len(keys), AT_A_TIME):
        found += yield from load(LinksOf(side, tuple(keys[at : at + AT_A_TIME])))
    return found
