"""What the exchange's own lists show, as a scenario speaks of them: unsent, to review, history."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence

from sverka.records import HistoryLine, Level, Waiting
from sverka_scenarios.builders import Someone, as_listed
from sverka_scenarios.targets import EmbeddedCore


class Lists(ABC):
    """The lists of the exchange under test."""

    core: EmbeddedCore

    @abstractmethod
    def check(self, truth: bool, sentence: str) -> None:  # noqa: FBT001 - the fact checked
        """Count a check; raise with the sentence if it is false."""

    @abstractmethod
    def keys_of(self, who: Someone) -> set[str]:
        """Under which keys both systems hold this client, or held him when people entered him."""

    def listed(self, who: Someone) -> set[str]:
        """Under which keys the lists show him."""
        return {as_listed(key) for key in self.keys_of(who)}

    def unsent(self) -> list[str]:
        """Reasons of the unsent packages."""
        return [entry.reason for entry in self.core.unsent()]

    def unsent_of(self, who: Someone) -> Waiting:
        """His one unsent package."""
        listed = self.listed(who)
        mine = [entry for entry in self.core.unsent() if entry.key in listed]
        self.check(len(mine) == 1, f"{who.name}: {len(mine)} packages are unsent, not 1")
        return mine[0]

    def waits(self, who: Someone, reason: str) -> int:
        """His package is unsent, with this reason and a next try. Returns the tries so far."""
        package = self.unsent_of(who)
        self.check(reason in package.reason, f"{who.name}: {package.reason!r} says {reason!r}")
        is_due = not package.parked and package.next_at_s > self.core.clock.now_s()
        self.check(is_due, f"{who.name}: a next try is due")
        return package.tries

    def parked(self, who: Someone, reason: str) -> None:
        """His package waits for a person, and says why."""
        package = self.unsent_of(who)
        self.check(package.parked, f"{who.name}: his package is parked")
        self.check(reason in package.reason, f"{who.name}: {package.reason!r} says {reason!r}")

    def reviewed(self, who: Someone, candidates: Sequence[Someone]) -> None:
        """He is on the review list with just these candidates."""
        found = [set(r.candidates) for r in self.core.reviews() if r.key in who.listed_as]
        wanted = {key for candidate in candidates for key in candidate.listed_as}
        self.check(found == [wanted], f"{who.name}: on the review list are {found}, not {wanted}")

    def asks_nothing(self) -> None:
        """No question on the review list is open."""
        left = [f"{r.key} among {r.candidates}" for r in self.core.reviews() if not r.decided]
        self.check(not left, f"open questions: {left}")

    def history_warns(self, words: str, *of: Someone) -> None:
        """A warning says this, and names these clients by a key."""
        lines = [line.text for line in self.core.history() if line.level is not Level.INFO]
        found = [
            line
            for line in lines
            if words in line and all(any(k in line for k in who.listed_as) for who in of)
        ]
        self.check(bool(found), f"no warning says {words!r}: {lines}")

    def tells_of(self, words: str) -> int:
        """How many lines of the history say this."""
        return sum(words in line.text for line in self.core.history())

    def history_says(self, words: str) -> None:
        """Some line of the history says this."""
        lines = [line.text for line in self.core.history()]
        self.check(any(words in line for line in lines), f"no line says {words!r}: {lines}")

    def history_has(self, run: int, *, errors: int = 0, warnings: int = 0) -> None:
        """So many errors and warnings stand in the history of one exchange."""
        levels = Counter(line.level for line in self.core.history(run=run))
        found = (levels[Level.ERROR], levels[Level.WARNING])
        self.check(
            found == (errors, warnings),
            f"exchange {run} has errors and warnings {found}, not {(errors, warnings)}",
        )

    def history_tells_no_error(self) -> None:
        """No exchange so far told of an error, and nothing is unsent."""
        errors = [line.text for line in self.core.history() if line.level is Level.ERROR]
        self.check(not errors, f"the history tells of errors: {errors}")
        self.check(not self.unsent(), f"unsent are {self.unsent()}")

    def exchanges_never_overlap(self) -> int:
        """The history tells of one exchange after the other. Returns how many there were."""
        runs = [line.run for line in self.core.history() if line.run]
        self.check(runs == sorted(runs), "an exchange began before the one before it had ended")
        return len(set(runs))

    def history_keeps(self, value: str) -> None:
        """This value stands in the history, though it may stand on no side any more."""
        kept = [v for line in self.core.history() for v in line.values.values()]
        self.check(value in kept, f"the history does not keep {value!r}, only {kept}")

    def history_of(self, who: Someone) -> list[HistoryLine]:
        """The lines of one client in order, asked for by each key under which he has some."""
        listed = self.listed(who)
        his = dict.fromkeys(line.key for line in self.core.history() if line.key in listed)
        lines = [line for key in his for line in self.core.history(key=key)]
        return sorted(lines, key=lambda line: (line.run, line.at_s))

    def history_tells(self, who: Someone, *words: str) -> None:
        """These words stand in the story of this client, in this order, each in its own line."""
        texts = [line.text for line in self.history_of(who)]
        rest = iter(texts)
        for word in words:
            self.check(any(word in text for text in rest), f"{who.name}: {word!r} in {texts}")
