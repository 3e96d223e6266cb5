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
    present = {item.value: item for item in mine}
    pairs = tuple(
        (present[old.value], _renewed(present[old.value], new))
        for old, new in zip(removed, added, strict=False)
    )
    rest = len(pairs)
    return ItemChanges(
        changed=pairs,
        added=tuple(Item(item.value) for item in added[rest:]),
        removed=tuple(present[item.value] for item in removed[rest:]),
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
