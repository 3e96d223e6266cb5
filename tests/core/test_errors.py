"""Every error says what happened, with which value, and what to do."""

import inspect

import pytest

from sverka import errors
from sverka.errors import (
    AccessRefused,
    Blocked,
    JournalBusy,
    JournalError,
    JournalForeign,
    JournalFull,
    JournalNewer,
    KeyDamaged,
    KeyForeign,
    PortalMoved,
    ProtocolSurprise,
    SettingsError,
    SverkaError,
    Throttled,
    TryLater,
    Unreachable,
)

SECRET = "abcd" + "s3cret" * 5 + "wxyz"

BUILT = [
    (Throttled(side="portal", call="batch", tries=5), ["portal", "batch", "5"], "run again"),
    (Unreachable(side="infobase", call="GET X", reason="cut"), ["GET X", "cut"], "run again"),
    (Blocked(side="portal", answer="OVERLOAD_LIMIT"), ["portal", "OVERLOAD_LIMIT"], "support"),
    (
        PortalMoved(setting="portal.key", address="a.example", moved_to="b.example", remedy="Key!"),
        ["portal.key", "a.example", "b.example"],
        "Key!",
    ),
    (SettingsError(setting="pace.batch", value=51, remedy="At most 50."), ["51"], "At most 50."),
    (KeyDamaged(SECRET), ["portal.key", "abcd…wxyz"], "Copy it again"),
    (KeyForeign(SECRET, "its version is not 1"), ["version", "abcd…wxyz"], "Take the key"),
    (AccessRefused(side="portal", answer="INVALID", remedy="New key."), ["INVALID"], "New key."),
    (JournalBusy("j.sqlite"), ["j.sqlite"], "Wait until"),
    (JournalForeign("j.sqlite", "it is a song"), ["j.sqlite", "a song"], "Name another file"),
    (JournalNewer("j.sqlite", version=9, known=1), ["j.sqlite", "9", "1"], "Update sverka"),
    (JournalFull("j.sqlite"), ["j.sqlite"], "Make room"),
    (ProtocolSurprise(side="portal", call="x", what="odd"), ["portal", "odd"], "report"),
]
GROUPS = {SverkaError, TryLater, JournalError}


@pytest.mark.parametrize(("error", "values", "remedy"), BUILT)
def test_a_message_holds_the_value_and_a_remedy(error, values, remedy):
    text = str(error)

    assert all(value in text for value in values)
    assert remedy in text


def test_every_error_is_built_here():
    known = {
        found
        for _, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, SverkaError)
    }

    assert known == {type(error) for error, _, _ in BUILT} | GROUPS


@pytest.mark.parametrize("error", [KeyDamaged(SECRET), KeyForeign(SECRET, "x")])
def test_a_key_is_not_shown_whole(error):
    assert "s3cret" not in str(error)


@pytest.mark.parametrize(
    ("error", "group"),
    [
        (Throttled, TryLater),
        (Unreachable, TryLater),
        (KeyDamaged, SettingsError),
        (KeyForeign, SettingsError),
        (AccessRefused, SettingsError),
        (JournalBusy, JournalError),
        (JournalForeign, JournalError),
        (JournalNewer, JournalError),
        (JournalFull, JournalError),
        (ProtocolSurprise, SverkaError),
    ],
)
def test_errors_are_grouped_by_what_the_caller_does_next(error, group):
    assert issubclass(error, group)


def test_every_error_stands_in_the_drawing_above_them():
    assert all(type(error).__name__ in errors.__doc__ for error, _, _ in BUILT)
    assert all(group.__name__ in errors.__doc__ for group in GROUPS)


def test_facts_are_also_attributes():
    assert Unreachable(side="portal", call="x", reason="cut").reason == "cut"
    assert SettingsError(setting="a", value=1, remedy="b").value == 1
    assert JournalBusy("p").path == "p"
