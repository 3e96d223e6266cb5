"""When a scheduled exchange runs: with APScheduler's triggers and a clock of our own."""

from datetime import UTC, datetime, timedelta

import pytest

from sverka.cli.schedule import Schedule, beats
from sverka.errors import SettingsError

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Clock:
    """Stands still but when somebody waits or works."""

    def __init__(self, at=NOON):
        self.at = at

    def now(self):
        return self.at

    def wait_until(self, moment):
        self.at = max(self.at, moment)

    def passes(self, minutes):
        self.at += timedelta(minutes=minutes)


def runs(schedule, lasting, at=NOON):
    """Minutes after noon at which runs begin that last so many minutes, and what was skipped."""
    clock = Clock(at)
    begun, skipped = [], []
    due = beats(schedule.trigger(clock.now()), now=clock.now, wait_until=clock.wait_until)
    for minutes in lasting:
        beat = next(due)
        begun.append((clock.now() - NOON).total_seconds() / 60)
        if beat.skipped_at:
            skipped.append((beat.skipped_at - NOON).total_seconds() / 60)
        clock.passes(minutes)
    return begun, skipped


def test_the_first_run_begins_at_once_and_the_next_an_interval_after_its_start():
    assert runs(Schedule(every_s=600), [3, 3, 3]) == ([0, 10, 20], [])


def test_a_run_that_lasts_longer_than_its_interval_makes_the_next_one_skip():
    assert runs(Schedule(every_s=600), [12, 3, 35, 3]) == ([0, 20, 30, 70], [10, 40])


def test_a_run_that_lasts_its_interval_exactly_skips_none():
    assert runs(Schedule(every_s=600), [10, 10, 10]) == ([0, 10, 20], [])


def test_a_cron_text_says_when_and_runs_once_each_time():
    at = NOON + timedelta(minutes=1)
    assert runs(Schedule(cron="*/10 * * * *"), [0, 0, 12, 1], at) == ([10, 20, 30, 50], [40])


def test_without_every_s_and_cron_there_is_no_schedule():
    with pytest.raises(SettingsError, match="every_s = 600"):
        Schedule().trigger(NOON)
