"""What the history says of outcomes and conflicts, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stdnum.ru import inn as inn_number

from sverka.decide.fields import Conflict, Decision
from sverka.decide.steps import Outcome
from sverka.records import ItemChanges, Level, SideName


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the history before it has a run, a moment and a record."""

    level: Level
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    side: str = ""


def tell_conflict(conflict: Conflict) -> Said:
    """Both values are kept by name: the loser's is nowhere else."""
    text = f"{conflict.field} was edited on both sides; the {conflict.winner}'s value stays"
    if conflict.owned:
        text = f"{conflict.field} belongs to the infobase, whose value is put back on the portal"
    return Said(
        Level.WARNING,
        text,
        {"field": conflict.field, "portal": conflict.portal, "infobase": conflict.infobase},
    )


def tell_first_meeting(decision: Decision) -> list[Said]:
    """Which phones and e-mails each side gets from the other when a pair is first found.

    Nobody agreed on anything before, so what was removed on one side alone comes back with it;
    the history keeps the values.
    """
    return [
        Said(
            Level.INFO,
            f"first met: {name} of both sides are kept together",
            {name: ", ".join(item.value for item in value.added)},
            side,
        )
        for side in SideName
        for name, value in decision.written(side).items()
        if isinstance(value, ItemChanges) and value.added
    ]


def tell_outcome(outcome: Outcome) -> Said:
    """A wrong check digit is worth a warning; the number travels all the same."""
    step = outcome.step
    verb = past(outcome)
    if outcome.reason:
        level = Level.INFO if outcome.put_off else Level.ERROR
        text = f"not {verb} at the {step.side}: {outcome.reason}"
    else:
        names = ", ".join(sorted(outcome.went)) or "mark"
        level, text = Level.INFO, f"{verb} {outcome.key} at the {step.side}: {names}"
    inn = str(step.written.get("inn", ""))
    if inn and not inn_number.is_valid(inn):
        level, text = Level.WARNING, f"{text}; INN {inn} has a wrong check digit"
    return Said(level, text, side=step.side)


def past(outcome: Outcome) -> str:
    return "created" if outcome.step.creates else "updated"
