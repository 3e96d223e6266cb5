"""What a client is in law changes whole, with all that hangs on it, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sverka.decide.fields import Decision, decide
from sverka.entities.clients import CLIENT, KIND, LACKING
from sverka.records import Link, Record, Value, split_key
from sverka.settings import ClientSettings, Policy, Winner

UNSUPPORTED = "is another kind of client now, and stays what he is: clients.policy = module"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a pair of clients needs.

    Attributes:
        withheld: Names of the fields that both sides keep as they are.
        reason: Why, `""` if there are none.
    """

    decision: Decision
    withheld: frozenset[str] = field(default_factory=frozenset)
    reason: str = ""


def decide_client(
    portal: Record, infobase: Record, link: Link | None, clients: ClientSettings
) -> Decided:
    """Decide first of what kind he is, and then each field of that kind.

    Who becomes another one in 1C gets a new requisite with all that it can hold, since no template
    can be changed; who becomes one on the portal loses the numbers in 1C that he has no more.
    """
    shape = split_key(portal.key)[0]
    owned = frozenset(clients.owned_by_infobase)

    def decided(names: frozenset[str], winners: Mapping[str, Winner] | None = None) -> Decision:
        return decide(
            CLIENT,
            portal,
            infobase,
            link=link,
            winner=clients.winner,
            portal_carries=names,
            owned=owned,
            winners=winners or {},
        )

    turned = decided(frozenset({KIND}))
    if KIND in turned.infobase:
        base = link.portal_base if link else {}
        names = CLIENT.carried(shape, portal.kind)
        new = {name: Winner.PORTAL for name in names if name not in base}
        decision = decided(names, new if link else {})
        decision.infobase |= _lacking(portal.kind, infobase)
    elif KIND in turned.portal:
        decision = decided(CLIENT.carried(shape, infobase.kind))
        decision.portal |= _requisite(decision, portal, infobase)
    else:
        return Decided(decided(CLIENT.carried(shape, told_kind(portal, infobase))))
    if clients.policy is not Policy.MODULE:
        return Decided(decision)
    hanging = frozenset(name for name, home in portal.homes.items() if home != "card")
    for written in (decision.portal, decision.infobase):
        for name in hanging & written.keys():
            del written[name]
    decision.conflicts = [c for c in decision.conflicts if c.field not in hanging]
    kinds = f"{portal.kind} on the portal, {infobase.kind} in 1C"
    return Decided(decision, hanging, f"{UNSUPPORTED} ({kinds})")


def told_kind(portal: Record, infobase: Record) -> str:
    """Of which kind the portal's requisite is, or would be.

    A partner of УТ without a counterparty is a company of any kind: there the portal knows.
    """
    is_whole = set(infobase.homes.values()) <= infobase.parts.keys()
    return portal.kind if KIND in portal.values or not is_whole else infobase.kind


def _lacking(kind: str, infobase: Record) -> dict[str, Value]:
    return {name: "" for name in LACKING.get(kind, ()) if infobase.values.get(name)}


def _requisite(decision: Decision, portal: Record, infobase: Record) -> dict[str, Value]:
    """What a new requisite holds: all that 1C has, but for what was just edited on the portal."""
    names = CLIENT.carried("", infobase.kind)
    shown = {
        name: (portal if name in decision.infobase else infobase).values.get(name, "")
        for name in names
    }
    return {name: value for name, value in shown.items() if value}
