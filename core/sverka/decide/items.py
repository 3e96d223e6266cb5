"""Three-way merging of phones and e-mails: each value is added and removed by itself."""

from sverka.records import Item, ItemChanges

Items = tuple[Item, ...]


def merge_items(mine: Items, mine_base: Items, theirs: Items, theirs_base: Items) -> ItemChanges:
    """What to do to `mine`, given what happened to `theirs` since both last agreed.

    A value that both sides removed or added is left alone. A removal and an addition on the
    other side that stand together become one change, so that the item keeps its id here.
    """
    added = _without(theirs, theirs_base, mine)
    removed = [item for item in _without(theirs_base, theirs) if item in mine]
    # Somebody typed the same value here anew: an addition outlives a removal.
    removed = [item for item in removed if item in mine_base]
    # A value that stands here twice goes with all its places, and gives its id to no other.
    places = {old.value: [item for item in mine if item == old] for old in removed}
    single = [found[0] for found in places.values() if len(found) == 1]
    pairs = tuple((old, _renewed(old, new)) for old, new in zip(single, added, strict=False))
    changed = {old.value for old, _ in pairs}
    return ItemChanges(
        changed=pairs,
        added=tuple(Item(item.value) for item in added[len(pairs) :]),
        removed=tuple(
            item for value, found in places.items() if value not in changed for item in found
        ),
    )


def _renewed(old: Item, new: Item) -> Item:
    return Item(new.value, old.label, old.key)


def _without(items: Items, *others: Items) -> list[Item]:
    seen = {item.value for other in others for item in other}
    result = []
    for item in items:
        if item.value not in seen:
            seen.add(item.value)
            result.append(item)
    return result
