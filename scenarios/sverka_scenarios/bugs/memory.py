"""Bugs in what is remembered: changes taken over, intents, half-done work."""

from collections.abc import Sequence

from sverka import engine
from sverka.asks import Answered, Flow
from sverka.decide.steps import Outcome, Step
from sverka.journal.opening import STEPS
from sverka.portion.pairing import Pairing
from sverka.sides.portal_bindings import Bindings
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_changes import ReservedQueue
from sverka.sides.rehearsal import Rehearsal
from sverka.sides.side import Feed, Side
from sverka.wire.b24_push import Ear, Heard, decode_answer
from sverka_scenarios.bugs.bug import Bug

begin_queue = ReservedQueue.__init__


def _forget_intents(self: Pairing) -> Flow[None]:
    """Nothing is looked up after a doubtful create."""
    return
    yield


def _confirm_first(side: Side) -> Flow[None]:
    """The source forgets the changes before the journal has them."""
    more = True
    while more:
        feed = yield from side.changes()
        yield from side.confirm(feed)
        yield from engine.keep(feed)
        more = feed.more


def _in_earnest(self: Rehearsal, steps: Sequence[Step]) -> Flow[list[Outcome]]:
    return (yield from self.side.write(steps))


def _forget_reserved(self: ReservedQueue) -> Flow[Feed]:
    """Events that were set aside for an answer that never came are not asked for again."""
    self._left_over = False
    return Feed(more=True)
    yield


def _save_nothing(*args: object) -> Flow[None]:
    return
    yield


def _without_connector(self: ReservedQueue, calls: PortalCalls, connector: str) -> None:
    begin_queue(self, calls, "")


def _has_missed_nothing(self: Bindings) -> Flow[bool]:
    return False
    yield


def _silence(ear: Ear, answer: Answered) -> Heard:
    heard = decode_answer(ear, answer)
    return Heard(ear) if heard.trouble else heard


BUGS = (
    Bug(
        "creates-again",
        "a create whose reply was lost is made again without looking it up",
        "LF-07",
        {"sverka.portion.pairing.Pairing.recover": _forget_intents},
    ),
    Bug(
        "confirms-early",
        "changes are confirmed at their source before the journal has them",
        "RU-01",
        {"sverka.engine.collect": _confirm_first},
    ),
    Bug(
        "skips-unread",
        "events that the portal set aside for a lost answer are passed over",
        "RU-06",
        {"sverka.sides.portal_changes.ReservedQueue._reserved_before": _forget_reserved},
    ),
    Bug(
        "takes-first",
        "events that end when they are taken are taken before the journal knows of them",
        "RU-01",
        {"sverka.sides.portal_clearing.save": _save_nothing},
        in_random_lives=False,
    ),
    Bug(
        "other-queue",
        "events are bound with a mark of our own, and read without it",
        "RT-10",
        {"sverka.sides.portal_changes.ReservedQueue.__init__": _without_connector},
        in_random_lives=False,
    ),
    Bug(
        "deaf",
        "nobody looks whether the portal still tells of changes, or what was missed",
        "RT-11",
        {"sverka.sides.portal_bindings.Bindings.have_missed": _has_missed_nothing},
        in_random_lives=False,
    ),
    Bug(
        "hears-nothing",
        "a push server that answers nobody is taken for one that has nothing to say",
        "RT-09",
        {"sverka.sides.portal_push.decode_answer": _silence},
        in_random_lives=False,
    ),
    Bug(
        "starts-afresh",
        "a journal of the former format is taken up without what was unsent",
        "RU-09",
        {"sverka.journal.opening.STEPS": {**STEPS, 1: ("DELETE FROM waiting", *STEPS[1])}},
        in_random_lives=False,
    ),
    Bug(
        "drops-unreadable",
        "a record that changed and cannot be read yet is taken for gone",
        "RT-07",
        {"sverka.portion.reading.leave_if_not_there_yet": lambda pair: None},
        in_random_lives=False,
    ),
    Bug(
        "half-read",
        "a record of which a part could not be read is taken for whole, or for gone",
        "RU-06",
        {"sverka.sides.portal_reading._unread": lambda commands, replies: {}},
        in_random_lives=False,
    ),
    Bug(
        "overlaps",
        "an exchange that is asked for while another is under way begins beside it",
        "SM-02",
        {"sverka.engine.Engine._queue_up": _save_nothing},
        in_random_lives=False,
    ),
    Bug(
        "preview-writes",
        "a dry run carries out what it only should show",
        "IL-09",
        {"sverka.sides.rehearsal.Rehearsal.rehearse": _in_earnest},
        in_random_lives=False,
    ),
)
