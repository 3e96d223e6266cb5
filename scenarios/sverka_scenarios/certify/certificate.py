"""The certificate: what was certified, under which conditions, and every verdict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.certify.runner import Status, Verdict, overall

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One run of the certification.

    Attributes:
        made_at: When it ended, aware.
        seconds: How long it took on the wall.
        built: How many scenarios are built, asked for or not.
    """

    usual: Arrangement
    verdicts: Sequence[Verdict]
    made_at: datetime
    seconds: float
    built: int
    target: str = "embedded"
    clock: str = "virtual"
    mode: str = "server"

    @property
    def verdict(self) -> Status:
        return overall(self.verdicts)

    @property
    def checks(self) -> int:
        return sum(verdict.checks for verdict in self.verdicts)

    def suites(self) -> dict[str, list[Verdict]]:
        """Verdicts by suite, in their order."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            found.setdefault(verdict.suite, []).append(verdict)
        return found

    def count(self) -> Counter[Status]:
        return Counter(verdict.status for verdict in self.verdicts)

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """The content of `result.json`, schema 1."""
        return {
            "schema": SCHEMA,
            "verdict": str(self.verdict),
            "target": self.target,
            "clock": self.clock,
            "through": self.usual.through,
            "limits": self.usual.limits,
            "configuration": self.usual.configuration,
            "mode": self.mode,
            "policy": self.usual.policy,
            "seeds": [self.usual.seed],
            "scenarios": [_row(verdict) for verdict in self.verdicts],
        }


def _row(verdict: Verdict) -> dict[str, Any]:  # Any: JSON values
    return {
        "id": verdict.id,
        "behaviours": list(verdict.behaviours),
        "verdict": str(verdict.status),
        "scope": verdict.scope,
        "checks": verdict.checks,
        "reason": "\n".join(verdict.reason),
        "replay": verdict.replay,
    }


def told(counts: Counter[Status]) -> str:
    """Counts in words: `14 passed, 2 failed`."""
    return ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])


def verdict_sentence(certificate: Certificate) -> str:
    """The verdict for a person, in one sentence."""
    counts, total = certificate.count(), len(certificate.verdicts)
    noun = "scenario" if total == 1 else "scenarios"
    match certificate.verdict:
        case Status.FAILED:
            return f"{counts[Status.FAILED]} of {total} {noun} failed."
        case Status.INCONCLUSIVE if not certificate.checks:
            return "Nothing was checked, so nothing is proven."
        case Status.INCONCLUSIVE:
            missing = counts[Status.SKIPPED] + counts[Status.INCONCLUSIVE]
            return f"Nothing failed, but {missing} of {total} {noun} came to no result."
        case _:
            return f"Every check and every law held: {told(counts)}."
