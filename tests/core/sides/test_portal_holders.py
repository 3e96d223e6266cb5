"""Whose a requisite of a client is now."""

from sverka.records import Item, Link
from sverka.sides.portal_holders import holders_of
from sverka.sides.side import Holders
from sverka.wire.b24 import Result


class CallsByHand:
    """Answers each list of requisites from given rows."""

    def __init__(self, *rows):
        self.rows = rows

    def ask(self, command):
        ((name, wanted),) = command.params["filter"].items()
        return Result([row for row in self.rows if row.get(name.removeprefix("@")) in wanted])
        yield


def requisite(number, owner, *, kind="4", **fields):
    return {"ID": number, "ENTITY_TYPE_ID": kind, "ENTITY_ID": owner, **fields}


def link(guid, **base):
    return Link(portal_key="company:1", infobase_key=f"client:{guid}", portal_base=base)


def found(calls, *links):
    flow = holders_of(calls, links)
    try:
        next(flow)
    except StopIteration as end:
        return end.value


def test_a_requisite_of_ours_is_known_by_its_mark_and_any_by_both_its_numbers():
    calls = CallsByHand(
        requisite("5", "7", XML_ID="a"),
        requisite("6", "8", RQ_INN="7707083893", RQ_KPP="770701001"),
        requisite("7", "9", RQ_INN="7707083893", RQ_KPP="500101001"),
        requisite("8", "3", kind="3", XML_ID="b"),
        requisite("9", "2", kind="2", XML_ID="b"),
    )

    assert found(calls, link("a", inn="7707083893", kpp="770701001"), link("b")) == {
        "client:a": Holders(("company:7",), ("company:8",)),
        "client:b": Holders(("contact:3",), ()),
    }


def test_who_has_no_inn_is_not_looked_for_by_it():
    assert found(CallsByHand(requisite("6", "8", RQ_INN="")), link("a")) == {"client:a": Holders()}


def test_two_requisites_of_one_company_are_one_holder():
    rows = [requisite(number, "8", RQ_INN="7707083893") for number in ("5", "6")]

    assert found(CallsByHand(*rows), link("a", inn="7707083893"))["client:a"].alike == (
        "company:8",
    )


def test_who_has_no_inn_is_looked_for_by_his_phones_and_emails():
    class Searching(CallsByHand):
        def ask_batch(self, commands):
            return {
                name: Result({"CONTACT": [9], "LEAD": [3]} if "PHONE" in name else [])
                for name in commands
            }
            yield

    reach = {"phones": (Item("+74951234567"),), "emails": (Item("a@b.example"),)}
    asked = found(Searching(), link("a", **reach), link("b", inn="7707083893", **reach))
    assert asked["client:a"].reached == ("contact:9",)
    assert asked["client:b"].reached == ()
