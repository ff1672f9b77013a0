"""When a question is about: a range of instants and its intervals in the workspace's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dure.kernel.errors import Invalid
from dure.metrics.question import MOST_INTERVALS, Interval, Question

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROLLING_SECONDS = {"hour": 3600, "day": 86_400, "week": 604_800, "month": 30 * 86_400}


@dataclass(frozen=True, slots=True)
class Period:
    """The instants from `start` (included) to `end` (not included), read in `zone`."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def start_us(self) -> int:
        return micros(self.start)

    @property
    def end_us(self) -> int:
        return micros(self.end)


@dataclass(frozen=True, slots=True)
class Ruler:
    """Numbers the intervals of a period: 0 is the one that holds its start. Days are the zone's own, DST included."""

    interval: Interval
    sunday: bool
    period: Period

    def index_sql(self, column: str = "time") -> str:
        """SQL for the number of the interval that a time lies in; counts on from 0, below it before the range."""
        zone = f"'{self.period.zone.key}'"
        origin = self._number(self.period.start)
        match self.interval:
            case "hour":
                return f"toInt64(floor((toUnixTimestamp64Micro({column}) - {origin}) / 3600000000))"
            case "day":
                return f"(toInt64(toRelativeDayNum({column}, {zone})) - {origin})"
            case "week":
                return f"(intDiv(toInt64(toRelativeDayNum({column}, {zone})) + {self._shift}, 7) - {origin})"
            case "month":
                return f"(toInt64(toYear({column}, {zone})) * 12 + toMonth({column}, {zone}) - 1 - {origin})"

    @property
    def count(self) -> int:
        """How many intervals the range touches."""
        last = self.period.end - timedelta(microseconds=1)
        if self.interval == "hour":
            return max(0, (micros(last) - self._number(self.period.start)) // 3_600_000_000 + 1)
        return max(0, self._number(last) - self._number(self.period.start) + 1)

    def starts_at(self, index: int) -> datetime:
        """The instant an interval begins."""
        zone, origin = self.period.zone, self._number(self.period.start)
        match self.interval:
            case "hour":
                return _EPOCH + timedelta(microseconds=origin, hours=index)
            case "day":
                day = date(1970, 1, 1) + timedelta(days=origin + index)
            case "week":
                day = date(1970, 1, 1) + timedelta(days=(origin + index) * 7 - self._shift)
            case "month":
                year, month = divmod(origin + index, 12)
                day = date(year, month + 1, 1)
        return datetime.combine(day, time(), zone).astimezone(UTC)

    def label(self, index: int) -> str:
        """The interval's beginning as the reader's zone writes it: a date, or for hours a date-time."""
        local = self.starts_at(index).astimezone(self.period.zone)
        return local.isoformat(timespec="minutes") if self.interval == "hour" else local.date().isoformat()

    def labels(self) -> list[str]:
        return [self.label(index) for index in range(self.count)]

    @property
    def _shift(self) -> int:
        # 1 January 1970 was a Thursday.
        return 4 if self.sunday else 3

    def _number(self, at: datetime) -> int:
        local = at.astimezone(self.period.zone)
        days = (local.date() - date(1970, 1, 1)).days
        match self.interval:
            case "hour":
                return micros(local.replace(minute=0, second=0, microsecond=0))
            case "day":
                return days
            case "week":
                return (days + self._shift) // 7
            case "month":
                return local.year * 12 + local.month - 1


def period_of(
    question: Question, now: datetime, timezone: str, interval: str = "day", spans: int = 0, week_start: str = "monday"
) -> Period:
    """The range a question asks about. Without `from`: `spans` whole intervals, else the hours of a day, thirty days,
    twelve weeks or twelve months, the last of which may still be running."""
    zone = zone_of(question.timezone or timezone)
    end = _instant(question.to, zone, "to", last=True) if question.to else _end_of_day(now, zone)
    if question.from_:
        start = _instant(question.from_, zone, "from", last=False)
    else:
        start = _before(end, zone, interval, spans, week_start == "sunday")
    if start >= end:
        raise Invalid("`from` lies after `to`.", field="from")
    if start.year < 1971 or end.year > 2200:
        raise Invalid("The range lies outside 1971 to 2200.", field="from")
    return Period(start, end, zone)


def ruler_of(period: Period, interval: Interval, week_start: str = "monday", field: str = "interval") -> Ruler:
    """Refuses a range of more intervals than anybody reads."""
    ruler = Ruler(interval, week_start == "sunday", period)
    if ruler.count > MOST_INTERVALS:
        raise Invalid(f"The range holds {ruler.count} intervals; at most {MOST_INTERVALS}.", field=field)
    return ruler


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(f"{name!r} is not an IANA time zone.", field="timezone") from error


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> str:
    """The other way, as ISO text."""
    return (_EPOCH + timedelta(microseconds=us)).isoformat().replace("+00:00", "Z")


def _instant(text: str, zone: ZoneInfo, field: str, *, last: bool) -> datetime:
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1 if last else 0)
            return datetime.combine(day, time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{text!r} is neither an ISO date nor a date-time.", field=field) from error
    at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    # Both ends are included: the microsecond named by `to` still counts.
    return at + timedelta(microseconds=1) if last else at


def _end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _before(end: datetime, zone: ZoneInfo, interval: str, spans: int, sunday: bool) -> datetime:
    last = (end - timedelta(microseconds=1)).astimezone(zone)
    if interval == "month":
        months = last.year * 12 + last.month - 1 - ((spans or 12) - 1)
        day = date(months // 12, months % 12 + 1, 1)
    elif interval == "hour":
        return (last - timedelta(hours=(spans or 24) - 1)).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    elif interval == "week":
        # A week that began before the range would look like a small one.
        into_it = (last.weekday() + sunday) % 7
        day = last.date() - timedelta(days=into_it + 7 * ((spans or 12) - 1))
    else:
        day = last.date() - timedelta(days=(spans or 30) - 1)
    return datetime.combine(day, time(), zone).astimezone(UTC)
