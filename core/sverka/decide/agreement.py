"""What both sides agree on after a pair was written: the link that is remembered."""

from collections.abc import Iterable

from sverka.decide.steps import Outcome
from sverka.records import Link, Record, SideName, Value, Values


def agreed(
    portal: Record | None,
    infobase: Record | None,
    *,
    outcomes: Iterable[Outcome],
    before: Link | None,
) -> Link:
    """The link after `outcomes`.

    A field that did not go keeps what was agreed on before, so that it is still seen as
    edited the next time.
    """
    keys = {record.side: record.key for record in (portal, infobase) if record}
    values = {record.side: record.values for record in (portal, infobase) if record}
    stayed: set[str] = set()
    for outcome in outcomes:
        side = outcome.step.side
        keys[side] = outcome.key
        values[side] = outcome.settled
        stayed |= outcome.step.written.keys() - outcome.went
    bases = {
        side: _with_old(values[side], stayed, before.base(side) if before else {})
        for side in SideName
    }
    return Link(
        portal_key=keys[SideName.PORTAL],
        infobase_key=keys[SideName.INFOBASE],
        portal_base=bases[SideName.PORTAL],
        infobase_base=bases[SideName.INFOBASE],
    )


def _with_old(now: Values, stayed: set[str], old: Values) -> dict[str, Value]:
    kept = {name: value for name, value in now.items() if name not in stayed}
    return kept | {name: old[name] for name in stayed if name in old}
