"""Planted bugs: defects of real integrations, switched on in the core to prove that they are found.

Each replaces one decision of the core while it is planted. None of them is in the core itself.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from sverka import engine
from sverka.asks import Flow, HistoryOf, LinksOf, Request, Response, load, now
from sverka.decide.agreement import agreed
from sverka.decide.fields import Conflict, Decision, decide
from sverka.decide.items import Items
from sverka.decide.matching import WITHIN, Hits, search_keys
from sverka.decide.steps import Outcome, Step
from sverka.decide.telling import Said, tell_conflict
from sverka.engine import keep
from sverka.entities.declared import Digits, Entity
from sverka.journal.opening import STEPS
from sverka.portion import Departing, Departure, Pair, Portion
from sverka.portion.fates import Fates
from sverka.portion.pairing import Pairing
from sverka.records import (
    Fate,
    HistoryLine,
    Item,
    ItemChanges,
    Link,
    Record,
    SearchKeys,
    SideName,
    Value,
    Values,
    split_key,
)
from sverka.settings import Criterion, Settings
from sverka.sides.delivery import Again, Doubt
from sverka.sides.portal import PortalSide
from sverka.sides.portal_bindings import Bindings
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_calls import _read as read_reply
from sverka.sides.portal_changes import ReservedQueue
from sverka.sides.portal_lists import rows_of
from sverka.sides.portal_writing import PortalWriting
from sverka.sides.rehearsal import Rehearsal
from sverka.sides.running_time import RunningTime
from sverka.sides.side import Feed, Side
from sverka.wire.b24 import Json, Refusal, Reply, Result, decode_batch, php_query
from sverka.wire.b24_cards import Requisites, decode_card
from sverka_scenarios.people import MANAGER

changes_of = PortalSide.changes
outcome_of = PortalWriting._outcome
begin_writing = PortalWriting.__init__
begin_queue = ReservedQueue.__init__
digits_of = Digits.normal
carry_out = Departing.carry_out


@dataclass(frozen=True, slots=True)
class Bug:
    """One defect.

    Attributes:
        caught_by: The scenario that must fail while it is planted.
        in_random_lives: The simulation must come upon it, too; what random lives have no
            occasion for is left to the scenario.
        replacements: What stands where instead, by dotted name.
    """

    name: str
    story: str
    caught_by: str
    replacements: Mapping[str, Any]  # Any: functions of several kinds
    in_random_lives: bool = True


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


def _never_same(one: Value | None, other: Value | None) -> bool:
    return False


def _always_edited(name: str, now: Values, base: Values) -> Fate:
    """A changed version is taken for a change of every value."""
    return Fate.EDITED if name in now else Fate.SAME


def _any_hit(self: Hits) -> bool:
    """The first of several hits is as good as a single one."""
    return bool(self.keys)


def _nobody_survives(self: Fates, gone: Sequence[Pair]) -> Flow[list[tuple[Pair, str, str]]]:
    """Nobody looks for who goes on instead."""
    return []
    yield


def _looks_at_nobody(self: Portion, *work: Any) -> Flow[None]:
    return
    yield


def _first_of(card: Mapping[str, Json], requisites: Sequence[Mapping[str, Json]]) -> Any:
    return next(iter(requisites), None)


def _one_by_one(self: Departing, departures: Sequence[Departure]) -> Flow[None]:
    """Each deletion is judged by itself."""
    for departure in departures:
        yield from carry_out(self, [departure])


def _inn_alone(record: Record) -> str:
    """Branches of one firm are the same client."""
    return str(record.values.get("inn", ""))


def _kpp_or_none(record: Record) -> SearchKeys:
    """Who has a KPP is found by the lack of one as well."""
    keys = search_keys(record)
    pairs = keys.found_by.get(Criterion.INN_KPP, ())
    any_kpp = tuple(f"{pair.partition('/')[0]}/" for pair in pairs)
    found_by = {**keys.found_by, Criterion.INN_KPP: tuple(dict.fromkeys((*pairs, *any_kpp)))}
    return replace(keys, found_by=found_by)


def _whole_list(mine: Items, mine_base: Items, theirs: Items, theirs_base: Items) -> ItemChanges:
    """What the other side has replaces what is here."""
    return ItemChanges(
        added=tuple(Item(item.value) for item in theirs if item not in mine),
        removed=tuple(item for item in mine if item not in theirs),
    )


def _rows_without_ids(changes: ItemChanges) -> list[dict[str, str]]:
    """A changed value is sent as a new one."""
    new = [*(new for _, new in changes.changed), *changes.added]
    return [{"VALUE": item.value, "VALUE_TYPE": item.label or "WORK"} for item in new]


def _without_owners(entity: Entity, *sides: Record, link: Link | None, **more: Any) -> Decision:
    """Who belongs to whom is settled once."""
    decision = decide(entity, *sides, link=link, **more)
    for written in (decision.portal, decision.infobase) if link else ():
        written.pop("owner", None)
    return decision


def _in_earnest(self: Rehearsal, steps: Sequence[Step]) -> Flow[list[Outcome]]:
    return (yield from self.side.write(steps))


def _owned_by_nobody(*pair: Any, owned: Set[str], **more: Any) -> Decision:
    return decide(*pair, **more)


def _finds_nothing_odd(number: int) -> Flow[tuple[str, ...]]:
    return ()
    yield


def _name_alone(record: Record, value: str) -> Mapping[str, tuple[str, ...]]:
    return {WITHIN[record.entity]: (value,)}


def _all_or_nothing(result: Json, keys: Sequence[str]) -> dict[str, Reply]:
    """One error in a batch is taken for an error of all its commands."""
    replies = decode_batch(result, keys)
    failed = [reply for reply in replies.values() if isinstance(reply, Refusal)]
    return {key: failed[0] if failed else reply for key, reply in replies.items()}


def _plain_query(params: Mapping[str, Json]) -> str:
    """What a batch is given goes into its address as it is."""
    return unquote(php_query(params))


def _refusal_is_done(request: Request, response: Response) -> Reply | Again:
    """A write that was refused for the limits is taken for an answer without errors."""
    reply = read_reply(request, response)
    is_refused = isinstance(reply, Again) and reply.throttled
    return Result({}) if is_refused and not request.safe and request.name == "batch" else reply


def _no_news_is_good(
    self: PortalWriting, number: int, step: Step, answers: Mapping[str, Reply] | Doubt
) -> Outcome:
    if answers:
        return outcome_of(self, number, step, answers)
    key = step.target.key if step.target else ""
    return Outcome(step=step, key=key, settled={}, went=frozenset(step.written))


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


def _agree_on_all(*records: Record | None, stayed: Set[str], **more: Any) -> Link:  # Any: as there
    return agreed(*records, **more)


def _soon_again(self: RunningTime, method: str, now_s: float) -> float:
    """A method that was refused for its running time is tried again each second."""
    return now_s + 1.0


def _all_pause(self: RunningTime, method: str, now_s: float) -> float:
    """One method that has spent its running time stops them all."""
    return max((until_s for until_s in self._paused_until_s.values() if until_s > now_s), default=0)


MUTED_S = 30.0


def _mute_by_time(feed: Feed) -> Flow[None]:
    """A change is our own echo if we wrote the record just before."""
    moment_s = yield from now()
    foreign = []
    for change in feed.changes:
        links = yield from load(LinksOf(change.side, (change.key,)))
        lines: list[HistoryLine] = []
        for key in {change.key, *(link.key(side) for link in links for side in SideName)}:
            lines += yield from load(HistoryOf(key))
        if not any(line.side and moment_s - line.at_s < MUTED_S for line in lines):
            foreign.append(change)
    yield from keep(replace(feed, changes=tuple(foreign)))


def _mute_by_user(self: PortalSide) -> Flow[Feed]:
    """A change is our own echo if our user was the last to change the card."""
    feed = yield from changes_of(self)
    foreign = []
    for change in feed.changes:
        shape, number = split_key(change.key)
        rows = yield from rows_of(self._calls, f"crm.{shape}.list", {"@ID": [number]})
        if not any(row["MODIFY_BY_ID"] == MANAGER for row in rows):
            foreign.append(change)
    return replace(feed, changes=tuple(foreign))


def _whoever_differs(name: str, now: Values, base: Values) -> Fate:
    """A value that was never agreed on is an edit, be it empty."""
    return Fate.EDITED if now.get(name, "") != base.get(name) else Fate.SAME


def _tell_winner(conflict: Conflict) -> Said:
    return replace(tell_conflict(conflict), values={})


def _unmarked(self: PortalWriting, settings: Settings, presets: Requisites, connector: str) -> None:
    """Writes do not say whose they are."""
    begin_writing(self, settings, presets, "")


def _at_once(attempt: int, calm_s: float, jitter: float) -> float:
    """What failed is tried again without a pause."""
    return 0.0


def _number(self: Digits, text: str) -> str:
    """A number that is a name is kept as a number."""
    return digits_of(self, text).lstrip("0")


def _as_spelled(*card: Any, **more: Any) -> Record:
    """A GUID is compared letter by letter."""
    record = decode_card(*card, **more)
    return replace(record, external=str(card[1].get("ORIGIN_ID") or ""))


BUGS = {
    bug.name: bug
    for bug in (
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
            "echoes",
            "its own write, coming back as a change, is sent on though the value is equal",
            "CL-02",
            {
                "sverka.decide.fields.same": _never_same,
                "sverka.decide.fields.fate": _always_edited,
            },
        ),
        Bug(
            "takes-the-first",
            "of several candidates the first one is linked",
            "MD-04",
            {"sverka.decide.matching.Hits.sole": property(_any_hit)},
            in_random_lives=False,
        ),
        Bug(
            "inn-alone",
            "INN+KPP compares the INN alone, so a branch is its head office",
            "MD-07",
            {"sverka.decide.matching._inn_kpp": _inn_alone},
            in_random_lives=False,
        ),
        Bug(
            "empty-kpp-is-any",
            "an empty KPP stands for any",
            "MD-10",
            {
                f"sverka.{place}.search_keys": _kpp_or_none
                for place in ("decide.matching", "portion.meeting", "portion.reading", "engine")
            },
            in_random_lives=False,
        ),
        Bug(
            "phones-as-text",
            "phones are compared as they are written",
            "MD-08",
            {"sverka.entities.declared.normal_phone": str.strip},
            in_random_lives=False,
        ),
        Bug(
            "phones-replaced",
            "the list of phones is replaced whole, with those that others typed",
            "CR-11",
            {"sverka.decide.fields.merge_items": _whole_list},
        ),
        Bug(
            "phones-multiply",
            "a changed phone is sent without its id, and stands beside the old one",
            "CR-11",
            {"sverka.wire.b24_cards._item_rows": _rows_without_ids},
        ),
        Bug(
            "all-or-nothing",
            "a whole batch is taken for failed when one of its commands fails",
            "LF-09",
            {"sverka.wire.b24.decode_batch": _all_or_nothing},
            in_random_lives=False,
        ),
        Bug(
            "unencoded",
            "percent and ampersand stand in a batch as they are",
            "LF-10",
            {"sverka.wire.b24.php_query": _plain_query},
            in_random_lives=False,
        ),
        Bug(
            "refused-is-done",
            "a write that the portal refused for its limits is taken for done",
            "LF-02",
            {
                "sverka.sides.portal_calls._read": _refusal_is_done,
                "sverka.sides.portal_writing.PortalWriting._outcome": _no_news_is_good,
            },
            in_random_lives=False,
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
            "same-size",
            "a package that took too long is followed by others as large",
            "LF-16",
            {"sverka.sides.batch_size.BatchSize.too_long": lambda self, commands: None},
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
            "agrees-unsent",
            "what a direction that is off keeps back is taken for agreed on",
            "SM-05",
            {"sverka.portion.noting.agreed": _agree_on_all},
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
            "mutes-by-time",
            "a change soon after a write of its own is taken for an echo",
            "CL-04",
            {"sverka.engine.keep": _mute_by_time},
        ),
        Bug(
            "mutes-by-user",
            "a change by the user of its own key is taken for an echo",
            "CL-04",
            {"sverka.sides.portal.PortalSide.changes": _mute_by_user},
        ),
        Bug(
            "empty-wipes",
            "an empty value wipes a filled one at a first meeting",
            "CL-06",
            {"sverka.decide.fields.fate": _whoever_differs},
            in_random_lives=False,
        ),
        Bug(
            "forgets-the-loser",
            "the value that lost a conflict is kept nowhere",
            "CL-05",
            {"sverka.portion.noting.tell_conflict": _tell_winner},
        ),
        Bug(
            "unmarked",
            "its own writes bear no mark, so that the portal reports them back",
            "CL-01",
            {"sverka.sides.portal_writing.PortalWriting.__init__": _unmarked},
            in_random_lives=False,
        ),
        Bug(
            "hammers",
            "what failed is tried again without a pause",
            "LF-04",
            {"sverka.portion.noting.pause_s": _at_once, "sverka.sides.delivery.pause_s": _at_once},
            in_random_lives=False,
        ),
        Bug(
            "knocks-on",
            "a method that has spent its running time is tried again each second",
            "LF-03",
            {
                "sverka.sides.running_time.RunningTime.refused": _soon_again,
                "sverka.sides.running_time.RunningTime.told": lambda self, method, spent, now: None,
            },
            in_random_lives=False,
        ),
        Bug(
            "all-pause",
            "one method that has spent its running time stops all the others",
            "LF-03",
            {
                "sverka.sides.running_time.RunningTime.paused": lambda self, methods: True,
                "sverka.sides.running_time.RunningTime.until_s": _all_pause,
            },
            in_random_lives=False,
        ),
        Bug(
            "drops-zeros",
            "the zeros in front of a number are lost",
            "LF-11",
            {"sverka.entities.declared.Digits.normal": _number},
            in_random_lives=False,
        ),
        Bug(
            "letter-by-letter",
            "a GUID in capital letters is taken for another one",
            "LF-14",
            {"sverka.wire.b24_cards.decode_card": _as_spelled},
            in_random_lives=False,
        ),
        Bug(
            "bound-for-ever",
            "a contact person who moves to another company stays with the first one",
            "CR-16",
            {"sverka.portion.deciding.decide": _without_owners},
            in_random_lives=False,
        ),
        Bug(
            "takes-merged-for-gone",
            "who was merged on the portal is taken for deleted",
            "CL-11",
            {"sverka.portion.fates.Fates._candidates": _nobody_survives},
            in_random_lives=False,
        ),
        Bug(
            "owned-by-nobody",
            "a field that is 1C's is changed there by an edit on the portal",
            "CL-18",
            {"sverka.portion.deciding.decide": _owned_by_nobody},
            in_random_lives=False,
        ),
        Bug(
            "trusts-the-backup",
            "a base that was restored from a backup is taken for one where people deleted",
            "MD-15",
            {"sverka.sides.infobase_numbers.compared": _finds_nothing_odd},
            in_random_lives=False,
        ),
        Bug(
            "first-requisite",
            "of a merged company the loser's requisite is taken, and overwrites the survivor in 1C",
            "CL-17",
            {"sverka.sides.portal_reading._own": _first_of},
            in_random_lives=False,
        ),
        Bug(
            "makes-ghosts",
            "who was deleted after he had been read is made anew on the other side",
            "IL-05",
            {"sverka.portion.portion.Portion._look_again": _looks_at_nobody},
            in_random_lives=False,
        ),
        Bug(
            "deletes-them-all",
            "nobody counts the deletions before they are carried out",
            "CL-15",
            {"sverka.portion.departures.Departing.carry_out": _one_by_one},
            in_random_lives=False,
        ),
        Bug(
            "any-namesake",
            "a contact person is recognised by his name in whatever company",
            "CR-16",
            {"sverka.decide.matching._within": _name_alone},
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
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The core has this bug inside the block; `""` plants none."""
    with ExitStack() as stack:
        for place, instead in BUGS[name].replacements.items() if name else ():
            stack.enter_context(patch(place, instead))
        yield
