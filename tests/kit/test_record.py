"""The record of calls and the ledger of writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka_emulator_kit import record
from sverka_emulator_kit.record import READS_KEPT, CallLine, CallRecord, Ledger, Touch


def line(at_s, name="x"):
    return CallLine(at_s, name, "user:1", 200)


def wrote(ledger, verb="update", *, at_s=5.0, actor="app", key="1", before=None, after=None):
    ledger.wrote(
        verb, at_s=at_s, actor=actor, entity="company", key=key, before=before, after=after
    )
    return ledger.touches[-1]


def test_calls_are_told_from_a_moment_on_oldest_first():
    calls = CallRecord()
    for at_s in (1.0, 2.0, 3.0):
        calls.add(line(at_s))

    assert [found.at_s for found in calls.since(2.0)] == [2.0, 3.0]
    calls.clear()
    assert list(calls.since(0.0)) == []


def test_the_oldest_calls_are_forgotten_first():
    calls = CallRecord(lines_max=2)
    for at_s in (1.0, 2.0, 3.0):
        calls.add(line(at_s))

    assert [found.at_s for found in calls.lines] == [2.0, 3.0]


def test_a_touch_names_the_fields_that_changed():
    touch = wrote(Ledger(), before={"a": 1, "b": 2}, after={"a": 1, "b": 3, "c": 4})

    assert touch.changed() == {"b", "c"}


def test_an_added_or_deleted_record_changed_all_its_fields():
    assert wrote(Ledger(), "add", after={"a": 1}).changed() == {"a"}
    assert wrote(Ledger(), "delete", before={"a": 1}).changed() == {"a"}


def test_a_write_remembers_when_the_same_actor_last_read_the_record():
    ledger = Ledger()
    ledger.read("app", "company", "1", 1.0)
    ledger.read_all("app", "company", ("2", 1), 2.0)
    ledger.read("user:1", "company", "1", 3.0)
    ledger.read("app", "contact", "1", 4.0)

    assert wrote(ledger).read_at_s == 2.0
    assert wrote(ledger, actor="other").read_at_s is None


@given(
    st.lists(st.sampled_from([[1], [1, 2], [2, 3], ["2", 1], "1", "2"]), min_size=5, max_size=60),
    st.integers(1, 4),
)
def test_of_pages_and_records_the_last_reads_are_remembered(asked, pages_kept):
    """Lists are pages that are read, texts are records that are written."""
    ledger, reads_s = Ledger(), {key: [] for key in "123"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(record, "PAGES_KEPT", pages_kept)
        for moment, page in enumerate(asked):
            at_s = float(moment // 2)
            if isinstance(page, str):
                assert wrote(ledger, key=page).reads_s == tuple(reads_s[page][-READS_KEPT:])
                continue
            ledger.read_all("app", "company", tuple(page), at_s)
            for key in map(str, page):
                reads_s[key].append(at_s)


def test_touches_are_told_from_a_moment_on():
    ledger = Ledger()
    wrote(ledger, at_s=1.0)
    late = wrote(ledger, at_s=2.0)

    assert ledger.since(1.5) == [late]


def test_a_cleared_ledger_remembers_neither_writes_nor_reads():
    ledger = Ledger()
    ledger.read("app", "company", "1", 1.0)
    wrote(ledger)
    ledger.clear()

    assert ledger.touches == []
    assert wrote(ledger) == Touch(5.0, "app", "update", "company", "1", None, None)
