"""A state in a directory: what was let go is kept, and what cannot be used is told."""

import sqlite3
from contextlib import closing

import pytest

from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.keeping import FILE_NAME, DirectoryUnusable, Keeper, changes, kept
from sverka_emulator_kit.state import whole


def live(folder, system, *deeds):
    """Do deeds to a system whose state is in a folder, and stop."""
    with kept(system, folder) as lock:
        for key, text in deeds:
            with lock:
                system.act("write", {"key": key, "text": text})


def read(folder):
    """What a copy of the file holds right now, as after a kill."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as copy:
        return copy.execute("SELECT key, value FROM kept ORDER BY place").fetchall()


def test_what_was_written_is_there_again(tmp_path, make_notes):
    live(tmp_path, make_notes(), ("/a", "one"), ("/b", "two"), ("/a", "three"))
    again = make_notes()
    with kept(again, tmp_path):
        assert again.shelf == {"/a": {"text": "three"}, "/b": {"text": "two"}}


def test_each_release_of_the_lock_is_kept_before_the_next_deed(tmp_path, notes):
    with kept(notes, tmp_path / "run") as lock:
        for number in range(3):
            with lock, lock:
                notes.act("write", {"key": str(number), "text": "x"})
            copy = tmp_path / f"copy{number}"
            copy.mkdir()
            for file in (tmp_path / "run").iterdir():
                (copy / file.name).write_bytes(file.read_bytes())
    for number in range(3):
        assert len(read(tmp_path / f"copy{number}")) == number + 1


def test_only_a_new_directory_is_filled(tmp_path, make_notes):
    first = make_notes()
    with kept(first, tmp_path, lambda: first.act("write", {"key": "/a", "text": "seed"})):
        assert list(first.shelf) == ["/a"]
    with kept(again := make_notes(), tmp_path, lambda: pytest.fail("filled again")):
        assert list(again.shelf) == ["/a"]


def test_what_is_gone_from_the_system_is_gone_from_the_file(tmp_path, make_notes):
    system = make_notes()
    with kept(system, tmp_path) as lock:
        with lock:
            system.shelf |= {"/a": {"text": "1"}, "/b": {"text": "2"}}
        with lock:
            del system.shelf["/a"]
    assert [key for key, _ in read(tmp_path)] == ["/b"]


def test_a_reset_is_kept_too(tmp_path, make_notes):
    system = make_notes()
    with kept(system, tmp_path) as lock:
        with lock:
            system.act("write", {"key": "/a", "text": "x"})
        with lock:
            system.reset()
    assert read(tmp_path) == []


def test_without_a_directory_nothing_is_kept(notes):
    with kept(notes, None, lambda: notes.act("write", {"key": "/a", "text": "x"})) as lock, lock:
        assert list(notes.shelf) == ["/a"]


def test_a_change_that_could_not_be_kept_is_told_and_kept_with_the_next(tmp_path, make_notes):
    system = make_notes()
    with kept(system, tmp_path) as lock:
        with pytest.raises(TypeError), lock:
            system.shelf["/a"] = {"text": object()}
        with lock:
            system.shelf["/a"] = {"text": "good"}
    live(tmp_path, again := make_notes())
    assert again.shelf == {"/a": {"text": "good"}}


def test_the_shift_of_a_clock_is_kept(tmp_path, make_notes):
    with kept(system := make_notes(clock=WallClock()), tmp_path) as lock, lock:
        system.clock.advance(86_400)
    with kept(again := make_notes(clock=WallClock()), tmp_path):
        assert again.clock.shift_s == pytest.approx(86_400, abs=5)


def test_a_second_process_on_one_directory_is_refused(tmp_path, make_notes):
    with kept(make_notes(), tmp_path), pytest.raises(DirectoryUnusable, match="is in use") as told:
        Keeper(tmp_path, make_notes())
    assert str(tmp_path / FILE_NAME) in str(told.value)
    assert "another --data" in str(told.value)
    live(tmp_path, make_notes(), ("/a", "free again"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"name": "other"}, "holds the state of 'notes'"), ({"layout": "two"}, "another version")],
)
def test_the_state_of_another_system_or_version_is_refused(tmp_path, make_notes, changed, said):
    live(tmp_path, make_notes(), ("/a", "x"))
    before = read(tmp_path)
    with pytest.raises(DirectoryUnusable, match=said) as told:
        Keeper(tmp_path, make_notes(**changed))
    assert FILE_NAME in str(told.value)
    assert "--data" in str(told.value)
    assert read(tmp_path) == before


def spoil_all(file):
    file.write_bytes(b"no database at all" * 100)


def cut(file):
    file.write_bytes(file.read_bytes()[:5000])


def spoil_value(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute("UPDATE kept SET value = '{'")


def take_part_away(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute("DELETE FROM rest")


@pytest.mark.parametrize("harm", [spoil_all, cut, spoil_value, take_part_away])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path, make_notes, harm):
    live(tmp_path, make_notes(), *((f"/{number}", "x" * 500) for number in range(40)))
    harm(tmp_path / FILE_NAME)
    with pytest.raises(DirectoryUnusable, match="is damaged") as told:
        Keeper(tmp_path, make_notes())
    assert "Put back a copy" in str(told.value)


def test_a_directory_that_cannot_be_made_is_refused(tmp_path, notes):
    (tmp_path / "file").write_text("")
    with pytest.raises(DirectoryUnusable, match="cannot hold the state"):
        Keeper(tmp_path / "file", notes)


def test_changes_are_other_objects_and_keys_that_are_gone():
    same, other = {"x": 1}, {"x": 2}
    assert changes({"a": same, "b": same}, {"a": same, "b": other, "c": same}) == (
        {"b": other, "c": same},
        [],
    )
    assert changes({"a": same, "b": same}, {"c": same, "a": same}) == ({"c": same}, ["b"])


def test_a_shelf_goes_into_its_empty_place():
    rest = {"a": {"rows": []}, "b": {}, "c": 1}
    shelves = {"a/rows": {1: "x", 2: "y"}, "b": {"k": "z"}}
    assert whole(rest, shelves) == {"a": {"rows": ["x", "y"]}, "b": {"k": "z"}, "c": 1}
    with pytest.raises(LookupError):
        whole({}, {"nowhere": {}})
