"""Who follows his other end when it went away, and who has to wait before he is carried over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sverka.decide.fields import fate
from sverka.entities.clients import CLIENT, KIND
from sverka.entities.counterparties import COUNTERPARTY
from sverka.records import Fate, Item, Link, Record, SideName, split_key
from sverka.settings import ClientSettings, OnDeletion, Policy

PORTAL, INFOBASE = SideName
DEPARTING = (CLIENT.name, COUNTERPARTY.name)
CLIENT_FIELDS = frozenset(declared.name for declared in CLIENT.fields)


class Removal(StrEnum):
    """What is done to the end that is left."""

    NOTHING = "left as it is"
    MARK = "marked for deletion"
    DELETE = "deleted"


REMOVALS: Mapping[tuple[OnDeletion, SideName], Removal] = {
    # The side is that of the end that is left.
    (OnDeletion.IGNORE, PORTAL): Removal.NOTHING,
    (OnDeletion.IGNORE, INFOBASE): Removal.NOTHING,
    # The portal knows no mark, and what it deletes takes all that belongs to it along.
    (OnDeletion.MARK, PORTAL): Removal.NOTHING,
    (OnDeletion.MARK, INFOBASE): Removal.MARK,
    (OnDeletion.DELETE, PORTAL): Removal.DELETE,
    (OnDeletion.DELETE, INFOBASE): Removal.DELETE,
}


@dataclass(frozen=True, slots=True)
class Fated:
    """What a client's left end has to expect, and why.

    Attributes:
        reason: Why it stays although the setting would remove it; `""` if nothing keeps it.
    """

    removal: Removal
    reason: str = ""


def gone_side(link: Link | None, records: Mapping[SideName, Record]) -> SideName | None:
    """The side on which one end alone of a linked client is gone or marked for deletion.

    Likewise of one of his further counterparties.
    """
    if link is None or split_key(link.infobase_key)[0] not in DEPARTING:
        return None
    away = [side for side in SideName if side not in records or records[side].marked]
    return away[0] if len(away) == 1 else None


def fated(policy: OnDeletion, left: Record, link: Link) -> Fated:
    """What to do to the end that is left. An edit outlives a deletion: losing work is worse."""
    removal = REMOVALS[policy, left.side]
    if removal is Removal.NOTHING:
        return Fated(removal)
    if left.outside:
        return Fated(Removal.NOTHING, left.outside)
    base = link.base(left.side)
    # Of which kind a requisite of our own making is, nobody has agreed on yet.
    names = CLIENT_FIELDS - ({KIND} - base.keys())
    edited = sorted(name for name in names if fate(name, left.values, base) is Fate.EDITED)
    if edited:
        return Fated(Removal.NOTHING, f"it was edited since: {', '.join(edited)}")
    return Fated(removal)


def is_merge_possible(link: Link, reached: Collection[str], children: Collection[Link]) -> bool:
    """Whether a client whom nobody has found on the portal may yet have been merged there.

    A survivor would show his INN, his phones and e-mails, or what belonged to him. Who had none of
    these leaves no trace; and who else bears his phone may be the survivor, or not.

    Args:
        reached: Who bears a phone or an e-mail of his.
        children: What belonged to him.
    """
    if link.portal_base.get("inn"):
        return False
    traces = [*reach_of(link, "phones"), *reach_of(link, "emails"), *children]
    return bool(reached) or not traces


def reach_of(link: Link, name: str) -> list[str]:
    """The phones, or e-mails, that a client had on the portal."""
    items = link.portal_base.get(name, ())
    return [item.value for item in items if isinstance(item, Item)]


def too_many(count: int, links: int, clients: ClientSettings) -> bool:
    """So many deletions at once are rather a mistake than a wish.

    Args:
        links: How many pairs there are; of many a few more may go.
    """
    return count > max(clients.deletions_max, clients.deletions_share * links)


def held_until_s(clients: ClientSettings, record: Record, since_s: float) -> float:
    """Until when a client of the portal that nobody has recognised waits for his requisites.

    Unix seconds; 0 if he does not wait: he has them, or is of a kind without INN, or the policy is
    that of the vendor's module, which never waits.
    """
    if clients.policy is Policy.MODULE or "requisite" in record.parts:
        return 0.0
    shape = split_key(record.key)[0]
    numbered = record.entity == CLIENT.name and "inn" in CLIENT.carried(shape, record.kind)
    return since_s + clients.hold_without_requisites_s if numbered else 0.0
