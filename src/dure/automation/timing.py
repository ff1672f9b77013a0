"""Durations and moments as people write them, and the next time of a schedule."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dure.automation.workdays import Workdays
from dure.kernel.errors import Invalid

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BUSINESS = "business"
# `2026-12-01 - 5 business days at 09:00`: a moment, how far from it, and at what time of that day.
_OFFSET = re.compile(
    r"(?P<base>\S+(?:\s\d{1,2}:\d\d\S*)?)"
    r"(?:\s+(?P<sign>[+-])\s*(?P<number>\d+)\s*(?P<unit>business\s+days?|[a-z]+))?"
    r"(?:\s+at\s+(?P<at>\d{1,2}:\d\d))?"
)
_LONG = {
    "second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "min": "m", "sec": "s",
}  # fmt: skip
# Two years of days hold the next of any schedule that has one.
_FARTHEST = 800


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


def moment_from(text: str, field: str, where: ZoneInfo, workdays: Workdays) -> datetime:
    """A moment, or one relative to it: `2026-12-01 - 5 business days at 09:00`, `2026-12-01T10:00Z + 2h`.

    Days are days of the zone; a date without an hour begins at its midnight there.
    """
    match = _OFFSET.fullmatch(str(text).strip())
    if not match:
        raise Invalid(f"{text!r} is not a moment such as 2026-12-01 - 5 business days at 09:00.", field=field)
    try:
        base = datetime.fromisoformat(match["base"])
    except ValueError as error:
        raise Invalid(f"{match['base']!r} is not a date or time.", field=field) from error
    if base.tzinfo is None:
        # A date alone is the zone's day; a time without a zone is UTC, as events carry it.
        base = base.replace(tzinfo=where if len(match["base"]) == len("2026-12-01") else UTC)
    local = base.astimezone(where)
    if match["number"]:
        number = int(match["number"]) * (-1 if match["sign"] == "-" else 1)
        unit = match["unit"].rstrip("s") if match["unit"] != "s" else "s"
        if unit.startswith(BUSINESS):
            local = datetime.combine(workdays.shift(local.date(), number), local.timetz().replace(tzinfo=None), where)
        elif _LONG.get(unit, unit) in ("d", "w"):
            days = number * (7 if _LONG.get(unit, unit) == "w" else 1)
            local = datetime.combine(local.date() + timedelta(days=days), local.time(), where)
        elif _LONG.get(unit, unit) in _UNITS:
            local = (base + timedelta(seconds=number * _UNITS[_LONG.get(unit, unit)])).astimezone(where)
        else:
            raise Invalid(f"{match['unit']!r} is none of business days, days, weeks, hours, minutes.", field=field)
    if match["at"]:
        local = datetime.combine(local.date(), time_of_day(match["at"], field), where)
    return local.astimezone(UTC)


def next_daily(
    after: datetime, at: time, where: ZoneInfo, days: tuple[str, ...] = (), monthday: int | str | None = None,
    workdays: Workdays | None = None,
) -> datetime:  # fmt: skip
    """The first moment later than `after` at which it is `at` in that zone, on one of `days` (all when empty) that is
    the `monthday` where one is given."""
    workdays = workdays or Workdays()
    day = after.astimezone(where).date()
    for _ in range(_FARTHEST):
        candidate = datetime.combine(day, at, where).astimezone(UTC)
        if candidate > after and _meant(day, days, monthday, workdays):
            return candidate
        day += timedelta(days=1)
    raise Invalid("No day is ever meant by `days` and `monthday`.", field="trigger.days")


def _meant(day: date, days: tuple[str, ...], monthday: int | str | None, workdays: Workdays) -> bool:
    if monthday is not None and workdays.in_month(day.year, day.month, monthday) != day:
        return False
    named = [name for name in days if name != BUSINESS]
    if named and DAYS[day.weekday()] not in named:
        return False
    return BUSINESS not in days or workdays.business(day)


def next_every(after: datetime, every: timedelta) -> datetime:
    """The next whole multiple of `every` since 1970, so that every process agrees on it."""
    length = every.total_seconds()
    return datetime.fromtimestamp((after.timestamp() // length + 1) * length, UTC)
