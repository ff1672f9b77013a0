"""Quiet hours as pure rules: whether it is quiet at a moment, and when it is quiet next.

The hours name when somebody works; outside of them it is quiet. They are that person's own clock's, so a day on which
the clock is changed has a quiet time that is an hour longer or shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
WORKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Quiet:
    """`days` are ISO weekdays; minutes count from midnight. `until_minute` at or before `from_minute` is the next
    day's. `ended_until`: quiet time that was ended by hand does not come back before this."""

    account: str
    enabled: bool = False
    days: tuple[int, ...] = WORKDAYS
    from_minute: int = 9 * 60
    until_minute: int = 18 * 60
    snooze_until: datetime | None = None
    ended_until: datetime | None = None

    def snoozing(self, now: datetime) -> bool:
        return self.snooze_until is not None and self.snooze_until > now


def is_quiet(quiet: Quiet, zone: str, now: datetime) -> bool:
    """Whether nothing may disturb this person now."""
    if quiet.snoozing(now):
        return True
    if not quiet.enabled or (quiet.ended_until is not None and now < quiet.ended_until):
        return False
    return not any(start <= now < end for start, end in _working(quiet, zone, now))


def next_quiet(quiet: Quiet, zone: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The quiet time that is now or comes next, by the hours; None where there are no hours, or no end is in sight."""
    if not quiet.enabled:
        return None
    begin = now
    hours = _working(quiet, zone, now)
    for start, end in hours:
        if start <= begin < end:
            begin = end
    after = next((start for start, _ in hours if start > begin), None)
    if after is None:
        return None
    if begin == now:  # it is quiet already: since the last hours ended
        begin = max((end for _, end in hours if end <= now), default=now)
    return begin, after


def _working(quiet: Quiet, zone: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """The working times around a moment, from two days before to nine days after it, in order."""
    own = ZoneInfo(zone)
    today = now.astimezone(own).date()
    days = (today + timedelta(days=n) for n in range(-2, 10))
    return [_hours(quiet, own, day) for day in days if day.isoweekday() in quiet.days]


def _hours(quiet: Quiet, own: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    ends = day if quiet.until_minute > quiet.from_minute else day + timedelta(days=1)
    return _at(own, day, quiet.from_minute), _at(own, ends, quiet.until_minute)


def _at(own: ZoneInfo, day: date, minute: int) -> datetime:
    if minute >= 24 * 60:
        day, minute = day + timedelta(days=1), 0
    # In UTC: two times of one zone are else subtracted and compared as if no clock were ever changed.
    return datetime.combine(day, time(minute // 60, minute % 60), own).astimezone(UTC)
