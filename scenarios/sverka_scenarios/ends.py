"""One end of a world, as a scenario speaks of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from onec_emulator.contact_information import Address
from sverka_emulator_kit.people import Client
from sverka_emulator_kit.record import CallRecord, Ledger
from sverka_emulator_kit.trouble import Trouble, TroubleBox
from sverka_scenarios.builders import Someone
from sverka_scenarios.moments import Moment, WatchedRoad
from sverka_scenarios.people import BasePeople, PortalPeople
from sverka_scenarios.views import OUR_MARK, View, card_writes, entered_values, phone_digits

LOOK_EVERY_S = 0.1


@dataclass(slots=True)
class End:
    """One system with its people, as a scenario speaks of it: it has, edits, shows, suffers."""

    name: str
    people: PortalPeople | BasePeople
    views: Callable[[], dict[str, View]]
    box: TroubleBox
    calls: CallRecord
    ledger: Ledger
    check: Callable[[bool, str], None]
    wait: Callable[[float], None]
    took: Callable[[float], None]
    road: WatchedRoad
    named_elsewhere: Callable[[Someone], str]

    def has(self, *entered: Someone) -> Someone:
        """People entered these clients here. Returns the last one."""
        for who in entered:
            who.keys[self.name] = self.people.enter(who.client)
        return entered[-1]

    def knows(self, who: Someone, **otherwise: Any) -> None:  # Any: fields of Client
        """People entered this client here too, in words of their own."""
        who.keys[self.name] = self.people.enter(replace(who.client, **otherwise))

    def meanwhile(self, deed: Callable[[], object], on: str, after: int = 1) -> None:
        """People do this while an exchange runs: after the `after`-th such call was answered."""
        self.road.moments.append(Moment(on, after, deed))

    def by(self, user: str) -> "End":
        """The same system, where another one of its people is at work."""
        return replace(self, people=replace(self.people, user=user))

    def edits(self, who: Someone, **fields: str) -> None:
        self.people.edit(self.key(who), **fields)

    def moves(self, who: Someone, address: Address, field: str = "legal_address") -> None:
        self.people.move(self.key(who), address, field)

    def adds_phone(self, who: Someone, value: str, value_type: str = "WORK") -> None:
        self.people.add(self.key(who), "PHONE", value, value_type)

    def changes_phone(self, who: Someone, old: str, new: str) -> None:
        self.people.replace(self.key(who), "PHONE", old, new)

    def removes_phone(self, who: Someone, old: str) -> None:
        self.people.remove(self.key(who), "PHONE", old)

    def turns(self, who: Someone, into: Client) -> None:
        """People make him a client of another kind here, with that one's numbers."""
        self.people.turn(self.key(who), into)

    def has_requisite(self, who: Someone, of: Client) -> str:
        """The portal's people enter one more requisite of his. Returns its number."""
        assert isinstance(self.people, PortalPeople)
        return self.people.enter_requisite(self.key(who), of)

    def requisites_of(self, who: Someone) -> list[str]:
        """Numbers of his requisites on the portal, the oldest first."""
        assert isinstance(self.people, PortalPeople)
        return self.people.requisites_of(self.key(who))

    def edits_requisite(self, requisite: str, **fields: str) -> None:
        """The portal's people change numbers of just this requisite."""
        assert isinstance(self.people, PortalPeople)
        self.people.edit_requisite(requisite, fields)

    def drops_requisite(self, requisite: str) -> None:
        """The portal's people put a requisite out of force."""
        assert isinstance(self.people, PortalPeople)
        self.people.put_out_of_force(requisite)

    def deletes(self, *entered: Someone) -> None:
        for who in entered:
            self.people.delete(self.key(who))

    def marks(self, *entered: Someone, off: bool = False) -> None:
        """1C's people mark for deletion, or take the mark off."""
        assert isinstance(self.people, BasePeople)
        for who in entered:
            self.people.mark(who.keys.get(self.name) or self.key(who), off=off)

    def puts(self, *entered: Someone, into: str) -> None:
        """1C's people drag them into a folder; `""` for the root."""
        assert isinstance(self.people, BasePeople)
        for who in entered:
            self.people.put(self.key(who), into)

    def describes(self, who: Someone, *, comment: str = "", registered: str = "") -> None:
        """1C's people fill in his comment, or since when he is known: `2026-01-31`."""
        assert isinstance(self.people, BasePeople)
        self.people.describe(self.key(who), comment, registered)

    @property
    def registration_date(self) -> str:
        """How 1C calls the date since when a client is known."""
        assert isinstance(self.people, BasePeople)
        return self.people.registration_date

    def has_name_of(self, who: Someone) -> str:
        """The portal's people entered his name once more, and nothing else. Returns the key."""
        assert isinstance(self.people, PortalPeople)
        return self.people.enter_name(who.name)

    def has_without_requisites(self, *entered: Someone) -> None:
        """The portal's people entered no more of these companies than the name so far."""
        for who in entered:
            who.keys[self.name] = self.has_name_of(who)

    def merges(self, who: Someone, into: str = "", origin: str = "") -> None:
        """The portal's people merge him into another record, by default one with his name only.

        Args:
            origin: Another system whose mark that record bears.
        """
        assert isinstance(self.people, PortalPeople)
        loser = self.key(who)
        into = into or self.has_name_of(who)
        if origin:
            self.people.bear(into, origin, "1")
        self.people.merge(into, loser)
        who.keys[self.name] = into

    def restores(self, *entered: Someone) -> None:
        """The portal's people take them out of the recycle bin: new IDs, and the marks they had."""
        assert isinstance(self.people, PortalPeople)
        for who in entered:
            self.has(who)
            self.people.bear(who.keys[self.name], OUR_MARK, who.keys["base"])

    def suffers(
        self, trouble: Trouble, on: str = "*", times: int | None = 1, *, spares: int = 0
    ) -> None:
        """The next calls of that name meet this trouble, after `spares` that do not."""
        self.box.set(trouble, match=on, times=times, spares=spares)

    def recovers(self) -> None:
        """Troubles that were not met yet come no more."""
        self.box.clear()

    def suffered(self, *kinds: str) -> None:
        """The troubles that were set were really met, so the scenario tried something."""
        for kind in kinds:
            self.check(self.box.met[kind] > 0, f"{kind} was met at the {self.name}")

    def met(self, kind: str) -> int:
        """How many calls met troubles of this kind so far."""
        return self.box.met[kind]

    def call_count(self, *, refused: bool = False) -> int:
        """How many calls of programs came here, or how many of them were refused."""
        return sum(line.status >= 400 or not refused for line in self.calls.lines)

    def count_of_status(self, status: int) -> int:
        """How many calls of programs were answered with this HTTP status."""
        return sum(line.status == status for line in self.calls.lines)

    def count_of(self, call: str) -> int:
        """How often programs gave this command here, alone or inside a batch."""
        return sum([line.name, *line.parts].count(call) for line in self.calls.lines)

    def copies(self, who: Someone) -> list[View]:
        """The records here that are this client, by mark, number or name."""
        views = self.views()
        found = [view for view in views.values() if is_same(who, view, self.name)]
        twin = "" if found else self.named_elsewhere(who)
        return [views[twin]] if twin in views else found

    def key(self, who: Someone) -> str:
        if self.name in who.keys:
            return who.keys[self.name]
        found = self.copies(who)
        self.check(len(found) == 1, f"{who.name}: {len(found)} records at the {self.name}, not 1")
        return found[0].key

    def shows(self, who: Someone, *, copies: int = 1, **fields: object) -> None:
        """This client is here so many times, with these values."""
        found = self.copies(who)
        self.check(
            len(found) == copies,
            f"{who.name}: {len(found)} records at the {self.name}, not {copies}",
        )
        for view in found:
            for name, value in fields.items():
                shown = getattr(view, name)
                self.check(
                    shown == value,
                    f"{who.name}: {name} is {shown!r} at the {self.name}, not {value!r}",
                )

    def shows_within(self, limit_s: float, who: Someone, **fields: str | int) -> None:
        """This client is here with these values in time; the delay goes into the report."""
        looks = 0
        while looks * LOOK_EVERY_S < limit_s and not self._has(who, fields):
            self.wait(LOOK_EVERY_S)
            looks += 1
        self.shows(who, copies=1, **fields)
        self.took(looks * LOOK_EVERY_S)

    def _has(self, who: Someone, fields: Mapping[str, str | int]) -> bool:
        found = self.copies(who)
        return len(found) == 1 and all(getattr(found[0], n) == v for n, v in fields.items())

    def shows_whole(self, *someone: Someone) -> None:
        """They are here once each, with all that people entered of them, and no one else's."""
        views = list(self.views().values())
        for who in someone:
            found = [view for view in views if is_same(who, view, self.name)]
            self.check(len(found) == 1, f"{who.name}: {len(found)} records at the {self.name}")
            entered = entered_values(who.client)
            shown = {name: getattr(found[0], name) for name in entered}
            self.check(shown == entered, f"{who.name} shows {shown}, not {entered}")

    def shows_phones(self, who: Someone, *phones: str) -> None:
        """He has exactly these phones here, each once."""
        wanted = Counter(phone_digits(phone) for phone in phones)
        self.shows(who)
        for view in self.copies(who):
            self.check(
                view.phones == wanted,
                f"{who.name}: phones at the {self.name} are {sorted(view.phones.elements())}, "
                f"not {sorted(wanted.elements())}",
            )

    def keeps_type(self, who: Someone, phone: str, value_type: str) -> None:
        """The portal still calls this phone so."""
        shape, number = self.key(who).split(":")
        assert isinstance(self.people, PortalPeople)
        rows = self.people.portal.records()[shape][number]["PHONE"]
        types = {phone_digits(row["VALUE"]): row["VALUE_TYPE"] for row in rows}
        shown = types.get(phone_digits(phone))
        self.check(shown == value_type, f"{phone} is {shown}, not {value_type}")

    def never_showed(self, who: Someone, **fields: str) -> None:
        """At no moment did this client stand here with these values."""
        writes = card_writes(self.ledger.touches)
        states = [view for _, view in writes if view.key == self.key(who)]
        for name, value in fields.items():
            shown = {getattr(state, name) for state in states}
            self.check(
                value not in shown, f"{who.name}: {name} was {value!r} at the {self.name} once"
            )

    def got_in_order(self, *someone: Someone) -> None:
        """These clients came here one after the other, in this order."""
        writes = card_writes(self.ledger.touches)
        came = [view.key for verb, view in writes if verb == "add"]
        ranks = [came.index(self.key(who)) for who in someone]
        self.check(ranks == sorted(ranks), f"the {self.name} got them in the order {ranks}")

    def shows_count(self, count: int) -> None:
        found = len(self.views())
        self.check(found == count, f"{found} clients at the {self.name}, not {count}")


def is_same(who: Someone, view: View, name: str) -> bool:
    if view.key == who.keys.get(name) or (view.mark and view.mark == who.keys.get("base")):
        return True
    if view.mark and who.keys:
        return False
    if who.client.inn and view.inn:
        return view.inn == "".join(filter(str.isdigit, who.client.inn)) and (
            view.kpp == who.client.kpp or name == "portal"
        )
    return view.name == who.client.name
