"""Time counted in opening hours. Pure: a calendar and moments in, seconds and moments out.

The clock on the wall decides. A span opens the first time that the wall shows its start or later, and closes the
first time that it shows its end or later: an hour that is left out in spring is not worked, and one that comes twice
in autumn is worked twice by whoever is open through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from dure.governance.hours.model import DAY, Hours, Span

_FARTHEST = 3_700  # days that are looked ahead: beyond ten years without an open minute there is none


class NeverOpen(ValueError):
    """The calendar has no opening minute from there on."""


def seconds_between(hours: Hours, start: datetime, end: datetime) -> float:
    """Open seconds from `start` to `end`; 0 where `end` is not later."""
    total = timedelta()
    for opens, closes in _open(hours, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total.total_seconds()


def after(hours: Hours, start: datetime, seconds: float) -> datetime:
    """The first moment by which so many open seconds have passed; with 0, the first open moment from `start` on."""
    left = timedelta(seconds=seconds)
    for opens, closes in _open(hours, start):
        if opens + left <= closes:
            return opens + left
        left -= closes - opens
    raise NeverOpen(hours.name)


def is_open(hours: Hours, at: datetime) -> bool:
    return any(opens == at for opens, _ in islice(_open(hours, at), 1))


def moment(day: date, minute: int, zone: str) -> datetime:
    """The first moment, in UTC, at which the wall shows that minute of that day or later."""
    return _moment(day + timedelta(minute // DAY), minute % DAY, zone)


def _open(hours: Hours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open stretches from `start` on, in order and apart from one another, as far ahead as is asked."""
    # A span may reach over a midnight, so it may have begun the day before.
    first, until = start.astimezone(ZoneInfo(hours.zone)).date() - timedelta(1), start
    for ahead in range(_FARTHEST):
        day = first + timedelta(ahead)
        for opens, closes in _of_day(hours.on(day), day, hours.zone):
            if closes > until:
                yield max(opens, until), closes
                until = closes


@lru_cache(maxsize=20_000)
def _of_day(spans: tuple[Span, ...], day: date, zone: str) -> tuple[tuple[datetime, datetime], ...]:
    """A day's stretches; one that spring's missing hour leaves nothing of is none."""
    told = ((moment(day, one.start, zone), moment(day, one.end, zone)) for one in spans)
    return tuple(sorted((opens, closes) for opens, closes in told if closes > opens))


@lru_cache(maxsize=50_000)
def _moment(day: date, minute: int, zone: str) -> datetime:
    where = ZoneInfo(zone)
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=where)  # fold 0: the first time
    found = wall.astimezone(UTC)
    if found.astimezone(where).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    # The wall never shows it: it jumps over it, somewhere between both readings of that time.
    low = wall.replace(fold=1).astimezone(UTC)
    before, high = low.astimezone(where).utcoffset(), found
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(where).utcoffset() == before else (low, middle)
    return high
