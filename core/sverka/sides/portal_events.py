"""Offline events of the portal: which there are for us, and whom they are about."""

from collections.abc import Sequence

from sverka.asks import Flow
from sverka.records import Change, Fate, SideName, typed_key
from sverka.settings import Shape
from sverka.sides.owning import own_parts
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import Row, rows_or_refusal
from sverka.sides.portal_reading import REQUISITES
from sverka.wire.b24 import Refusal
from sverka.wire.b24_accounts import DETAIL
from sverka.wire.b24_cards import REQUISITE, SHAPE_OF_TYPE
from sverka.wire.b24_requisites import owner_of

EVENTS = (
    *(
        f"ONCRM{what}{verb}"
        for what in ("COMPANY", "CONTACT", "REQUISITE", "BANKDETAIL")
        for verb in ("ADD", "UPDATE", "DELETE")
    ),
    "ONCRMADDRESSREGISTER",
    "ONCRMADDRESSUNREGISTER",
)


OF_EVENT = {
    "ONCRMCOMPANY": Shape.COMPANY,
    "ONCRMCONTACT": Shape.CONTACT,
    "ONCRMBANKDETAIL": DETAIL,
}


def changes_of(
    calls: PortalCalls, events: Sequence[Row], *, several: bool
) -> Flow[tuple[Change, ...]]:
    """Events to changes; a requisite or an address counts for its owner.

    A requisite whose owner the portal does not tell is a change by itself: it is asked again.

    Args:
        several: A requisite may be a further one of its owner, and is a change by itself, too.
    """
    changes: dict[str, Change] = {}
    requisites: list[str] = []
    for event in events:
        name, fields = str(event["EVENT_NAME"]).upper(), event["EVENT_DATA"]["FIELDS"]
        if name.startswith("ONCRMADDRESS"):
            if owner := SHAPE_OF_TYPE.get(str(fields["ANCHOR_TYPE_ID"])):
                key = typed_key(owner, fields["ANCHOR_ID"])
                changes.setdefault(key, Change(side=SideName.PORTAL, key=key))
                requisites += [str(fields["ENTITY_ID"])] if several else []
            continue
        b24_id = str(fields["ID"])
        if name.startswith("ONCRMREQUISITE"):
            requisites.append(b24_id)
            if several and name.endswith("DELETE"):
                key = typed_key(REQUISITE, b24_id)
                changes[key] = Change(side=SideName.PORTAL, key=key, fate=Fate.GONE)
            continue
        shape = next(shape for start, shape in OF_EVENT.items() if name.startswith(start))
        fate = Fate.GONE if name.endswith("DELETE") else Fate.EDITED
        key = typed_key(shape, b24_id)
        changes[key] = Change(side=SideName.PORTAL, key=key, fate=fate)
    for key in (yield from _counted_for(calls, requisites, several=several)):
        changes.setdefault(key, Change(side=SideName.PORTAL, key=key))
    return tuple(changes.values())


def _counted_for(
    calls: PortalCalls, requisites: Sequence[str], *, several: bool
) -> Flow[Sequence[str]]:
    """Keys of the owners of these requisites, and of those that are not known to be their own."""
    rows = yield from rows_or_refusal(calls, REQUISITES, {"@ID": requisites})
    if isinstance(rows, Refusal):
        return [typed_key(REQUISITE, b24_id) for b24_id in requisites]
    owners = {typed_key(REQUISITE, row["ID"]): owner for row in rows if (owner := owner_of(row))}
    if not several:
        return list(owners.values())
    own = yield from own_parts(SideName.PORTAL, list(owners.values()))
    return [*owners.values(), *(key for key in owners if key not in own)]
