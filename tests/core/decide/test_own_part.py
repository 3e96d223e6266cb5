"""Of several counterparties, or requisites, one is the client's own, whatever comes later."""

from sverka.decide.own_part import OWN, Owning, aligned, meant
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


def client(side: SideName, *numbers: Values) -> Record:
    """With the first numbers as his own; the others may be meant as well."""
    rivals = tuple(client(side, other) for other in numbers[1:])
    return Record(side=side, key=f"x:{numbers[0]['inn']}", values=numbers[0], rivals=rivals)


FIRST, SECOND, BRANCH, NONE = (
    {"inn": inn, "kpp": kpp} for inn, kpp in (("1", "9"), ("2", "9"), ("1", "7"), ("", ""))
)


def shown(portal: tuple[Values, ...], infobase: tuple[Values, ...], agreed: Values | None = None):
    """Whose numbers both ends show."""
    link = None if agreed is None else Link(portal_key="x", infobase_key="x", portal_base=agreed)
    ends = {SideName.PORTAL: client(SideName.PORTAL, *portal), BASE: client(BASE, *infobase)}
    records = meant(ends, link).values()
    return [record.values for record in records], [len(record.rivals) for record in records]


def test_both_ends_of_a_new_pair_show_the_part_that_both_have():
    assert shown((FIRST, SECOND), (SECOND,)) == ([SECOND, SECOND], [0, 0])
    assert shown((SECOND,), (FIRST, SECOND)) == ([SECOND, SECOND], [0, 0])
    assert shown((SECOND, NONE), (FIRST, SECOND)) == ([SECOND, SECOND], [0, 0])


def test_a_branch_is_another_one():
    assert shown((FIRST, BRANCH), (BRANCH,)) == ([BRANCH, BRANCH], [0, 0])


def test_ends_that_have_no_part_in_common_stay_as_they_are():
    assert shown((FIRST, NONE), (NONE,)) == ([FIRST, NONE], [1, 0])
    assert shown((FIRST, SECOND), (BRANCH,)) == ([FIRST, BRANCH], [1, 0])
    ends = {SideName.PORTAL: client(SideName.PORTAL, NONE), BASE: client(BASE, NONE)}
    assert aligned(ends) == ends


def test_of_a_linked_pair_the_numbers_tell_on_which_both_agreed():
    assert shown((FIRST, SECOND), (FIRST,), agreed=SECOND) == ([SECOND, FIRST], [0, 0])
    assert shown((FIRST, SECOND), (SECOND,), agreed=BRANCH) == ([FIRST, SECOND], [1, 0])
