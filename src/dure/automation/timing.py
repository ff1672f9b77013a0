"""Durations as people write them, and the next time of a schedule."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dure.kernel.errors import Invalid

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def duration(text: object, field: str) -> timedelta:
    """`30s`, `5m`, `1h`, `7d`, `2w`, also several (`1h 30m`); Invalid names the field."""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([smhdw])", str(text))
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*([smhdw])|\s", "", str(text)):
        raise Invalid(f"{text!r} is not a duration such as 30s, 5m, 1h, 7d or 2w.", field=field)
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def zone(name: str, field: str) -> ZoneInfo:
    """A zone by its IANA name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(f"{name!r} is not a time zone such as Asia/Seoul.", field=field) from error


def time_of_day(text: str, field: str) -> time:
    """`09:00`."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not match:
        raise Invalid(f"{text!r} is not a time of day such as 09:00.", field=field)
    return time(int(match[1]), int(match[2]))


def moment(value: object, field: str) -> datetime:
    """An ISO date or date-time, UTC where it names no zone."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(f"{value!r} is not a date or time.", field=field) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def next_daily(after: datetime, at: time, where: ZoneInfo, days: tuple[str, ...] = ()) -> datetime:
    """The first moment later than `after` at which it is `at` in that zone, on one of `days` (all when empty)."""
    local = after.astimezone(where)
    for ahead in range(9):
        day = local.date() + timedelta(days=ahead)
        candidate = datetime.combine(day, at, where).astimezone(UTC)
        if candidate > after and (not days or DAYS[day.weekday()] in days):
            return candidate
    raise Invalid("No day of the week is named.", field="trigger.days")


def next_every(after: datetime, every: timedelta) -> datetime:
    """The next whole multiple of `every` since 1970, so that every process agrees on it."""
    length = every.total_seconds()
    return datetime.fromtimestamp((after.timestamp() // length + 1) * length, UTC)
