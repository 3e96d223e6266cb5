"""What both sides agree on after a pair was written: the link that is remembered."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from sverka.decide.fields import settled
from sverka.decide.steps import Outcome, Step
from sverka.records import Intent, Item, Link, Record, SideName, Value, Values

ONE_HOME: Mapping[str, str] = {}


def agreed(
    portal: Record | None,
    infobase: Record | None,
    *,
    outcomes: Iterable[Outcome],
    before: Link | None,
    stayed: Set[str] = frozenset(),
) -> Link:
    """The link after `outcomes`.

    A field that did not go, or is named in `stayed`, keeps what was agreed on before, so that it
    is still seen as edited the next time.
    """
    keys = {record.side: record.key for record in (portal, infobase) if record}
    values = {record.side: record.values for record in (portal, infobase) if record}
    stayed = set(stayed)
    for outcome in outcomes:
        side = outcome.step.side
        keys[side] = outcome.key
        values[side] = outcome.settled
        stayed |= outcome.step.written.keys() - outcome.went
    bases = {
        side: _with_old(values[side], stayed, before.base(side) if before else {})
        for side in SideName
    }
    return Link.between(keys, bases)


def _with_old(now: Values, stayed: Set[str], old: Values) -> dict[str, Value]:
    kept = {name: value for name, value in now.items() if name not in stayed}
    return kept | {name: old[name] for name in stayed if name in old}


def intended(step: Step, link: Link | None) -> Intent:
    """What is noted before a step is carried out."""
    names = step.written.keys()
    # Over what was agreed, not over what the target shows: its own news have still to travel.
    after = settled(link.base(step.side) if link else {}, step.written)
    return Intent(
        side=step.side,
        source_key=step.source.key,
        external=step.external,
        source_base={name: step.source.values[name] for name in names & step.source.values.keys()},
        target_base={name: after[name] for name in names},
        target_key=step.target.key if step.target else "",
    )


def arrived(
    intent: Intent, now: Values, before: Values, homes: Mapping[str, str] = ONE_HOME
) -> frozenset[str]:
    """Fields of a doubtful update that were committed, by what the target shows now.

    What lives in one home is written whole or not at all, so one value of ours that was not there
    before proves it for all of them, whatever a person has done to the others since.

    Args:
        homes: Where each field lives; fields without one live together.
    """
    proven = {
        homes.get(name, "")
        for name, value in intent.target_base.items()
        if _shows(value, now.get(name), before.get(name))
    }
    return frozenset(name for name in intent.target_base if homes.get(name, "") in proven)


def narrowed(intent: Intent, names: Set[str]) -> Intent:
    """The same intent, about these fields only."""
    return replace(
        intent,
        target_base={n: value for n, value in intent.target_base.items() if n in names},
        source_base={n: value for n, value in intent.source_base.items() if n in names},
    )


def _shows(ours: Value, now: Value | None, before: Value | None) -> bool:
    if isinstance(ours, str):
        return now == ours != before
    gained, dropped = _values(ours) - _values(before), _values(before) - _values(ours)
    if gained:
        return bool(gained & _values(now))
    return bool(dropped) and not dropped & _values(now)


def _values(items: Value | None) -> set[str]:
    return {item.value for item in items or () if isinstance(item, Item)}


def redone(intent: Intent, before: Values) -> dict[str, str]:
    """Values of a doubtful update that is made again, by field.

    Either it never arrived, or a person has already undone what it brought: nobody can tell.
    Losing work is worse than a value that comes back, and the history keeps which.
    """
    return {name: _text(value, before.get(name)) for name, value in intent.target_base.items()}


def _text(ours: Value, before: Value | None) -> str:
    if isinstance(ours, str):
        return ours
    return ", ".join(sorted(_values(ours) ^ _values(before)))


def confirmed(link: Link, intent: Intent, before: Link) -> Link:
    """The link after an update has proved to be committed.

    Args:
        link: As it is now, other updates of the same pair included.
        before: As it was when the intent was noted.
    """
    after = rebased(intent, before, link)
    bases = {
        intent.side: {**link.base(intent.side), **after.target_base},
        intent.side.other: {**link.base(intent.side.other), **after.source_base},
    }
    return Link.between({side: link.key(side) for side in SideName}, bases)


def rebased(intent: Intent, before: Link, link: Link) -> Intent:
    """The intent as it had been noted over `link`, not over `before`."""
    target, source = intent.side, intent.side.other
    return replace(
        intent,
        target_base=_moved(intent.target_base, before.base(target), link.base(target)),
        source_base=_moved(intent.source_base, before.base(source), link.base(source)),
    )


def _moved(values: Values, before: Values, now: Values) -> Values:
    return {name: _over(value, before.get(name), now.get(name)) for name, value in values.items()}


def _over(ours: Value, before: Value | None, now: Value | None) -> Value:
    """What `ours` brought over `before`, brought over `now`. A scalar is brought whole."""
    if isinstance(ours, str):
        return ours
    known, dropped = _values(before) | _values(now), _values(before) - _values(ours)
    kept = tuple(i for i in now or () if isinstance(i, Item) and i.value not in dropped)
    return (*kept, *(item for item in ours if item.value not in known))
