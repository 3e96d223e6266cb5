"""Of several counterparties one is the client's own, whatever comes later."""

from sverka.decide.own_part import OWN, Owning, aligned
from sverka.records import Link, Record, SideName, Values

BASE = SideName.INFOBASE
A, B, C = "counterparty:a", "counterparty:b", "counterparty:c"


def owning(base: Values, *further: str) -> Owning:
    link = Link(portal_key="company:1", infobase_key="client:x", infobase_base=base)
    return Owning(BASE, {"client:x": link}, frozenset(further))


def test_the_remembered_one_stays_whatever_is_preferred():
    assert owning({OWN: B}).own("client:x", {A: {}, B: {}}) == B


def test_one_that_has_a_pair_of_its_own_is_never_the_clients():
    assert owning({}, A).own("client:x", {A: {}, B: {}}) == B
    assert owning({}, A).own("client:x", {A: {}}) == ""


def test_a_link_that_remembers_none_knows_it_by_what_was_agreed_on():
    parts: dict[str, Values] = {A: {"inn": "1"}, B: {"inn": "2", "kpp": "3"}}
    assert owning({"inn": "2", "kpp": "3"}).own("client:x", parts) == B


def test_without_a_link_the_first_one_is_preferred():
    assert Owning(BASE).own("client:x", {C: {"inn": "3"}, A: {"inn": "1"}}) == C


def test_the_remembered_one_that_is_gone_makes_room_for_a_new_one():
    assert owning({OWN: A}, B).own("client:x", {B: {}, C: {}}) == C


def client(side: SideName, inn: str, *others: str) -> Record:
    choices = tuple(client(side, other) for other in others)
    return Record(side=side, key=f"x:{inn}", values={"inn": inn, "kpp": ""}, choices=choices)


def test_both_ends_of_a_new_pair_show_the_part_that_both_have():
    ends = {
        SideName.PORTAL: client(SideName.PORTAL, "7", "2"),
        BASE: client(BASE, "1", "2"),
    }
    assert {record.key for record in aligned(ends).values()} == {"x:2"}


def test_ends_that_have_no_part_in_common_stay_as_they_are():
    ends = {SideName.PORTAL: client(SideName.PORTAL, "7", ""), BASE: client(BASE, "1", "")}
    assert aligned(ends) == ends
