"""What the history says, as values: nothing that a person may look for is left out."""

from sverka.decide.fields import Conflict, Decision
from sverka.decide.steps import Outcome, Step
from sverka.decide.telling import tell_conflict, tell_first_meeting, tell_outcome
from sverka.records import Item, ItemChanges, Level, Record, SideName
from sverka.settings import Winner

SOURCE = Record(side=SideName.INFOBASE, key="guid", values={})


def outcome(*, reason="", **written):
    step = Step(side=SideName.PORTAL, source=SOURCE, target=None, written=written, external="guid")
    return Outcome(step=step, key="company:1", went=frozenset(written), reason=reason)


def test_both_values_of_a_conflict_are_kept_by_name():
    said = tell_conflict(Conflict("name", "Роза", "Ромашка", Winner.INFOBASE))
    assert said.values == {"field": "name", "portal": "Роза", "infobase": "Ромашка"}


def test_a_value_that_the_portal_may_not_change_is_told_and_kept():
    said = tell_conflict(Conflict("bank", "Мой банк", "СБЕР", Winner.INFOBASE, owned=True))
    assert said.text == "bank belongs to the infobase, whose value is put back on the portal"
    assert said.values == {"field": "bank", "portal": "Мой банк", "infobase": "СБЕР"}


def test_values_that_come_from_the_other_side_at_a_first_meeting_are_kept():
    added = ItemChanges(added=(Item("+74951234567"), Item("+74951234568")))
    said = tell_first_meeting(Decision(portal={"phones": added, "name": "Роза"}))
    assert [(line.side, line.values) for line in said] == [
        (SideName.PORTAL, {"phones": "+74951234567, +74951234568"})
    ]


def test_nothing_is_said_of_a_first_meeting_that_added_nothing():
    assert tell_first_meeting(Decision(portal={"name": "Роза"})) == []


def test_a_failure_is_an_error_with_its_reason():
    said = tell_outcome(outcome(name="Роза", reason="ERROR_CORE"))
    assert said.level is Level.ERROR
    assert "ERROR_CORE" in said.text


def test_a_wrong_check_digit_is_a_warning_and_a_right_one_none():
    assert tell_outcome(outcome(inn="9901001053")).level is Level.WARNING
    assert tell_outcome(outcome(inn="7707083893")).level is Level.INFO
