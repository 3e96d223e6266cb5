"""Measuring two things side by side: rounds in alternation, the median of each, their ratio."""

import statistics
from collections.abc import Callable

Rate = Callable[[], float]
"""Does one round and returns its rate, in units a second."""


def side_by_side(ours: Rate, bare: Rate, *, rounds: int = 5) -> tuple[float, float, float]:
    """Medians of our rate and of the bare counterpart's, and ours divided by the bare one."""
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(ours())
        theirs.append(bare())
    rate, bare_rate = statistics.median(mine), statistics.median(theirs)
    return rate, bare_rate, rate / bare_rate
