"""When a scheduled exchange runs: one run after the other, never two at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Protocol

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from sverka.errors import SettingsError

TICK = timedelta(microseconds=1)
GLANCE_S = 1.0
"""Longest wait at a stretch: a clock that was set is noticed, and Windows delivers signals."""


class Trigger(Protocol):
    """What we use of a trigger of APScheduler."""

    def get_next_fire_time(self, previous: None, now: datetime) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When `sverka sync schedule` exchanges.

    Attributes:
        every_s: From start to start, the first at once; 0 if `cron` says when.
        cron: Five fields in local time, `*/10 8-20 * * mon-fri`.
    """

    every_s: float = 0.0
    cron: str = ""

    def __post_init__(self) -> None:
        if self.every_s and self.cron:
            raise SettingsError(
                setting="schedule",
                value=f"every_s {self.every_s}, cron {self.cron}",
                remedy="Give one of schedule.every_s and schedule.cron.",
            )
        if self.every_s < 0:
            raise SettingsError(
                setting="schedule.every_s", value=self.every_s, remedy="It must be above 0."
            )
        if self.cron:
            _cron(self.cron)

    def trigger(self, begins_at: datetime) -> Trigger:
        """A trigger of APScheduler that starts now.

        Raises:
            SettingsError: The settings do not say when.
        """
        if self.cron:
            return _cron(self.cron)
        if not self.every_s:
            raise SettingsError(
                setting="schedule",
                value="neither every_s nor cron",
                remedy="Say in [schedule] how often: every_s = 600, or cron = '*/10 * * * *'.",
            )
        every: Trigger = IntervalTrigger(seconds=self.every_s, start_date=begins_at, timezone=UTC)
        return every


def _cron(text: str) -> Trigger:
    try:
        trigger: Trigger = CronTrigger.from_crontab(text)
    except ValueError as error:
        raise SettingsError(
            setting="schedule.cron",
            value=text,
            remedy=f"{error}. It takes five fields, such as '*/10 8-20 * * mon-fri'.",
        ) from error
    return trigger


@dataclass(frozen=True, slots=True)
class Beat:
    """A run is due.

    Attributes:
        skipped_at: The first moment that came during the run before, None if none did.
    """

    due_at: datetime
    skipped_at: datetime | None = None


def now() -> datetime:
    return datetime.now(UTC)


def wait_until(moment: datetime) -> None:
    while (left_s := (moment - now()).total_seconds()) > 0:
        Event().wait(min(left_s, GLANCE_S))


def beats(
    trigger: Trigger,
    *,
    now: Callable[[], datetime] = now,
    wait_until: Callable[[datetime], None] = wait_until,
) -> Iterator[Beat]:
    """Each beat when it is due. What comes while the taker is busy is skipped, not made up for."""
    due_at = trigger.get_next_fire_time(None, now())
    skipped_at = None
    while due_at is not None:
        wait_until(due_at)
        yield Beat(due_at, skipped_at)
        after = due_at + TICK
        missed_at = trigger.get_next_fire_time(None, after)
        due_at = trigger.get_next_fire_time(None, max(now(), after))
        skipped_at = missed_at if missed_at != due_at else None
