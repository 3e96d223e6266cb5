"""The law that nothing is lost: an edit of a person that is nowhere any more."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from sverka.drivers.simulated import Trip
from sverka.records import SideName
from sverka_emulator_kit.record import Touch
from sverka_scenarios.counterparties import paired
from sverka_scenarios.judged import is_person, several_of, views_of
from sverka_scenarios.views import (
    ADDRESSES,
    CARD_FIELDS,
    CLIENT_SETS,
    COMPANY,
    CONTACT,
    OWNER_TYPE,
    PLACES,
    SCALARS,
    TEMPLATES,
    View,
    address_kinds,
    base_view,
    client_of,
    phone_digits,
    portal_view,
    text,
    words,
)
from sverka_scenarios.world import World

Bag = Counter[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """What one write did to one field of one client.

    Attributes:
        kind: Of which kind he was then, or his requisite was; `""` if the write does not tell.
    """

    touch: Touch
    side: str
    key: str
    kind: str
    field: str
    before: str | Bag
    after: str | Bag


def lost(world: World) -> Iterator[str]:
    """An edit of a person that is on neither side and not in the history is lost."""
    portal, base = views_of(world)
    twin = {view.mark: view.key for view in portal.values() if view.mark}
    pair_of = {key: key for key in base} | {portal_key: mark for mark, portal_key in twin.items()}
    owners: set[str] = set()
    for firms in several_of(world):
        owners |= {firms.card, firms.client}
        pair_of |= paired(firms.portal, firms.base)
        portal, base = {**portal, **firms.portal}, {**base, **firms.base}
    edits = sorted(_edits(world, owners), key=lambda edit: edit.touch.at_s)
    by_field: dict[tuple[str, str], list[Edit]] = defaultdict(list)
    for edit in edits:
        by_field[pair_of.get(edit.key, edit.key), edit.field].append(edit)
    remembered = _remembered(world)
    for story in by_field.values():
        for index, edit in enumerate(story):
            views = portal if edit.side == "portal" else base
            if not is_person(edit.touch) or edit.key not in views:
                continue
            if _has_no_place(edit, views[edit.key]):
                continue
            later = story[index + 1 :]
            for sentence in _lost_values(edit, later, views[edit.key], remembered):
                if _could_not_know(world, edit, later):
                    world.exempt += 1
                else:
                    yield sentence


def _remembered(world: World) -> set[str]:
    """Values that the history keeps by name: losers of conflicts, and what a retry may undo."""
    values = [value for line in world.core.history() for value in line.values.values()]
    single = [part for value in values for part in value.split(", ")]
    return {*values, *single, *map(phone_digits, single), *map(words, values)}


def _lost_values(edit: Edit, later: list[Edit], now: View, remembered: set[str]) -> Iterator[str]:
    by_people = [other for other in later if is_person(other.touch)]
    shown = getattr(now, edit.field)
    if isinstance(edit.after, str):
        kept = shown == edit.after or by_people or edit.after in remembered
        if not kept:
            yield f"lost: {edit.field} of {edit.key} was set to {edit.after!r}, is {shown!r}"
        return
    assert isinstance(edit.before, Counter)
    for value in (edit.after - edit.before).keys() - shown.keys():
        if not (value in remembered or any(value in _bag(other.before) for other in by_people)):
            yield f"lost: {value} was added to {edit.field} of {edit.key}, and is gone"
    for value in (edit.before - edit.after).keys() & shown.keys():
        if not (value in remembered or any(value in _bag(other.after) for other in by_people)):
            yield f"lost: {value} was removed from {edit.field} of {edit.key}, and is back"


def _has_no_place(edit: Edit, now: View) -> bool:
    """He is a client of another kind now, who has no such field."""
    kind = TEMPLATES.get(now.template, (now.kind,))[0]
    turned = edit.kind not in {"", now.kind, now.template}
    return turned and edit.field in REQUISITE_FIELDS and edit.field not in PLACES.get(kind, ())


def _bag(value: str | Bag) -> Bag:
    return value if isinstance(value, Counter) else Counter()


def _could_not_know(world: World, edit: Edit, later: list[Edit]) -> bool:
    """A program wrote the same field after a read that was older than the edit.

    An answer that came when the write had set out already told it nothing.
    """
    return any(
        not is_person(other.touch)
        and other.key == edit.key
        and not any(read_s > edit.touch.at_s for read_s in _known_before(world, other))
        for other in later
    )


def _known_before(world: World, edit: Edit) -> Iterator[float]:
    side = SideName.PORTAL if edit.side == "portal" else SideName.INFOBASE
    trips, written_s = world.core.trips, edit.touch.at_s
    write = trips.get((side, written_s), Trip(written_s))
    for read_s in edit.touch.reads_s:
        if trips.get((side, read_s), Trip(read_s, read_s)).came_s <= write.left_s:
            yield read_s


def _edits(world: World, owners: Set[str]) -> Iterator[Edit]:
    """Edits by client; those of one of several counterparties, or requisites, by that part.

    Args:
        owners: Keys of those who have several.
    """
    kinds = address_kinds(world.base_system.records())
    for touch in world.base_system.ledger.touches:
        if touch.entity in CLIENT_SETS:
            key, fields = client_of(touch)
            key = touch.key if key in owners else key
            before = base_view(key, touch.before or {}, kinds)
            after = base_view(key, touch.after or {}, kinds)
            yield from _changed(touch, "base", key, before, after, fields)
    # A requisite that stands beside the client's own is nobody's in 1C.
    views = world.portal_views().values()
    alone = [view for view in views if view.key not in owners]
    beside = {key for view in alone for key in view.requisite_keys[1:]}
    for touch in world.portal_system.ledger.touches:
        if touch.entity == "requisite" and touch.key in beside:
            continue
        for edit in _portal_edits(touch):
            part = _requisite_of(touch) if edit.key in owners else ""
            yield replace(edit, key=f"requisite:{part}") if part else edit


def _requisite_of(touch: Touch) -> str:
    """The requisite that a write concerns, `""` for none."""
    if touch.entity == "address":
        return text(touch.after or touch.before or {}, "ENTITY_ID")
    return touch.key if touch.entity == "requisite" else ""


REQUISITE_FIELDS = tuple(name for name in SCALARS if name not in {"name", *ADDRESSES})
SHAPE_OF_TYPE = {code: shape for shape, code in OWNER_TYPE.items()}


def _portal_edits(touch: Touch) -> Iterator[Edit]:
    before, after = touch.before or {}, touch.after or {}
    if touch.entity in {COMPANY, CONTACT}:
        views = [portal_view(touch.entity, touch.key, row, []) for row in (before, after)]
        yield from _changed(touch, "portal", views[0].key, views[0], views[1], CARD_FIELDS)
    elif touch.entity == "requisite":
        row = after or before
        shape, owner = SHAPE_OF_TYPE[text(row, "ENTITY_TYPE_ID")], text(row, "ENTITY_ID")
        views = [portal_view(shape, owner, {}, [row]) for row in (before, after)]
        yield from _changed(touch, "portal", views[0].key, views[0], views[1], REQUISITE_FIELDS)
    elif touch.entity == "address":
        row = after or before
        shape, owner = SHAPE_OF_TYPE[text(row, "ANCHOR_TYPE_ID")], text(row, "ANCHOR_ID")
        requisite = {"ID": text(row, "ENTITY_ID")}
        views = [
            portal_view(shape, owner, {}, [requisite], {requisite["ID"]: [row]})
            for row in (before, after)
        ]
        yield from _changed(touch, "portal", views[0].key, views[0], views[1], tuple(ADDRESSES))


def _changed(
    touch: Touch, side: str, key: str, before: View, after: View, names: Iterable[str]
) -> Iterator[Edit]:
    for name in names:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            kind = after.kind or after.template or before.template
            yield Edit(touch, side, key, kind, name, was, now)
