"""Moments as the portal writes them: ISO 8601 in the portal's zone, whole seconds."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

ZONE = timezone(timedelta(hours=3))
"""The portal's zone: Moscow, no summer time."""

_PORTAL_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y")


@lru_cache(maxsize=4096)
def _written(whole_s: int) -> str:
    return datetime.fromtimestamp(whole_s, ZONE).isoformat()


def written(at_s: float) -> str:
    """`2024-05-27T13:55:27+03:00` for unix seconds."""
    return _written(int(at_s))


def read(text: str) -> datetime | None:
    """Read ISO 8601 or the portal's own format; without offset it is the portal's time."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        found = _in_portal_format(text)
        if found is None:
            return None
        moment = found
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _in_portal_format(text: str) -> datetime | None:
    for form in _PORTAL_FORMATS:
        try:
            # The zone is put on by the caller: a bare moment is the portal's.
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    return None


@lru_cache(maxsize=4096)
def datetime_text(text: str) -> str | None:
    """A sent moment as it is stored, None if it is unreadable."""
    moment = read(text)
    try:
        return moment.astimezone(ZONE).replace(microsecond=0).isoformat() if moment else None
    except OverflowError:
        # The first and the last hours of the calendar have no moment in another zone.
        return None


@lru_cache(maxsize=4096)
def date_text(text: str) -> str | None:
    """A sent date as it is stored: midnight UTC seen from the portal, `T03:00:00+03:00`.

    The time of day is lost (b24restdocs: api-reference/crm/data-types.md).
    """
    moment = read(text)
    if moment is None:
        return None
    midnight = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return midnight.astimezone(ZONE).isoformat()


def day(at_s: float) -> str:
    """The portal's day of unix seconds, as a date is stored."""
    return _day(int(at_s))


@lru_cache(maxsize=4096)
def _day(whole_s: int) -> str:
    local = datetime.fromtimestamp(whole_s, ZONE)
    return datetime(local.year, local.month, local.day, tzinfo=UTC).astimezone(ZONE).isoformat()
