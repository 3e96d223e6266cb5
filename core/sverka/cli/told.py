"""What an exchange and the journal tell, as values for a table or a JSON object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sverka.connection import Connection
from sverka.engine import Report
from sverka.records import HistoryLine, Level, Review, Waiting

COUNTS = {
    "created": "made on the other side, where it was not",
    "updated": "changed, or marked with its number on the other side",
    "removed": "deleted, or marked for deletion, as on the other side",
    "linked": "recognised: the same client was on both sides",
    "unchanged": "equal already, nothing was written",
    "unsent": "tries that were refused; kept, with the reason",
    "doubtful": "tries whose answer was lost; looked up and tried again",
    "review": "looks like others: a person has to say which it is",
}
"""What a pass counts, and what it means."""


@dataclass(frozen=True, slots=True)
class Result:
    """One pass and what it left in the journal."""

    report: Report
    unsent: list[Waiting]
    warnings: list[HistoryLine]

    @classmethod
    def of(cls, connection: Connection, report: Report) -> "Result":
        lines = connection.history(run=report.run)
        warnings = [line for line in lines if line.level is Level.WARNING]
        return cls(report, connection.unsent(), warnings)

    @property
    def all_held(self) -> bool:
        return not self.report.journal["waiting"]

    def counts(self) -> Mapping[str, int]:
        """All that can be counted, zeros too."""
        return {name: self.report.counts.get(name, 0) for name in COUNTS}

    def as_json(self) -> dict[str, object]:
        return {
            "run": self.report.run,
            "scope": self.report.scope,
            "counts": self.counts(),
            "journal": dict(self.report.journal),
            "unsent": [unsent_json(entry) for entry in self.unsent],
            "warnings": [line_json(line) for line in self.warnings],
        }


def unsent_json(entry: Waiting) -> dict[str, object]:
    """`next_at` is null where only a person resends it."""
    return {
        "key": entry.key,
        "side": entry.side,
        "fate": entry.fate,
        "reason": entry.reason,
        "tries": entry.tries,
        "next_at": None if entry.parked else stamp(entry.next_at_s),
    }


def review_json(review: Review) -> dict[str, object]:
    """`decided` is null while it is open."""
    return {
        "key": review.key,
        "side": review.side,
        "criterion": review.criterion,
        "candidates": list(review.candidates),
        "decided": review.decided or None,
    }


def line_json(line: HistoryLine) -> dict[str, object]:
    return {
        "run": line.run,
        "at": stamp(line.at_s),
        "level": line.level,
        "side": line.side or None,
        "key": line.key or None,
        "text": line.text,
        "values": dict(line.values),
    }


def stamp(at_s: float) -> str:
    """Unix seconds as ISO 8601 in UTC, whole seconds."""
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds")


def runs_of(lines: Sequence[HistoryLine]) -> list[dict[str, object]]:
    """The exchanges, oldest first: how many records each told of, warnings, errors."""
    by_run: dict[int, list[HistoryLine]] = {}
    for line in lines:
        by_run.setdefault(line.run, []).append(line)
    return [
        {
            "run": run,
            "at": stamp(mine[0].at_s),
            "records": len({line.key for line in mine if line.key}),
            "warnings": sum(line.level is Level.WARNING for line in mine),
            "errors": sum(line.level is Level.ERROR for line in mine),
        }
        for run, mine in by_run.items()
    ]
