"""Times of clocks: when it is nine somewhere next, and when a recurring campaign comes.

A time that a clock skips in spring is as much later as the clock skips; of a time it shows twice in autumn the first
is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dure.campaigns.design import DAYS, Entry, Every

EARLIEST, LATEST = timedelta(hours=14), timedelta(hours=12)
"""Clocks are at most so far before UTC, and so far behind it."""


@lru_cache(1024)
def zone_of(name: object, otherwise: str) -> ZoneInfo:
    """A zone by its IANA name; the other where there is none of that name."""
    try:
        return ZoneInfo(str(name)) if name else ZoneInfo(otherwise)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(otherwise)


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which a clock of the zone shows a local time, in UTC."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def next_time(after: datetime, shown: str, days: Collection[str] | None, zone: ZoneInfo) -> datetime:
    """The first moment, `after` or later, at which the zone's clock shows a time, on one of the weekdays."""
    at, day = time.fromisoformat(shown), after.astimezone(zone).date()
    for ahead in range(9):
        one = day + timedelta(days=ahead)
        if days is None or DAYS[one.weekday()] in days:
            found = instant(datetime.combine(one, at), zone)
            if found >= after:
                return found
    raise ValueError("a week has every weekday")


def dates(every: Every, after: date, count: int) -> list[date]:
    """The next dates of a recurring campaign, beginning with `after` itself."""
    found: list[date] = []
    last = date.fromisoformat(every.until) if every.until else date.max
    one = after
    while len(found) < count and one <= last:
        if every.day == one.day or (every.days is not None and DAYS[one.weekday()] in every.days):
            found.append(one)
        one += timedelta(days=1)
    return found


def occurrences(entry: Entry, now: datetime, zone: ZoneInfo, count: int = 1) -> list[tuple[str, datetime]]:
    """The next times at which people are taken in by the clock, each with its key. The key is the local time.

    Where it is each person's own clock, the moment is the earliest at which any clock shows the time.
    """
    if entry.every is not None:
        shown = time.fromisoformat(entry.every.time)
        today = (now + EARLIEST if entry.zone == "person" else now.astimezone(zone)).date()
        coming = [datetime.combine(one, shown) for one in dates(entry.every, today - timedelta(days=1), count + 3)]
        found = [(local.isoformat(timespec="minutes"), opens(local, entry, zone)) for local in coming]
        return [one for one in found if one[1] >= now][:count]
    if entry.trigger is not None:
        return []
    if entry.at is None:
        return [("launch", now)]
    local = datetime.fromisoformat(entry.at)
    return [(local.isoformat(timespec="minutes"), opens(local, entry, zone))]


def opens(local: datetime, entry: Entry, zone: ZoneInfo) -> datetime:
    """When people can first be taken in for a local time."""
    return local.replace(tzinfo=UTC) - EARLIEST if entry.zone == "person" else instant(local, zone)


def own_times(key: str, zones: Sequence[object], otherwise: str) -> list[datetime]:
    """When each person's own clock shows an occurrence's local time."""
    local = datetime.fromisoformat(key)
    found: dict[ZoneInfo, datetime] = {}
    return [
        found[zone] if zone in found else found.setdefault(zone, instant(local, zone))
        for zone in (zone_of(name if isinstance(name, str) else "", otherwise) for name in zones)
    ]
