"""The laws, judged after every scenario by both systems' state and the ledgers of their writes.

Converged; nothing lost; nothing doubled; limits kept; a further exchange writes nothing; ten quiet
minutes without a write.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from sverka_scenarios.accounts import unequal as unequal_accounts
from sverka_scenarios.contacts import ContactView
from sverka_scenarios.contacts import differences as staff_differences
from sverka_scenarios.judged import brought_by_merges, is_person, several_of, views_of
from sverka_scenarios.losses import lost
from sverka_scenarios.views import BAGS, CARD_FIELDS, COMPANY, View, differences
from sverka_scenarios.world import World, in_words

QUIET_MINUTES = 10


def judge(world: World) -> list[str]:
    """Sentences, one for each violation. Exempt edits are counted in `world.exempt`."""
    verdicts = [*converged(world), *doubled(world), *lost(world), *limits_kept(world)]
    return verdicts or [*quiet(world)]


def converged(world: World) -> Iterator[str]:
    """Each client has exactly one counterpart, equal in every field that both can hold."""
    portal, base = views_of(world)
    several = {firms.client: list(firms.unequal()) for firms in several_of(world)}
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
    portal, base = views_of(world)
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
    brought, entered = brought_by_merges(world), _entered_requisites(world)
    several = {firms.client for firms in several_of(world)}
    for view in portal.values():
        keys = set(view.requisite_keys) - brought
        if len(keys) > 1 and keys - entered and view.mark not in several:
            yield f"doubled: {view.key} has the requisites {', '.join(view.requisite_keys)}"


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


def _entered_requisites(world: World) -> set[str]:
    return {
        touch.key
        for touch in world.portal_system.ledger.touches
        if touch.entity == "requisite" and touch.verb == "add" and is_person(touch)
    }


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
        if fresh := world.touches()[written:]:
            yield f"not quiet: {what} wrote {len(fresh)} times, first {in_words(fresh[0])}"
            return
