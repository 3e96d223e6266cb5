"""What would become of each record, field by field, as values that can be shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sverka.decide.steps import Outcome
from sverka.decide.telling import past, tell_conflict
from sverka.portion import Pair
from sverka.records import SideName, Value, Waiting
from sverka.sides.portal_writing import needs_mark
from sverka.sides.rehearsal import Rehearsal

NEW = "new"
"""Stands for what only the write itself would give: an ID, a mark."""


class Deed(StrEnum):
    """What the exchange would do about a record. Several may come together."""

    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"
    LINKED = "linked"
    UNCHANGED = "unchanged"
    REVIEW = "review"
    UNSENT = "unsent"
    WAITING = "waiting"
    SKIPPED = "skipped"


UNCOUNTED = frozenset({Deed.WAITING, Deed.SKIPPED})
"""What the report of an exchange does not count."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record as a person knows it. Its key is `new` if it would be created."""

    key: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of one side, before and after; several phones or e-mails have commas between."""

    side: SideName
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What would become of one record, with its other end.

    Attributes:
        side: Whose record brought it up.
        other: Its other end; None if there is none and none would be made.
        by: The criterion that links it or makes it ambiguous, `""` if none does.
        candidates: Whom it could be, of the other side.
        reason: Why it is skipped, waits, or stays unsent wholly or in part.
        notes: What the history would say besides.
    """

    side: SideName
    record: Named
    other: Named | None
    deeds: tuple[Deed, ...]
    by: str = ""
    candidates: tuple[Named, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a full exchange would do now.

    Attributes:
        counts: As its report would count, so that who is written on both sides is updated twice;
            and the records that are skipped or wait.
        warnings: What concerns the exchange as a whole.
    """

    counts: Mapping[str, int]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """Fills a preview, portion by portion.

    Attributes:
        rows: By the side and key of the record that brought it up.
    """

    sides: Mapping[SideName, Rehearsal]
    rows: dict[tuple[SideName, str], Row] = field(default_factory=dict)

    def enter(self, pairs: Sequence[Pair], outcomes: Mapping[int, Outcome]) -> None:
        """Enter a portion. Who has waited for his owner in an earlier one has his last word."""
        for pair in pairs:
            if pair.waiting:
                row = self._row(pair, [outcomes[id(step)] for step in pair.steps])
                self.rows[row.side, row.record.key] = row

    def closed(self, unsent: Iterable[Waiting]) -> Iterator[Row]:
        """All rows. Whether anybody is removed is known only when all deletions are seen."""
        reasons = {(entry.side, entry.key): entry.reason for entry in unsent}
        removed = {key for side in self.sides.values() for key in side.removed}
        for place, row in self.rows.items():
            ends = {row.record.key, row.other.key if row.other else NEW}
            if Deed.REMOVED in row.deeds and not ends & removed:
                reason = reasons.get(place, row.reason)
                yield replace(row, deeds=(Deed.UNSENT,), reason=reason)
            else:
                yield row

    def _row(self, pair: Pair, outcomes: Sequence[Outcome]) -> Row:
        own = pair.own
        review, reasons = pair.review, [outcome.reason for outcome in outcomes if outcome.reason]
        if pair.withheld:
            reasons.append(
                f"not written, that direction is off: {', '.join(sorted(pair.withheld))}"
            )
        said = [*pair.lines, *map(tell_conflict, pair.conflicts)]
        return Row(
            side=own,
            record=self._named(own, pair.keys[own]),
            other=self._other(pair, outcomes),
            deeds=tuple(dict.fromkeys(_deeds(pair, outcomes))),
            by=review.criterion if review else pair.recognised_by,
            candidates=tuple(self._named(own.other, key) for key in review.candidates)
            if review
            else (),
            changes=tuple(change for outcome in outcomes for change in self._changes(outcome)),
            reason="; ".join(reasons) or pair.closed,
            notes=tuple(line.text for line in said if line.text != pair.closed),
        )

    def _other(self, pair: Pair, outcomes: Sequence[Outcome]) -> Named | None:
        side = pair.own.other
        if side in pair.keys:
            return self._named(side, pair.keys[side])
        made = any(outcome.step.creates and outcome.key for outcome in outcomes)
        return Named(NEW, self.sides[pair.own].names.get(pair.keys[pair.own], "")) if made else None

    def _named(self, side: SideName, key: str) -> Named:
        end = self.sides[side]
        return Named(self._shown(key), end.names.get(key, ""))

    def _changes(self, outcome: Outcome) -> Iterator[FieldChange]:
        step = outcome.step
        before = step.target.values if step.target else {}
        for name in step.written:
            if name in outcome.went:
                yield FieldChange(
                    side=step.side,
                    field=name,
                    before=self._text(before.get(name, "")),
                    after=self._text(outcome.settled.get(name, "")),
                )
        if step.side is SideName.PORTAL and step.target and needs_mark(step.target, step.external):
            mark = NEW if step.source.key in self.sides[SideName.INFOBASE].made else step.external
            yield FieldChange(side=step.side, field="mark", before=step.target.external, after=mark)

    def _text(self, value: Value) -> str:
        return self._shown(value) if isinstance(value, str) else ", ".join(i.value for i in value)

    def _shown(self, key: str) -> str:
        """What would be created has no key yet."""
        return NEW if any(key in side.made for side in self.sides.values()) else key


def _deeds(pair: Pair, outcomes: Sequence[Outcome]) -> Iterator[Deed]:
    """As the pass counts them, with what it does not count."""
    if pair.closed and not outcomes:
        yield _left(pair)
        return
    if pair.recognised_by:
        yield Deed.LINKED
    for outcome in outcomes:
        yield Deed.UNSENT if outcome.reason else Deed(past(outcome))
    if not outcomes:
        yield Deed.UNCHANGED
    if pair.withheld:
        yield Deed.SKIPPED


def _left(pair: Pair) -> Deed:
    """Why nothing is done about it."""
    if pair.review:
        return Deed.REVIEW
    if pair.unread:
        return Deed.UNSENT
    if pair.departs:
        return Deed.REMOVED
    return Deed.WAITING if pair.waits_for or pair.held_until_s else Deed.SKIPPED
