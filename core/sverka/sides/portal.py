"""The portal as a side: companies and contacts with their requisites."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from sverka.asks import Flow
from sverka.decide.fates import Removal
from sverka.decide.steps import Outcome, Step
from sverka.entities.accounts import BANK_ACCOUNT
from sverka.entities.counterparties import COUNTERPARTY
from sverka.entities.exchanged import ENTITIES
from sverka.records import Change, Link, Record, SideName, split_key
from sverka.settings import SHAPES, Settings
from sverka.sides.portal_accounts import PortalAccounts
from sverka.sides.portal_batches import Answers, Batching
from sverka.sides.portal_bindings import Bindings, first_binds
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_changes import ReservedQueue
from sverka.sides.portal_clearing import ClearedQueue
from sverka.sides.portal_further import FurtherRequisites
from sverka.sides.portal_holders import holders_of
from sverka.sides.portal_lists import value_of
from sverka.sides.portal_push import PortalPush
from sverka.sides.portal_reading import PortalReading
from sverka.sides.portal_rehearsal import Agreeing
from sverka.sides.portal_removing import delete
from sverka.sides.portal_writing import PortalWriting
from sverka.sides.side import Feed, Holders, Shown, Survey, Word
from sverka.wire.b24 import Command, Result
from sverka.wire.b24_accounts import DETAIL
from sverka.wire.b24_cards import REQUISITE, Requisites

NO_QUEUE = (
    "The portal offers no change table to this access: every exchange reads everything. "
    "A connection key on a tariff with offline events is quicker."
)
LESSER_TARIFF = (
    "The portal's tariff sets no events aside until they are confirmed: they are noted in the "
    "journal before they are taken, which costs a further call each time."
)
NO_MARK = (
    "The portal's tariff has no mark for our own writes: they come back as changes, are read once "
    "more, and are known by what they hold."
)
CAUGHT_UP = object()
"""Confirms a feed of everything, read for what may have been in no queue."""


class PortalSide:
    """One portal. Its change table is the queue of offline events."""

    name = SideName.PORTAL

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._calls = PortalCalls(settings)
        self._push = PortalPush(self._calls)
        self._presets = Requisites({})
        self._reading = PortalReading(settings, self._calls, self._presets)
        self._agreeing = Agreeing(self._calls)
        self._connector = ""
        self._bindings: Bindings | None = None
        self._queue: ReservedQueue | ClearedQueue | None = None
        self._several = False

    @property
    def entities(self) -> frozenset[str]:
        return frozenset(name for name in ENTITIES if self._settings.clients.exchanges(name))

    def keep_to(self, entities: Set[str]) -> None:
        self._several = COUNTERPARTY.name in entities
        self._reading.several = self._several
        if self._queue:
            self._queue.several = self._several

    def open(self) -> Flow[tuple[str, ...]]:
        mark = self._settings.portal.originator
        first = (yield from first_binds(mark)) if self._calls.is_application else {}
        warnings, replies = yield from self._greet(first)
        if self._bindings:
            yield from self._bindings.renew(value_of("event.get", replies["bound"]), replies, mark)
        return warnings

    def look(self) -> Flow[tuple[str, ...]]:
        warnings, _ = yield from self._greet({})
        return warnings

    def _greet(self, binds: Mapping[str, Command]) -> Flow[tuple[tuple[str, ...], Answers]]:
        """Warnings, and what was answered, to `binds` too."""
        self._agreeing = Agreeing(self._calls)
        commands = {"presets": Command("crm.requisite.preset.list")}
        if self._calls.is_application:
            commands |= {
                "offline": Command("feature.get", {"CODE": "rest_offline_extended"}),
                "connector": Command("feature.get", {"CODE": "rest_auth_connector"}),
                "bound": Command("event.get"),
                **binds,
            }
        replies = yield from self._calls.ask_batch(commands)
        presets = value_of("crm.requisite.preset.list", replies["presets"])
        self._presets = Requisites({str(row["XML_ID"]): str(row["ID"]) for row in presets})
        self._reading = PortalReading(self._settings, self._calls, self._presets)
        has_mark = _enabled(replies.get("connector"))
        known, self._connector = self._connector, self._settings.portal.originator * has_mark
        if "bound" not in replies:
            return (*self._calls.warnings, NO_QUEUE), replies
        sort = ReservedQueue if _enabled(replies["offline"]) else ClearedQueue
        if not isinstance(self._queue, sort) or known != self._connector:
            self._queue = sort(self._calls, self._connector)
            self._bindings = Bindings(self._calls, self._connector)
        lesser = {LESSER_TARIFF: sort is ClearedQueue, NO_MARK: not has_mark}
        named = [warning for warning, holds in lesser.items() if holds]
        return (*self._calls.warnings, *named, *self._preset_warnings()), replies

    def _preset_warnings(self) -> tuple[str, ...]:
        named = {kind: self._settings.clients.presets.get(kind, "") for kind in SHAPES}
        return tuple(
            f"Requisites of {kind!r} stay at home: "
            + (f"the portal has no template {xml_id}." if xml_id else "clients.presets names none.")
            for kind, xml_id in named.items()
            if not self._presets.preset_id(xml_id)
        )

    def changes(self) -> Flow[Feed]:
        if self._queue is None or self._bindings is None:
            return (yield from self._everything_as_changed())
        if (yield from self._bindings.have_missed()):
            feed = yield from self._everything_as_changed()
            return replace(feed, token=CAUGHT_UP, more=True)
        if self._bindings.are_first():
            return Feed()
        return (yield from self._queue.changes())

    def _everything_as_changed(self) -> Flow[Feed]:
        survey = yield from self.everything()
        changes = tuple(Change(side=self.name, key=record.key) for record in survey.records)
        return Feed(changes, survey=survey)

    def confirm(self, feed: Feed) -> Flow[None]:
        if self._bindings and feed.token is CAUGHT_UP:
            yield from self._bindings.caught_up()
        elif self._queue:
            yield from self._queue.confirm(feed)

    def word(self) -> Flow[Word]:
        return (yield from self._push.word())

    def everything(self) -> Flow[Survey]:
        return (yield from self._reading.everything())

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Shown]]:
        cards, details, requisites = _by_sort(keys)
        found: dict[str, Shown] = {}
        found |= (yield from self._reading.read(cards)) if cards else {}
        if details and self._settings.clients.bank_accounts:
            found |= yield from self._accounts.read(details)
        found |= (yield from self._reading.read_requisites(requisites)) if requisites else {}
        return found

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found = yield from self._reading.find(externals)
        left = [guid for guid in externals if guid not in found]
        if left and self._settings.clients.bank_accounts:
            found |= yield from self._accounts.find(left)
            left = [guid for guid in left if guid not in found]
        found |= (yield from self._reading.find_requisites(left)) if left else {}
        return found

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        return (yield from self._carry_out(self._calls, steps))

    def remove(self, records: Sequence[Record], removal: Removal) -> Flow[dict[str, str]]:
        """The portal has but one way to remove a record."""
        keys = [record.key for record in records]
        return (yield from delete(self._calls, keys, self._connector, self._settings.pace.batch))

    def holders(self, links: Sequence[Link]) -> Flow[Mapping[str, Holders]]:
        return (yield from holders_of(self._calls, links))

    def rehearse(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        return (yield from self._carry_out(self._agreeing, steps))

    def _carry_out(self, calls: Batching, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        further = FurtherRequisites(self._settings.clients, self._presets, self._connector)
        apart: dict[str, FurtherRequisites | PortalAccounts] = {
            COUNTERPARTY.name: further,
            BANK_ACCOUNT.name: self._accounts,
        }
        cards = [step for step in steps if step.entity not in apart]
        writing = PortalWriting(self._settings, self._presets, self._connector)
        outcomes = (yield from writing.write(calls, cards)) if cards else []
        for entity, parts in apart.items():
            mine = [step for step in steps if step.entity == entity]
            outcomes += (yield from parts.write(calls, mine)) if mine else []
        return outcomes

    @property
    def _accounts(self) -> PortalAccounts:
        return PortalAccounts(self._calls, self._connector, several=self._several)


def _by_sort(keys: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Keys of cards, then IDs of bank details and of requisites."""
    of_others: dict[str, list[str]] = {DETAIL: [], REQUISITE: []}
    cards: list[str] = []
    for key in keys:
        what, b24_id = split_key(key)
        if what in of_others:
            of_others[what].append(b24_id)
        else:
            cards.append(key)
    return cards, of_others[DETAIL], of_others[REQUISITE]


def _enabled(reply: object) -> bool:
    return isinstance(reply, Result) and reply.value.get("value") == "Y"
