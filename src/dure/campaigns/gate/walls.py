"""Clocks on walls: the moments at which a zone's clock shows a time, across daylight saving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the IANA list, None for anything else."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_of(traits: Mapping[str, Any], otherwise: ZoneInfo) -> ZoneInfo:
    """Somebody's own zone where their trait `timezone` names one, else the workspace's."""
    named = traits.get("timezone")
    return (zone_named(named) if isinstance(named, str) and named else None) or otherwise


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the zone's clock shows `wall`; where it jumps over it, the moment it jumps."""
    before, after = _moments(wall, zone)
    return min(before, after) if before <= after else _jump(after, before, zone)


def last_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last such moment: an hour later than the first where the clock is set back over it."""
    before, after = _moments(wall, zone)
    return after if before <= after else _jump(after, before, zone)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """When a calendar day begins; in some zones the clock jumps over midnight."""
    return first_moment(datetime.combine(day, time()), zone)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _moments(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """By the offset before a change and by the one after; the same where there is no change, the wrong way round where
    the clock jumps over `wall`."""
    here = wall.replace(tzinfo=zone)
    return here.replace(fold=0).astimezone(UTC), here.replace(fold=1).astimezone(UTC)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The second between two moments at which the zone's offset changes."""
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high
