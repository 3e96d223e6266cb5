"""A random life of two systems: what people do when, drawn from a seed."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sverka.drivers.simulated import CrashPoint
from sverka_emulator_kit.people import Kind
from sverka_emulator_kit.trouble import (
    CutReply,
    Delay,
    DropReply,
    DropRequest,
    Html,
    Refuse,
    Trouble,
)
from sverka_scenarios.ends import End
from sverka_scenarios.people import BasePeople
from sverka_scenarios.views import ADDRESSES, View
from sverka_scenarios.world import World

RECORDS_A_SIDE = 17
EDITS_A_SIDE = 100
TROUBLES = 9
INN_OF_A_FIRM = 10
SPAN_S = 400.0
"""How long people work, in virtual seconds."""

PORTAL_TROUBLES: tuple[tuple[str, Trouble, str], ...] = (
    ("refuse", Refuse(), "batch*"),
    ("html", Html(), "batch*"),
    ("delay", Delay(90.0), "batch/crm.*"),
    ("drop_request", DropRequest(), "batch*"),
    ("drop_reply", DropReply(), "batch/crm.*.add"),
    ("drop_reply", DropReply(), "batch/crm.*.update"),
    ("drop_reply", DropReply(), "event.offline.get"),
    ("cut_reply", CutReply(), "batch*"),
)
BASE_TROUBLES: tuple[tuple[str, Trouble, str], ...] = (
    ("html", Html(500), "* Catalog_*"),
    ("delay", Delay(90.0), "PATCH *"),
    ("drop_request", DropRequest(), "* Catalog_*"),
    ("drop_reply", DropReply(), "POST Catalog_*"),
    ("drop_reply", DropReply(), "PATCH Catalog_*"),
    ("drop_reply", DropReply(), "POST SelectChanges"),
    ("drop_reply", DropReply(), "POST NotifyChangesReceived"),
    ("cut_reply", CutReply(), "POST SelectChanges"),
)
TROUBLE_KINDS = sorted({name for name, _, _ in PORTAL_TROUBLES + BASE_TROUBLES})


@dataclass(slots=True)
class Life:
    """Draws deeds and puts them on the world's clock.

    Attributes:
        edits: Deeds done, by side.
        story: What happened, a line each with its moment, for the replay.
    """

    world: World
    chance: random.Random
    edits: Counter[str] = field(default_factory=Counter)
    verbs: Counter[str] = field(default_factory=Counter)
    story: list[tuple[float, str]] = field(default_factory=list)

    def begin(self) -> None:
        for end in self.ends():
            for _ in range(RECORDS_A_SIDE):
                end.has(self.world.make.client())
        shared = self.world.make.legal()
        for end in self.ends():
            end.has(shared)
        if not self.world.arrangement.criteria:
            # By the external ID alone nobody can tell that it is one client.
            self.world.allow_double(shared)
        for end in self.ends():
            for _ in range(EDITS_A_SIDE):
                self._at_some_time(partial(self.edit, end))
        for _ in range(TROUBLES):
            self._at_some_time(self._make_trouble)
        self._at_some_time(self.plan_crash)

    def ends(self) -> tuple[End, End]:
        return (self.world.portal, self.world.base)

    def tell(self, line: str) -> None:
        self.story.append((self.world.clock.now_s(), line))

    def _at_some_time(self, deed: Callable[[], None]) -> None:
        clock = self.world.clock
        clock.at(clock.now_s() + self.chance.uniform(0.0, SPAN_S), deed)

    def edit(self, end: End) -> None:
        """A person does one thing, now."""
        views = end.views()
        view = views[self.chance.choice(sorted(views))]
        verb = self.chance.choices(list(VERBS), weights=[weight for weight, _ in VERBS.values()])[0]
        what = VERBS[verb][1](self, end, view)
        self.edits[end.name] += 1
        self.verbs[verb] += 1
        self.tell(f"{end.name}: a person {what}")

    def _enter(self, end: End, _: View) -> str:
        who = self.world.make.client()
        end.has(who)
        return f"enters {who.name} as {who.keys[end.name]}"

    def _rename(self, end: End, view: View) -> str:
        kind = Kind.LEGAL if view.full_name else Kind.PERSON
        name = self.world.make.client(kind).name
        end.people.edit(view.key, name=name)
        return f"renames {view.key} to {name}"

    def _renumber(self, end: End, view: View) -> str:
        if not view.inn:
            return self._add_phone(end, view)
        okpo = "".join(self.chance.choices("0123456789", k=8))
        end.people.edit(view.key, okpo=okpo)
        return f"sets ОКПО of {view.key} to {okpo}"

    def _move(self, end: End, view: View) -> str:
        # Who types numbers in while a program is at it makes a second counterparty in УТ.
        has_room = view.requisites
        if isinstance(end.people, BasePeople):
            has_room = end.people.has_details(view.key)
        if not has_room:
            return self._add_phone(end, view)
        field = self.chance.choice(list(ADDRESSES))
        address = self.world.make.address()
        end.people.move(view.key, address, field)
        return f"sets {field} of {view.key} to {address.shown}"

    def _add_phone(self, end: End, view: View) -> str:
        phone = self.world.make.registry.phone()
        end.people.add(view.key, "PHONE", phone)
        return f"adds {phone} to {view.key}"

    def _change_phone(self, end: End, view: View) -> str:
        if not view.phones:
            return self._add_phone(end, view)
        old, new = self.chance.choice(sorted(view.phones)), self.world.make.registry.phone()
        end.people.replace(view.key, "PHONE", f"+{old}", new)
        return f"changes +{old} of {view.key} to {new}"

    def _remove_phone(self, end: End, view: View) -> str:
        if len(view.phones) < 2:
            return self._add_phone(end, view)
        old = self.chance.choice(sorted(view.phones))
        end.people.remove(view.key, "PHONE", f"+{old}")
        return f"removes +{old} from {view.key}"

    def _hire(self, end: End, view: View) -> str:
        if len(view.inn) != INN_OF_A_FIRM:
            return self._add_phone(end, view)
        person = self.world.make.person()
        key = self.world.staff.of(end.name).enter(view.key, person.client, "менеджер")
        return f"enters contact person {person.name} of {view.key} as {key}"

    def _rename_person(self, end: End, view: View) -> str:
        staff = self.world.staff.of(end.name)
        if not (people := sorted(staff.views())):
            return self._hire(end, view)
        key, name = self.chance.choice(people), self.world.make.person().name
        staff.rename(key, name)
        return f"renames contact person {key} to {name}"

    def _move_person(self, end: End, view: View) -> str:
        staff = self.world.staff.of(end.name)
        if len(view.inn) != INN_OF_A_FIRM or not (people := sorted(staff.views())):
            return self._hire(end, view)
        key = self.chance.choice(people)
        if staff.views()[key].owner == view.key:
            return self._rename_person(end, view)
        staff.move(key, view.key)
        return f"moves contact person {key} to {view.key}"

    def _open_account(self, end: End, view: View) -> str:
        if len(view.inn) != INN_OF_A_FIRM:
            return self._add_phone(end, view)
        account = self.world.make.account()
        self.world.money.of(end.name).enter(view.key, account)
        return f"enters account {account.number} of {view.key}"

    def _renumber_account(self, end: End, view: View) -> str:
        money = self.world.money.of(end.name)
        if not (accounts := sorted(money.views())):
            return self._open_account(end, view)
        key, number = self.chance.choice(accounts), self.world.make.account().number
        money.renumber(key, number)
        return f"renumbers account {key} to {number}"

    def _make_trouble(self) -> None:
        end, choices = self.chance.choice(
            [(self.world.portal, PORTAL_TROUBLES), (self.world.base, BASE_TROUBLES)]
        )
        name, trouble, pattern = self.chance.choice(choices)
        end.suffers(trouble, on=pattern)
        self.tell(f"trouble: {name} for the next {pattern} at the {end.name}")

    def plan_crash(self, after: int = 0) -> None:
        point = self.chance.choice(list(CrashPoint))
        after = after or self.chance.randint(1, 12)
        self.world.kill_at(point, after)
        self.tell(f"the process will die {point}, at the {after}. time from now")


VERBS: dict[str, tuple[int, Callable[[Life, End, View], str]]] = {
    "enter": (1, Life._enter),
    "rename": (3, Life._rename),
    "renumber": (3, Life._renumber),
    "move": (2, Life._move),
    "add phone": (3, Life._add_phone),
    "change phone": (3, Life._change_phone),
    "remove phone": (2, Life._remove_phone),
    "hire": (1, Life._hire),
    "rename person": (1, Life._rename_person),
    "move person": (1, Life._move_person),
    "open account": (1, Life._open_account),
    "renumber account": (1, Life._renumber_account),
}
