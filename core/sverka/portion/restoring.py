"""A base that was restored from a backup: what it has forgotten comes back from the portal.

Its old values are no edits, and who is not there was not deleted.
"""

from collections.abc import Sequence

from sverka.asks import Flow, save
from sverka.portion.pairs import INFOBASE, PORTAL, Pair
from sverka.records import Item, Level, Link, Value


def put_back(pairs: Sequence[Pair]) -> Flow[None]:
    """Let the portal's records be carried over anew, as far as the base does not know them."""
    forgotten: list[Link] = []
    older: list[Link] = []
    for pair in pairs:
        if pair.link is None or pair.closed or PORTAL not in pair.records:
            continue
        if INFOBASE not in pair.records:
            forgotten.append(pair.link)
            _meet_anew(pair)
        elif (link := _older(pair, pair.link)) is not pair.link:
            pair.link = link
            older.append(link)
    yield from save(older, forgotten)


def _meet_anew(pair: Pair) -> None:
    pair.tell(Level.INFO, f"{pair.keys[INFOBASE]} is not in the restored base: it is made again")
    del pair.keys[INFOBASE]
    pair.link = None
    # The portal's record leads: there is no other one.
    pair.waiting.sort(key=lambda entry: entry.side is INFOBASE)


def _older(pair: Pair, link: Link) -> Link:
    """What the base shows now is what both sides had agreed on before it was edited."""
    now, base = pair.records[INFOBASE].values, link.infobase_base
    older = {name: value for name, value in now.items() if value != base.get(name, value)}
    if not older:
        return link
    told = {name: _text(value) for name, value in older.items()}
    pair.tell(Level.WARNING, "the restored base has older values", told)
    bases = {PORTAL: {**link.portal_base, **older}, INFOBASE: {**base, **older}}
    return Link.between(pair.keys, bases)


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(item.value for item in value if isinstance(item, Item))
