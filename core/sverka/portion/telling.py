"""What pairs have to tell, as lines of the history: each is kept once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sverka.decide.telling import Said
from sverka.portion.pairs import PORTAL, Pair
from sverka.records import HistoryLine


@dataclass(frozen=True, slots=True)
class Telling:
    """Turns words into lines of one run."""

    run: int

    def lines(self, pair: Pair, moment_s: float, more: Iterable[Said] = ()) -> list[HistoryLine]:
        """What the pair has to tell since it was asked last, and `more`."""
        said = [*pair.lines[pair.told :], *more]
        pair.told = len(pair.lines)
        key = pair.keys.get(pair.own if pair.waiting else PORTAL, "")
        return [
            HistoryLine(
                run=self.run,
                at_s=moment_s,
                level=line.level,
                text=line.text,
                side=line.side,
                key=key,
                values=line.values,
            )
            for line in said
        ]
