"""What a client is in law changes whole, or not at all."""

import pytest

from sverka.decide.kinds import decide_client, told_kind
from sverka.records import Link, Record, SideName
from sverka.settings import ClientSettings, Policy, Winner

STRICT, MODULE = ClientSettings(), ClientSettings(policy=Policy.MODULE)
FIRM = {"kind": "legal", "name": "Вега", "inn": "9901001013", "kpp": "990101001", "okpo": "12"}
TRADER = {
    "kind": "sole_trader",
    "name": "Вега",
    "person_name": "Вега Иван Олегович",
    "inn": "990100101075",
    "okpo": "12",
}
HOMES = {
    "name": "card",
    **dict.fromkeys(("kind", "inn", "kpp", "okpo", "person_name"), "requisite"),
}


def on_portal(values):
    kind = values.get("kind", "legal")
    key = "company:1"
    return Record(side=SideName.PORTAL, key=key, values=values, kind=kind, homes=HOMES)


def in_base(values):
    return Record(side=SideName.INFOBASE, key="client:a", values=values, kind=values["kind"])


def linked(values):
    return Link(
        portal_key="company:1", infobase_key="client:a", portal_base=values, infobase_base=values
    )


def test_who_becomes_a_sole_trader_on_the_portal_brings_his_numbers_and_loses_the_kpp():
    decided = decide_client(on_portal(TRADER), in_base(FIRM), linked(FIRM), STRICT)

    assert decided.decision.infobase == {
        "kind": "sole_trader",
        "person_name": "Вега Иван Олегович",
        "inn": "990100101075",
        "kpp": "",
    }
    assert decided.decision.portal == {}
    assert decided.withheld == frozenset()


def test_who_becomes_one_in_1c_gets_all_that_a_new_requisite_can_hold():
    base = in_base({**TRADER, "kpp": "", "legal_address": "Москва"})

    decided = decide_client(on_portal(FIRM), base, linked(FIRM), STRICT)

    assert decided.decision.portal == {
        "kind": "sole_trader",
        "person_name": "Вега Иван Олегович",
        "inn": "990100101075",
        "okpo": "12",
        "legal_address": "Москва",
    }
    assert decided.decision.infobase == {}


def test_what_was_just_edited_on_the_portal_stands_in_the_new_requisite():
    edited = on_portal({**FIRM, "okpo": "34"})

    decided = decide_client(edited, in_base(TRADER), linked(FIRM), STRICT)

    assert decided.decision.portal["okpo"] == "34"
    assert decided.decision.infobase == {"okpo": "34"}


def test_what_the_new_kind_brings_goes_before_what_1c_had_in_its_place():
    """In БП both names are one property, so each kind leaves its words there."""
    base = in_base({**FIRM, "person_name": "Вега ООО"})
    before = Link(
        portal_key="company:1",
        infobase_key="client:a",
        portal_base=FIRM,
        infobase_base={**FIRM, "person_name": "что-то"},
    )

    decided = decide_client(on_portal(TRADER), base, before, STRICT)

    assert decided.decision.infobase["person_name"] == "Вега Иван Олегович"


@pytest.mark.parametrize("sides", [(TRADER, FIRM), (FIRM, TRADER)], ids=["portal", "base"])
def test_the_way_of_the_module_touches_nothing_that_hangs_on_the_kind(sides):
    portal, base = on_portal({**sides[0], "name": "Новая"}), in_base(sides[1])

    decided = decide_client(portal, base, linked(FIRM), MODULE)

    assert decided.decision.infobase == {"name": "Новая"}
    assert decided.decision.portal == {}
    assert {"kind", "inn", "kpp"} <= decided.withheld
    assert "name" not in decided.withheld
    assert f"{portal.kind} on the portal, {base.kind} in 1C" in decided.reason


@pytest.mark.parametrize("winner", Winner)
def test_at_a_first_meeting_the_kind_goes_with_the_winner(winner):
    clients = ClientSettings(winner=winner)

    decision = decide_client(on_portal(TRADER), in_base(FIRM), None, clients).decision

    loser = decision.portal if winner is Winner.INFOBASE else decision.infobase
    assert loser["kind"] == ("legal" if winner is Winner.INFOBASE else "sole_trader")
    assert "kind" in [conflict.field for conflict in decision.conflicts]


def test_without_a_requisite_nobody_becomes_another_one():
    bare = on_portal({"name": "Вега"})

    decided = decide_client(bare, in_base(TRADER), linked({"name": "Вега"}), STRICT)

    assert "kind" not in decided.decision.portal
    assert decided.decision.portal["inn"] == TRADER["inn"]


def test_a_requisite_that_came_later_is_measured_by_what_1c_showed():
    before = Link(
        portal_key="company:1",
        infobase_key="client:a",
        portal_base={"name": "Вега"},
        infobase_base=FIRM,
    )
    clients = ClientSettings(winner=Winner.PORTAL)

    decided = decide_client(on_portal(FIRM), in_base(TRADER), before, clients)

    assert decided.decision.portal["kind"] == "sole_trader"
    assert "kind" not in [conflict.field for conflict in decided.decision.conflicts]


def test_the_template_tells_the_kind_before_1c_does():
    assert told_kind(on_portal(TRADER), in_base(FIRM)) == "sole_trader"
    assert told_kind(on_portal({}), in_base(TRADER)) == "sole_trader"
