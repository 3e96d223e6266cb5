"""Numbers of 1C's messages: they only grow, unless the base was restored from a backup."""

from sverka.asks import CursorOf, Flow, load, save
from sverka.records import Cursor

RECEIVED = "infobase.received"
"""Cursor: the highest number that was confirmed."""
RESTORED = "infobase.restored"
"""Cursor: the base was found restored, and what it lost is not put back yet."""


def confirmed(number: int) -> Flow[None]:
    yield from save([Cursor(name=RECEIVED, value=str(number))])


def compared(number: int) -> Flow[tuple[str, ...]]:
    """Warnings, if the base knows less than it had confirmed.

    Args:
        number: The last one that the base itself knows of.
    """
    known = int((yield from load(CursorOf(RECEIVED))) or 0)
    if number >= known:
        return ()
    yield from save([Cursor(name=RESTORED, value="yes"), Cursor(name=RECEIVED, value=str(number))])
    return (
        f"1C knows of message {number}, and had confirmed {known}: it was restored from a backup. "
        "This exchange reads everything, and puts back what the portal knows better.",
    )
