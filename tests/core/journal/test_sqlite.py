"""The contract of a journal, and what SQLite adds: one process, one file, our own version."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.asks import (
    BelongingTo,
    Counts,
    CreatesOf,
    CursorOf,
    Due,
    FoundBy,
    HistoryOf,
    IntentsOf,
    LinksOf,
    NewestChange,
    NextDue,
    Reviews,
    Unsent,
    WaitingOf,
)
from sverka.errors import JournalBusy, JournalForeign, JournalFull, JournalNewer
from sverka.journal import SqliteJournal
from sverka.journal.opening import STEPS
from sverka.journal.plain import values_from_text, values_to_text
from sverka.records import (
    Cursor,
    Fate,
    HistoryLine,
    Intent,
    Item,
    Level,
    Link,
    Review,
    SearchKeys,
    SideName,
    Waiting,
)
from sverka_scenarios.former_journal import write_former

PORTAL, INFOBASE = SideName
BASE = {"name": "Ромашка", "phones": (Item("+74951234567", "MOBILE", "41"),)}


def waiting(key="company:1", **fields):
    return Waiting(side=PORTAL, key=key, **fields)


def link(portal="company:1", infobase="g1", base=BASE):
    return Link(portal_key=portal, infobase_key=infobase, portal_base=base, infobase_base=base)


def intent(source="g1", **fields):
    return Intent(
        side=PORTAL,
        source_key=source,
        external=source,
        source_base=BASE,
        target_base=BASE,
        **fields,
    )


def due(journal, now_s=0.0, limit=50):
    return journal.load(Due(now_s, limit))


class JournalContract:
    """What every journal keeps. A new one is a new subclass with a `journal` fixture."""

    def test_a_fresh_journal_remembers_nothing(self, journal):
        assert journal.load(Counts()) == dict.fromkeys(
            ("links", "waiting", "unsent", "intents", "reviews"), 0
        )
        assert journal.load(CursorOf("runs")) == ""
        assert journal.load(Reviews()) == []
        assert journal.load(HistoryOf()) == []

    def test_a_link_is_found_from_both_ends_with_its_base(self, journal):
        journal.save([link()], [])

        for side, key in ((PORTAL, "company:1"), (INFOBASE, "g1")):
            (found,) = journal.load(LinksOf(side, (key, "unknown")))
            assert found == link()
            assert found.portal_base["phones"][0].key == "41"
            assert found.portal_base["phones"][0].label == "MOBILE"

    def test_links_are_found_by_whom_their_records_belong_to(self, journal):
        mine = replace(link("contact:7", "person:g7"), infobase_base={"owner": "client:g1"})
        journal.save([link(), mine], [])

        assert journal.load(BelongingTo(("client:g1", "client:g2"))) == [mine]
        assert journal.load(BelongingTo(())) == []

    def test_a_record_has_one_link_at_most(self, journal):
        journal.save([link("company:1", "g1"), link("company:2", "g2")], [])

        journal.save([link("company:1", "g2")], [])

        assert journal.load(LinksOf(PORTAL, ("company:1", "company:2"))) == [
            link("company:1", "g2")
        ]
        assert journal.load(LinksOf(INFOBASE, ("g1",))) == []

    def test_a_dropped_link_is_gone(self, journal):
        journal.save([link()], [])
        journal.save([], [link()])

        assert journal.load(LinksOf(PORTAL, ("company:1",))) == []

    def test_nothing_is_asked_nothing_is_found(self, journal):
        journal.save([link(), intent()], [])

        assert journal.load(LinksOf(PORTAL, ())) == []
        assert journal.load(IntentsOf(PORTAL, ())) == []
        assert journal.load(FoundBy(PORTAL, "inn", ())) == {}

    def test_changes_come_out_in_the_order_they_came_in(self, journal):
        journal.save([waiting(f"company:{n}") for n in (3, 1, 2)], [])

        assert [entry.key for entry in due(journal)] == ["company:3", "company:1", "company:2"]
        assert [entry.key for entry in due(journal, limit=2)] == ["company:3", "company:1"]

    def test_a_newer_change_of_a_record_survives_the_drop_of_the_older_one(self, journal):
        journal.save([waiting()], [])
        (older,) = due(journal)
        journal.save([waiting(fate=Fate.GONE)], [])

        journal.save([], [older])

        (newer,) = due(journal)
        assert (newer.fate, newer.sequence > older.sequence) == (Fate.GONE, True)

    def test_the_failure_of_an_older_change_does_not_touch_a_newer_one(self, journal):
        journal.save([waiting()], [])
        (older,) = due(journal)
        journal.save([waiting()], [])

        failed = waiting(sequence=older.sequence, reason="refused", tries=5, parked=True)
        journal.save([failed], [])

        (newer,) = due(journal)
        assert (newer.reason, newer.tries, newer.parked) == ("", 0, False)

    def test_a_record_waits_once_however_often_it_changed(self, journal):
        journal.save([waiting(), waiting(), waiting()], [])

        assert len(due(journal)) == 1

    def test_a_sequence_is_never_given_twice(self, journal):
        journal.save([waiting()], [])
        (first,) = due(journal)
        journal.save([], [first])
        journal.save([waiting()], [])

        assert due(journal)[0].sequence > first.sequence

    def test_a_package_waits_for_its_time_and_a_parked_one_for_a_person(self, journal):
        journal.save([waiting("company:1"), waiting("company:2")], [])
        first, second = due(journal)

        journal.save(
            [
                waiting("company:1", sequence=first.sequence, reason="later", next_at_s=10.0),
                waiting("company:2", sequence=second.sequence, reason="no preset", parked=True),
            ],
            [],
        )

        assert due(journal, now_s=9.9) == []
        assert [entry.key for entry in due(journal, now_s=10.0)] == ["company:1"]
        assert [entry.reason for entry in journal.load(Unsent())] == ["later", "no preset"]
        assert journal.load(Counts())["unsent"] == 2

    def test_what_waits_for_a_key_is_found_before_its_time_but_not_if_parked(self, journal):
        journal.save([waiting("company:1"), waiting("company:2"), waiting("company:3")], [])
        first, second, _ = due(journal)
        journal.save(
            [
                waiting("company:1", sequence=first.sequence, reason="later", next_at_s=10.0),
                waiting("company:2", sequence=second.sequence, reason="no preset", parked=True),
            ],
            [],
        )

        found = journal.load(WaitingOf(PORTAL, ("company:1", "company:2", "company:9")))

        assert [entry.key for entry in found] == ["company:1"]

    def test_the_newest_change_is_known_by_its_sequence(self, journal):
        assert journal.load(NewestChange()) == 0
        journal.save([waiting("company:1"), waiting("company:2")], [])
        journal.save([waiting("company:1")], [])

        assert journal.load(NewestChange()) == max(entry.sequence for entry in due(journal)) == 3

    def test_the_newest_changes_are_due_first_if_asked_so(self, journal):
        journal.save([waiting(f"company:{number}") for number in range(4)], [])

        newest = journal.load(Due(0.0, 2, newest=True))

        assert [entry.key for entry in newest] == ["company:3", "company:2"]

    def test_changes_of_a_side_that_is_not_asked_for_are_not_due(self, journal):
        late = waiting("company:1", next_at_s=5.0)
        journal.save([late, Waiting(side=INFOBASE, key="client:1")], [])

        of_portal = journal.load(Due(9.0, 9, sides=(PORTAL,)))

        assert [entry.key for entry in of_portal] == ["company:1"]
        assert journal.load(NextDue((PORTAL,))) == 5.0
        assert journal.load(NextDue()) == 0.0

    def test_the_next_due_change_is_the_earliest_that_is_not_parked(self, journal):
        assert journal.load(NextDue()) is None
        journal.save([waiting("company:1"), waiting("company:2")], [])
        first, second = due(journal)
        journal.save(
            [
                waiting("company:1", sequence=first.sequence, reason="x", next_at_s=7.0),
                waiting("company:2", sequence=second.sequence, reason="x", parked=True),
            ],
            [],
        )

        assert journal.load(NextDue()) == 7.0

    def test_an_intent_to_create_is_found_by_the_guid_it_will_bear(self, journal):
        journal.save([intent("g1"), intent("g2", target_key="company:2")], [])

        assert journal.load(CreatesOf(PORTAL, ("g1", "g2", "g3"))) == [intent("g1")]

    def test_an_intent_is_found_by_its_source_and_dropped_by_it(self, journal):
        journal.save([intent("g1"), intent("g2", target_key="company:2")], [])

        assert journal.load(IntentsOf(PORTAL, ("g1",))) == [intent("g1")]
        assert journal.load(IntentsOf(PORTAL, ("g2",)))[0].target_key == "company:2"
        assert journal.load(IntentsOf(INFOBASE, ("g1",))) == []
        journal.save([], [intent("g1")])
        assert journal.load(IntentsOf(PORTAL, ("g1",))) == []

    def test_a_review_is_open_until_it_is_decided(self, journal):
        review = Review(side=PORTAL, key="company:1", criterion="email", candidates=("a", "b"))
        journal.save([review], [])
        assert journal.load(Counts())["reviews"] == 1

        decided = Review(
            side=PORTAL, key="company:1", criterion="email", candidates=("a", "b"), decided="a"
        )
        journal.save([decided], [])

        assert journal.load(Reviews()) == [decided]
        assert journal.load(Counts())["reviews"] == 0
        journal.save([], [decided])
        assert journal.load(Reviews()) == []

    def test_a_record_is_found_by_each_value_it_has_now_and_by_no_older_one(self, journal):
        def keys(*emails):
            return SearchKeys(side=PORTAL, key="company:1", found_by={"email": emails})

        other = SearchKeys(side=PORTAL, key="company:2", found_by={"email": ("b@x",)})
        journal.save([keys("a@x", "b@x"), other], [])
        assert journal.load(FoundBy(PORTAL, "email", ("a@x", "b@x", "c@x"))) == {
            "a@x": ("company:1",),
            "b@x": ("company:1", "company:2"),
        }

        journal.save([keys("c@x")], [])
        assert journal.load(FoundBy(PORTAL, "email", ("a@x", "c@x"))) == {"c@x": ("company:1",)}
        journal.save([], [keys("c@x")])
        assert journal.load(FoundBy(PORTAL, "email", ("c@x",))) == {}

    def test_history_is_told_of_one_record_or_of_one_run(self, journal):
        lines = [
            HistoryLine(run=run, at_s=float(run), text=f"{run} {key}", key=key, level=Level.WARNING)
            for run in (1, 2)
            for key in ("a", "b")
        ]
        kept = HistoryLine(run=3, at_s=3.0, text="conflict", values={"portal": "П", "base": "Б"})
        journal.save([*lines, kept], [])

        assert journal.load(HistoryOf()) == [*lines, kept]
        assert [line.text for line in journal.load(HistoryOf(key="a"))] == ["1 a", "2 a"]
        assert [line.text for line in journal.load(HistoryOf(run=2))] == ["2 a", "2 b"]
        assert [line.text for line in journal.load(HistoryOf("b", 1))] == ["1 b"]
        assert journal.load(HistoryOf(run=3))[0].values == {"portal": "П", "base": "Б"}

    def test_a_cursor_holds_its_last_value(self, journal):
        journal.save([Cursor(name="runs", value="1"), Cursor(name="runs", value="2")], [])

        assert journal.load(CursorOf("runs")) == "2"
        journal.save([], [Cursor(name="runs", value="")])
        assert journal.load(CursorOf("runs")) == ""

    def test_a_save_that_breaks_half_way_leaves_nothing_behind(self, journal):
        journal.save([waiting()], [])
        (kept,) = due(journal)

        with pytest.raises(KeyError):
            journal.save([link(), "no kind that is kept"], [kept])

        assert journal.load(Counts())["links"] == 0
        assert due(journal) == [kept]

    def test_a_journal_goes_on_after_a_save_that_broke(self, journal):
        with pytest.raises(KeyError):
            journal.save(["nonsense"], [])

        journal.save([link()], [])
        assert journal.load(Counts())["links"] == 1

    def test_history_is_never_dropped(self, journal):
        line = HistoryLine(run=1, at_s=0.0, text="x")
        journal.save([line], [])

        with pytest.raises(KeyError):
            journal.save([], [line])
        assert journal.load(HistoryOf()) == [line]


class TestInMemory(JournalContract):
    @pytest.fixture
    def journal(self):
        made = SqliteJournal()
        yield made
        made.close()


class TestInAFile(JournalContract):
    @pytest.fixture
    def journal(self, tmp_path):
        made = SqliteJournal(tmp_path / "journal.sqlite")
        yield made
        made.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


def test_everything_survives_a_new_process(path):
    first = SqliteJournal(path)
    first.save([waiting(), link(), intent(), Cursor(name="runs", value="7")], [])
    first.close()

    second = SqliteJournal(path)
    assert second.load(LinksOf(PORTAL, ("company:1",))) == [link()]
    assert second.load(CursorOf("runs")) == "7"
    assert second.load(Counts())["waiting"] == 1
    second.close()


def test_a_copy_holds_everything_and_what_it_learns_stays_in_it(path):
    held = SqliteJournal(path)
    held.save([Cursor(name="runs", value="1")], [])
    copied = held.copy()
    assert copied.load(CursorOf("runs")) == "1"
    copied.save([Cursor(name="runs", value="2")], [])
    copied.close()
    assert held.load(CursorOf("runs")) == "1"
    held.close()


def test_what_was_saved_survives_a_process_that_was_killed(path):
    code = (
        "import os, sys\n"
        "from sverka.journal import SqliteJournal\n"
        "from sverka.records import Cursor\n"
        "journal = SqliteJournal(sys.argv[1])\n"
        "journal.save([Cursor(name='runs', value='9')], [])\n"
        "os._exit(9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], check=False, timeout=30)
    assert ended.returncode == 9

    journal = SqliteJournal(path)
    assert journal.load(CursorOf("runs")) == "9"
    journal.close()


def test_a_second_process_is_refused_while_the_first_one_lives(path):
    code = (
        "import sys\n"
        "from sverka.journal import SqliteJournal\n"
        "from sverka.errors import JournalBusy\n"
        "try:\n    SqliteJournal(sys.argv[1])\n"
        "except JournalBusy as error:\n    print(error)\n    sys.exit(5)\n"
    )
    journal = SqliteJournal(path)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        check=False,
        timeout=30,
        capture_output=True,
        text=True,
    )
    journal.close()

    assert ended.returncode == 5
    assert str(path) in ended.stdout


def test_a_second_journal_in_this_process_is_refused_until_the_first_is_closed(path):
    first = SqliteJournal(path)
    with pytest.raises(JournalBusy, match="another process"):
        SqliteJournal(path)
    first.close()

    SqliteJournal(path).close()


READ = (
    "import sys\n"
    "from sverka.asks import Counts, CursorOf, HistoryOf, Reviews, Unsent\n"
    "from sverka.journal import SqliteJournal\n"
    "seen = SqliteJournal(sys.argv[1], reading=True)\n"
    "print(seen.load(CursorOf('runs')), seen.load(Counts())['links'])\n"
    "seen.load(Unsent()), seen.load(Reviews()), seen.load(HistoryOf())\n"
    "seen.close()\n"
)


def read_elsewhere(path):
    """What another process reads of a journal."""
    return subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        check=True,
        timeout=30,
        capture_output=True,
        text=True,
    ).stdout.split()


def test_another_process_reads_what_was_saved_while_the_holder_lives_and_goes_on(path):
    journal = SqliteJournal(path)
    journal.save([Cursor(name="runs", value="1"), link()], [])
    assert read_elsewhere(path) == ["1", "1"]

    journal.save([Cursor(name="runs", value="2")], [link()])
    assert read_elsewhere(path) == ["2", "0"]
    with pytest.raises(JournalBusy):
        SqliteJournal(path)
    journal.close()


def test_a_journal_is_read_when_its_holder_is_gone(path):
    journal = SqliteJournal(path)
    journal.save([Cursor(name="runs", value="3")], [])
    journal.close()

    assert read_elsewhere(path) == ["3", "0"]
    SqliteJournal(path).close()


def test_who_only_reads_can_write_nothing_and_keeps_nobody_from_writing(path):
    journal = SqliteJournal(path)
    seen = SqliteJournal(path, reading=True)

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        seen.save([link()], [])
    journal.save([link()], [])

    assert seen.load(Counts())["links"] == 1
    seen.close()
    journal.close()


def test_nobody_reads_a_journal_that_is_not_there_and_none_is_made(path):
    with pytest.raises(JournalForeign):
        SqliteJournal(path, reading=True)

    assert list(path.parent.iterdir()) == []


def test_an_empty_file_is_no_journal_to_read(path):
    path.touch()

    with pytest.raises(JournalForeign, match="empty"):
        SqliteJournal(path, reading=True)


def test_a_file_that_somebody_writes_into_past_us_is_busy_not_broken(path):
    journal = SqliteJournal(path)
    tool = sqlite3.connect(path, isolation_level=None)
    tool.execute("BEGIN IMMEDIATE")

    with pytest.raises(JournalBusy):
        journal.save([link()], [])

    tool.execute("ROLLBACK")
    tool.close()
    journal.save([link()], [])
    assert journal.load(Counts())["links"] == 1
    journal.close()


def foreign(path, *statements):
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def test_a_file_of_another_program_is_refused_and_stays_as_it_is(path):
    foreign(path, "CREATE TABLE notes (text)")
    before = path.read_bytes()

    with pytest.raises(JournalForeign, match="another program"):
        SqliteJournal(path)

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_journal_of_a_newer_version_is_refused_and_stays_as_it_is(path):
    SqliteJournal(path).close()
    foreign(path, "PRAGMA user_version=99")
    before = path.read_bytes()

    with pytest.raises(JournalNewer, match="version is 99"):
        SqliteJournal(path)
    assert path.read_bytes() == before


@pytest.fixture
def former(path):
    """A journal of the first version with an unsent package and a link."""
    now = SqliteJournal()
    link = Link(portal_key="company:1", infobase_key="client:g1")
    now.save([waiting("company:1", reason="502", tries=3), link], [])
    write_former(now._db, path)
    now.close()
    return path


def kept(journal):
    (entry,) = journal.load(Unsent())
    (link,) = journal.load(LinksOf(PORTAL, ("company:1",)))
    return entry.reason, entry.tries, link.infobase_key


@pytest.mark.parametrize("reading", [False, True])
def test_a_journal_of_the_first_version_is_brought_to_ours_whoever_opens_it(former, reading):
    journal = SqliteJournal(former, reading=reading)
    try:
        assert kept(journal) == ("502", 3, "client:g1")
    finally:
        journal.close()


def test_an_upgrade_that_breaks_off_half_way_leaves_the_former_journal_whole(former, monkeypatch):
    broken = {**STEPS, 1: (*STEPS[1], "DELETE FROM waiting", "no SQL at all")}
    monkeypatch.setattr("sverka.journal.opening.STEPS", broken)
    with pytest.raises(JournalForeign):
        SqliteJournal(former)

    monkeypatch.undo()
    journal = SqliteJournal(former)
    try:
        assert kept(journal) == ("502", 3, "client:g1")
    finally:
        journal.close()


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"a letter to grandmother, long enough to be no header" * 40)

    with pytest.raises(JournalForeign, match="no SQLite file"):
        SqliteJournal(path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(JournalForeign, match="absent"):
        SqliteJournal(tmp_path / "absent" / "journal.sqlite")


def test_a_full_disk_loses_no_more_than_the_save_that_met_it(path):
    journal = SqliteJournal(path)
    journal.save([link()], [])
    limit = journal._db.execute("PRAGMA page_count").fetchone()[0] + 2
    journal._db.execute(f"PRAGMA max_page_count={limit}")

    with pytest.raises(JournalFull, match="Make room"):
        journal.save([Cursor(name=f"c{n}", value="x" * 4000) for n in range(50)], [])

    journal._db.execute("PRAGMA max_page_count=1000000")
    journal.save([Cursor(name="runs", value="1")], [])
    assert journal.load(CursorOf("c0")) == ""
    assert journal.load(CursorOf("runs")) == "1"
    assert journal.load(Counts())["links"] == 1
    journal.close()


def test_every_save_is_on_the_disk_before_it_returns(path):
    journal = SqliteJournal(path)

    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    journal.close()


def test_another_thread_is_refused(path):
    journal = SqliteJournal(path)
    with ThreadPoolExecutor(1) as pool, pytest.raises(sqlite3.ProgrammingError):
        pool.submit(journal.load, Counts()).result()
    journal.close()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@given(
    values=st.dictionaries(
        texts, texts | st.lists(st.builds(Item, texts, texts, texts), max_size=3).map(tuple)
    )
)
def test_values_come_back_from_their_column_as_they_went_in(values):
    back = values_from_text(values_to_text(values))

    assert back == values
    for name, value in values.items():
        if isinstance(value, tuple):
            assert [(i.label, i.key) for i in back[name]] == [(i.label, i.key) for i in value]
