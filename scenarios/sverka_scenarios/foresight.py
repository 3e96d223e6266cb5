"""What a preview says, held against what the exchange then does to both systems."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from b24_emulator.portal import Portal
from onec_emulator.infobase import Infobase
from sverka.preview import Preview, Row
from sverka_scenarios.builders import Someone
from sverka_scenarios.views import SCALARS, View
from sverka_scenarios.world import World

READING = ("get", "list", "token")
"""How methods of the portal end that leave nothing behind."""
COMPARED = {*SCALARS, "mark"} - {"legal_address", "actual_address"}
"""Fields that both the preview and our views show in the same words."""
UNCOUNTED = ("skipped", "waiting")
NEW = "new"
"""What only the exchange itself can give: a key, a mark."""

Views = dict[str, dict[str, View]]
Place = tuple[str, str, str]
"""Side, key, field."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """A preview of which a scenario speaks."""

    world: World
    preview: Preview

    def creates(self, *everybody: Someone) -> None:
        for who in everybody:
            row = self._row(who)
            self._check("created" in row.deeds, f"{who.name} would be created: {row.deeds}")
            names = [change.after for change in row.changes if change.field == "name"]
            self._check(names == [who.name], f"{who.name} would be written as {names}")

    def links(self, *everybody: Someone, by: str) -> None:
        """Each of them is on both sides, and would be recognised by this."""
        for who in everybody:
            row = self._row(who)
            self._check("linked" in row.deeds, f"{who.name} would be linked: {row.deeds}")
            self._check(row.by == by, f"{who.name} would be recognised by {by}: {row.by!r}")
            other = row.other.key if row.other else ""
            self._check(other in who.listed_as, f"{who.name} would be linked to {other!r}")

    def changes(self, who: Someone, side: str, **fields: tuple[str, str]) -> None:
        """Just these fields of a side would be written, from this value to that."""
        row = self._row(who)
        found = {c.field: (c.before, c.after) for c in row.changes if c.side == side}
        self._check(found == fields, f"{who.name} would be changed by {fields}: {found}")

    def asks(self, who: Someone, candidates: Sequence[Someone]) -> None:
        """A person would have to say which of these he is."""
        row = self._row(who)
        self._check(row.deeds == ("review",), f"{who.name} would be ambiguous: {row.deeds}")
        wanted = {key for candidate in candidates for key in candidate.listed_as}
        named = {candidate.key for candidate in row.candidates}
        self._check(named <= wanted and named, f"{who.name} could be {wanted}: {named}")

    def skips(self, who: Someone, reason: str) -> None:
        row = self._row(who)
        self._check(row.deeds == ("skipped",), f"{who.name} would be skipped: {row.deeds}")
        self._check(reason in row.reason, f"{who.name}: {row.reason!r} says {reason!r}")

    def comes_true(self) -> None:
        """An exchange of everything does just this: all is counted, clients field by field."""
        before = _views(self.world)
        report = self.world.exchange_everything()
        after = _views(self.world)
        said = {deed: n for deed, n in self.preview.counts.items() if deed not in UNCOUNTED}
        did = dict(report.counts) if report else {}
        self._check(said == did, f"the exchange counts {did}, the preview said {said}")
        fields, foreseen = dict(_changed(before, after)), dict(self._foreseen(before))
        odd = fields.keys() ^ foreseen.keys()
        self._check(not odd, f"foreseen or done, but not both: {sorted(odd)}")
        wrong = {
            place: (value, fields[place])
            for place, value in foreseen.items()
            if place[2] in COMPARED and value not in {fields[place], NEW}
        }
        self._check(not wrong, f"foreseen and done differ: {wrong}")

    def _foreseen(self, views: Views) -> Iterator[tuple[Place, object]]:
        """Changes of clients that are there already; whom they own is counted only."""
        for row in self.preview.rows:
            keys = {row.side: row.record.key, row.side.other: row.other.key if row.other else NEW}
            for change in row.changes:
                key = keys[change.side].removeprefix("client:")
                if key in views[change.side]:
                    yield (str(change.side), key, change.field), change.after

    def _row(self, who: Someone) -> Row:
        listed = self.world.listed(who)
        mine = [r for r in self.preview.rows if {r.record.key, r.other and r.other.key} & listed]
        self._check(len(mine) == 1, f"{who.name}: {len(mine)} rows of the preview, not 1")
        return mine[0]

    def _check(self, truth: object, sentence: str) -> None:
        self.world.check(bool(truth), sentence)


def foresee(world: World) -> Foresight:
    """An operator looks at a preview; it leaves no trace, and makes no call that could."""
    made = {name: len(system.calls.lines) for name, system in _systems(world).items()}
    before = _traces(world)
    preview = world.core.preview()
    calls = {
        side: [
            name
            for line in list(system.calls.lines)[made[side] :]
            for name in (line.parts or (line.name,))
        ]
        for side, system in _systems(world).items()
    }
    writing = [name for name in calls["portal"] if name.rpartition(".")[2] not in READING]
    writing += [name for name in calls["portal"] if name.startswith("event.offline.")]
    writing += [name for name in calls["infobase"] if not name.startswith("GET ")]
    world.check(bool(calls["portal"] and calls["infobase"]), "a preview reads both systems")
    world.check(not writing, f"a preview only reads: {sorted(set(writing))}")
    world.check(_traces(world) == before, "a preview leaves no trace")
    return Foresight(world, preview)


def _systems(world: World) -> Mapping[str, Portal | Infobase]:
    return {"portal": world.portal_system, "infobase": world.base_system}


def _traces(world: World) -> tuple[object, ...]:
    """What both systems and the exchange's own lists hold."""
    return (
        len(world.touches()),
        world.portal_events(),
        world.base_system.registered(),
        world.core.counts(),
        len(world.core.history()),
    )


def _views(world: World) -> Views:
    return {
        "portal": world.portal_views(),
        "infobase": world.base_views(),
    }


def _changed(before: Views, after: Views) -> Iterator[tuple[Place, object]]:
    """Fields of records that were there before, with their new values."""
    for side, views in after.items():
        for key in views.keys() & before[side].keys():
            for name in (*SCALARS, "phones", "emails", "mark"):
                now = getattr(views[key], name)
                if now != getattr(before[side][key], name):
                    yield (side, key, name), now
