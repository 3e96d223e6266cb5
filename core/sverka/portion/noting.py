"""What is kept of a portion: links, what is done, what stays with its reason, the history."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sverka.asks import Flow, HeldFor, Stored, load, now, save
from sverka.decide.agreement import agreed, confirmed, intended, rebased
from sverka.decide.steps import Outcome
from sverka.decide.telling import past, tell_conflict, tell_outcome
from sverka.portion.meeting import Reviewed
from sverka.portion.pairs import INFOBASE, PORTAL, Pair, intents_of
from sverka.portion.telling import Telling
from sverka.records import Intent, Link, Review, SideName, Waiting
from sverka.settings import Pace
from sverka.sides.delivery import pause_s

NEVER_S = 1e12
"""When a record is tried that waits for its owner: not before he has woken it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a pair stays in the inbox.

    Attributes:
        passing: It goes by itself, so that the pair is tried again in the same pass.
        soon: It may well have gone in a moment, for whoever lives in realtime.
        again_s: From when on, unix seconds; 0 after the usual pause.
    """

    reason: str
    passing: bool
    soon: bool = False
    again_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Noting:
    """Notes what a portion is about to do, and its outcomes."""

    pace: Pace
    telling: Telling
    tally: Counter[str]
    reviews: Reviewed
    sources: tuple[SideName, ...]

    def intend(self, pairs: Sequence[Pair]) -> Flow[None]:
        """Before anything is written: the intents, and the values that are given up.

        Who is killed after a write finds that it has arrived, and does not decide it again; a
        value that lost would then be nowhere.
        """
        moment_s = yield from now()
        puts: list[Stored] = []
        for pair in pairs:
            puts += intents_of(pair)
            given_up = [*pair.met, *map(tell_conflict, pair.conflicts)]
            puts += self.telling.lines(pair, moment_s, given_up)
        yield from save(puts)

    def note(self, pairs: Sequence[Pair], outcomes: Mapping[int, Outcome]) -> Flow[float | None]:
        """One transaction: links, what is done, what stays with its reason, the history."""
        moment_s = yield from now()
        puts: list[Stored] = []
        drops: list[Stored] = []
        again_s: list[float] = []
        held: list[Waiting] = []
        linked: set[str] = set()
        for pair in pairs:
            mine = [outcomes[id(step)] for step in pair.steps]
            # What else waits for the pair stays for when its direction is on again.
            carried = [entry for entry in pair.waiting if entry.side in self.sources]
            if failure := _failure(pair, mine):
                left = [kept(entry, failure, self.pace, moment_s) for entry in carried]
                puts += left
                again_s += [entry.next_at_s for entry in left if failure.passing]
            elif pair.departs or pair.held_until_s:
                puts += [_postponed(entry, pair) for entry in carried]
            elif pair.waits_for:
                held += [_held(entry, pair.waits_for) for entry in carried]
            else:
                drops += carried
            if any(outcome.doubtful or outcome.put_off for outcome in mine):
                fresh, done = _certain(pair, mine)
                puts += fresh
                drops += done
            else:
                for link in self._link(pair, mine):
                    puts += [link, *self._answered(link)]
                    linked |= {link.portal_key, link.infobase_key}
                drops += intents_of(pair)
            puts += [pair.review] if pair.review else []
            puts += self.telling.lines(pair, moment_s, map(tell_outcome, mine))
            self._count(pair, mine)
        puts += [_woken(entry) if entry.waits_for in linked else entry for entry in held]
        woken = (yield from load(HeldFor(tuple(linked)))) if linked else []
        puts += map(_woken, woken)
        yield from save(puts, drops)
        return min(again_s, default=None)

    def _answered(self, link: Link) -> list[Review]:
        """Open questions about either of a pair: who he is has now been found."""
        asked = [(side, self.reviews.get((side, link.key(side)))) for side in SideName]
        return [
            replace(review, decided=link.key(side.other))
            for side, review in asked
            if review and not review.decided
        ]

    def _link(self, pair: Pair, outcomes: Sequence[Outcome]) -> list[Link]:
        if (pair.closed and not pair.steps) or not all(o.key for o in outcomes):
            return []
        portal, infobase = pair.records.get(PORTAL), pair.records.get(INFOBASE)
        link = agreed(portal, infobase, outcomes=outcomes, before=pair.link, stayed=pair.withheld)
        return [] if link == pair.link else [link]

    def _count(self, pair: Pair, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            failed = "doubtful" if outcome.doubtful else "unsent"
            self.tally[failed if outcome.reason else past(outcome)] += 1
        if pair.unread:
            self.tally["unsent"] += 1
        elif not outcomes and not pair.closed:
            self.tally["unchanged"] += 1


def kept(entry: Waiting, failure: Failure, pace: Pace, moment_s: float) -> Waiting:
    """An unsent package after one more try."""
    tries = entry.tries + 1
    wait_s = pace.calm_s * 60
    if failure.passing or failure.soon:
        wait_s = pause_s(tries + failure.soon, pace.calm_s, 0.0)
    return replace(
        entry,
        reason=failure.reason,
        tries=tries,
        next_at_s=failure.again_s or moment_s + wait_s,
        parked=not failure.passing and tries >= pace.tries,
    )


def _postponed(entry: Waiting, pair: Pair) -> Waiting:
    """It goes at the end of this exchange, or at its time, or is taken up by the next one."""
    return replace(entry, reason=pair.closed, next_at_s=pair.held_until_s or NEVER_S)


def _held(entry: Waiting, owner: str) -> Waiting:
    return replace(entry, waits_for=owner, next_at_s=NEVER_S)


def _woken(entry: Waiting) -> Waiting:
    """Its owner has a pair now: it may go."""
    return replace(entry, waits_for="", next_at_s=0.0)


def _failure(pair: Pair, outcomes: Sequence[Outcome]) -> Failure | None:
    failed = [outcome for outcome in outcomes if outcome.reason]
    if pair.unread:
        again_s = pair.unread.again_s
        return Failure(reason=pair.unread.reason, passing=again_s > 0, soon=True, again_s=again_s)
    if failed:
        reason = "; ".join(outcome.reason for outcome in failed)
        again_s = max(outcome.again_s for outcome in failed)
        passing = failed[0].doubtful or failed[0].put_off or again_s > 0
        return Failure(reason=reason, passing=passing, again_s=again_s)
    return None


def _certain(pair: Pair, outcomes: Sequence[Outcome]) -> tuple[list[Stored], list[Stored]]:
    """What to keep and to drop of a pair of which one update went and another is open.

    The link learns at once of the one that went: a person may undo it before the next try.
    """
    before, link = pair.link, pair.link
    done: list[Stored] = []
    doubtful: list[Intent] = []
    for outcome in outcomes:
        if before is None or link is None or not outcome.step.written:
            continue
        intent = intended(outcome.step, before)
        # An earlier try that may have arrived stays in doubt if this one was not made.
        if outcome.doubtful or (outcome.put_off and pair.doubts):
            doubtful.append(intent)
        elif outcome.put_off:
            done.append(intent)
        elif outcome.went == outcome.step.written.keys() and intent.target_key:
            link = confirmed(link, intent, before)
            done.append(intent)
    if before is None or link is None or link is before:
        return [], done
    return [link, *(rebased(intent, before, link) for intent in doubtful)], done
