"""The laws, judged after every scenario by both systems' state and the ledgers of their writes.

Converged; nothing lost; nothing doubled; limits kept; a further exchange writes nothing; ten quiet
minutes without a write.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from sverka_emulator_kit.record import Touch
from sverka_emulator_kit.system import Records, System
from sverka_scenarios.accounts import unequal as unequal_accounts
from sverka_scenarios.contacts import ContactView
from sverka_scenarios.contacts import differences as staff_differences
from sverka_scenarios.counterparties import base_parts, paired, portal_parts
from sverka_scenarios.counterparties import unequal as unequal_firms
from sverka_scenarios.views import (
    ADDRESSES,
    BAGS,
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
    base_views,
    client_of,
    differences,
    phone_digits,
    portal_view,
    portal_views,
    text,
    words,
)
from sverka_scenarios.world import World

QUIET_MINUTES = 10
UT = "ut11"
Bag = Counter[str]


def judge(world: World) -> list[str]:
    """Sentences, one for each violation. Exempt edits are counted in `world.exempt`."""
    verdicts = [*converged(world), *doubled(world), *lost(world), *limits_kept(world)]
    return verdicts or [*quiet(world)]


def converged(world: World) -> Iterator[str]:
    """Each client has exactly one counterpart, equal in every field that both can hold."""
    portal, base = _views(world)
    several = {firms.client: list(firms.unequal()) for firms in _several(world)}
    by_mark: dict[str, list[View]] = defaultdict(list)
    for view in portal.values():
        by_mark[view.mark].append(view)
    for key, view in base.items():
        twins = by_mark.get(key, [])
        if len(twins) == 1 and not {key, twins[0].key} & world.unequal:
            if key in several:
                yield from (f"not converged: {text}" for text in several[key])
            names = CARD_FIELDS if key in several else None
            yield from (f"not converged: {text}" for text in differences(twins[0], view, names))
        elif not twins and key not in world.apart:
            yield f"not converged: {view.name!r} ({key}) of the base is not on the portal"
    for key, view in portal.items():
        if view.mark not in base and key not in world.apart:
            yield f"not converged: {view.name!r} ({key}) of the portal is not in the base"
    owners = {key: view.mark for key, view in portal.items()}
    yield from _converged_staff(world, owners)
    yield from (f"not converged: {text}" for text in unequal_accounts(world.money, owners))


def _converged_staff(world: World, owners: Mapping[str, str]) -> Iterator[str]:
    """Each contact person of a company on both sides has exactly one counterpart, equal in all.

    A client who is a contact on the portal cannot have any there.
    """
    portal, base = world.staff.portal.views(), world.staff.base.views()
    owners = {key: mark for key, mark in owners.items() if key.startswith(COMPANY)}
    twins: dict[str, list[ContactView]] = defaultdict(list)
    for view in portal.values():
        twins[view.mark].append(view)
    for key, view in base.items():
        found = twins.get(key, [])
        if len(found) > 1:
            yield f"doubled: {len(found)} contact persons of the portal bear {key}"
        elif found and view.owner in owners.values():
            differing = staff_differences(found[0], view, owners)
            yield from (f"not converged: {text}" for text in differing)
        elif not found and view.owner in owners.values():
            yield f"not converged: contact person {view.name!r} of the base is not on the portal"
    for key, view in portal.items():
        if view.mark not in base and owners.get(view.owner) and key not in world.apart:
            yield f"not converged: contact person {key} of the portal is not in the base"
    for name, views in (("portal", portal), ("base", base)):
        for who, count in Counter((view.owner, view.name) for view in views.values()).items():
            if count > 1:
                yield f"doubled: {who[1]!r} is {count} times a contact person of {who[0]} ({name})"


def doubled(world: World) -> Iterator[str]:
    """No record that a program made stands for a client who was there already."""
    portal, base = _views(world)
    marks = Counter(view.mark for view in portal.values() if view.mark)
    yield from (
        f"doubled: {count} portal records bear {m}" for m, count in marks.items() if count > 1
    )
    for name, views, entered in (
        ("portal", portal, _entered_portal(world)),
        ("base", base, _entered_base(world)),
    ):
        yield from _doubled_names(name, views, entered | world.doubles)
        yield from _doubled_items(name, views)
    brought, entered = _brought_by_merges(world), _entered_requisites(world)
    several = {firms.client for firms in _several(world)}
    for view in portal.values():
        keys = set(view.requisite_keys) - brought
        if len(keys) > 1 and keys - entered and view.mark not in several:
            yield f"doubled: {view.key} has the requisites {', '.join(view.requisite_keys)}"


@dataclass(frozen=True, slots=True)
class Several:
    """A client of УТ who has several counterparties, or several requisites on the portal.

    Attributes:
        client: GUID of the partner.
        card: Key on the portal.
        brought: Requisites that people moved here from another client.
    """

    client: str
    card: str
    portal: Mapping[str, View]
    base: Mapping[str, View]
    brought: frozenset[str]

    def unequal(self) -> Iterator[str]:
        return unequal_firms(self.portal, self.base, set(self.brought))


def _several(world: World) -> Iterator[Several]:
    if world.arrangement.configuration != UT or world.core.settings.clients.one_to_one:
        return
    portal, base = portal_parts(world.portal_system.records()), base_parts(_base_rows(world))
    brought = {f"requisite:{key}" for key in _brought_by_merges(world)}
    for card, view in _views(world)[0].items():
        ends = portal.get(card, {}), base.get(view.mark, {})
        if view.mark in base and max(map(len, ends)) > 1:
            yield Several(view.mark, card, *ends, frozenset(ends[0].keys() & brought))


def _base_rows(world: World) -> Records:
    system: System = world.base_system
    return system.records()


def _doubled_names(name: str, views: Mapping[str, View], rightly: set[str]) -> Iterator[str]:
    who: dict[str, list[View]] = defaultdict(list)
    for view in views.values():
        who[f"{view.inn}/{view.kpp}" if view.inn else view.name].append(view)
    for same in who.values():
        made = [view.key for view in same if view.key not in rightly]
        if len(same) > 1 and made and not {same[0].inn, same[0].name} & rightly:
            yield f"doubled: {same[0].name!r} stands {len(same)} times at the {name}: made {made}"


def _doubled_items(name: str, views: Mapping[str, View]) -> Iterator[str]:
    for view in views.values():
        for bag in BAGS:
            for value, count in getattr(view, bag).items():
                if count > 1:
                    yield f"doubled: {value} stands {count} times in {bag} of {view.key} ({name})"


def _entered_portal(world: World) -> set[str]:
    return {
        f"{touch.entity}:{touch.key}"
        for touch in world.portal_system.ledger.touches
        if touch.verb == "add" and is_person(touch)
    }


def _entered_base(world: World) -> set[str]:
    touches = world.base_system.ledger.touches
    return {touch.key for touch in touches if touch.verb == "add" and is_person(touch)}


def _brought_by_merges(world: World) -> set[str]:
    """Requisites that people moved from one client to another."""
    return {
        touch.key
        for touch in world.portal_system.ledger.touches
        if touch.entity == "requisite" and touch.before and touch.after and is_person(touch)
        if text(touch.before, "ENTITY_ID") != text(touch.after, "ENTITY_ID")
    }


def _entered_requisites(world: World) -> set[str]:
    return {
        touch.key
        for touch in world.portal_system.ledger.touches
        if touch.entity == "requisite" and touch.verb == "add" and is_person(touch)
    }


def is_person(touch: Touch) -> bool:
    return touch.actor.startswith("user:")


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
    portal, base = _views(world)
    twin = {view.mark: view.key for view in portal.values() if view.mark}
    pair_of = {key: key for key in base} | {portal_key: mark for mark, portal_key in twin.items()}
    owners: set[str] = set()
    for firms in _several(world):
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
                if _could_not_know(edit, later):
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


def _could_not_know(edit: Edit, later: list[Edit]) -> bool:
    """A program wrote the same field after a read that was older than the edit."""
    return any(
        not is_person(other.touch)
        and other.key == edit.key
        and (other.touch.read_at_s is None or other.touch.read_at_s <= edit.touch.at_s)
        for other in later
    )


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
    views = portal_views(world.portal_system.records()).values()
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


def limits_kept(world: World) -> Iterator[str]:
    """Nobody was refused for the limits, unless it was injected or others used them up.

    A portal that its vendor has closed says so with the same status.
    """
    refused = [
        line
        for line in world.portal_system.calls.lines
        if line.status in {429, 503} and not line.trouble and line.at_s > world.crowded_until_s
        if line.error != "OVERLOAD_LIMIT"
    ]
    if refused:
        yield f"limits: {len(refused)} calls were refused, the first was {refused[0].name}"


def quiet(world: World) -> Iterator[str]:
    """A further exchange writes nothing, nor do ten minutes without a person's deed."""
    for what, pause_s in [("a further exchange", 0.0)] + [
        ("ten quiet minutes", 60.0)
    ] * QUIET_MINUTES:
        written = world.write_count()
        world.wait(pause_s)
        world.exchange()
        if fresh := world.writes()[written:]:
            yield f"not quiet: {what} wrote {len(fresh)} times, first {fresh[0]}"
            return


def _views(world: World) -> tuple[dict[str, View], dict[str, View]]:
    systems: tuple[System, System] = (world.portal_system, world.base_system)
    return portal_views(systems[0].records()), base_views(systems[1].records())
