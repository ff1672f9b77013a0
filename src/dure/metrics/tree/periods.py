"""Which two periods a tree compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dure.kernel.errors import Invalid
from dure.metrics.period import zone_of

_LONGEST = timedelta(days=1100)


@dataclass(frozen=True, slots=True)
class Days:
    """Two calendar days of the workspace, both included."""

    first: date
    last: date

    @property
    def length(self) -> timedelta:
        return self.last - self.first + timedelta(days=1)

    def before(self) -> Days:
        """As many days right before."""
        return Days(self.first - self.length, self.first - timedelta(days=1))

    def texts(self) -> tuple[str, str]:
        return self.first.isoformat(), self.last.isoformat()


def compared(
    now: datetime, zone: str, from_: str | None, to: str | None, compare_from: str | None, compare_to: str | None
) -> tuple[Days, Days]:
    """The period and the one it is compared with. Without dates the last whole week and the week before it; without
    `compare_from` and `compare_to` as many days right before."""
    if from_ is None and to is None:
        today = now.astimezone(zone_of(zone)).date()
        monday = today - timedelta(days=today.weekday())
        period = Days(monday - timedelta(days=7), monday - timedelta(days=1))
    else:
        period = _days(from_, to, "from", "to")
    if compare_from is None and compare_to is None:
        return period, period.before()
    return period, _days(compare_from, compare_to, "compare_from", "compare_to")


def _days(first: str | None, last: str | None, first_field: str, last_field: str) -> Days:
    days = Days(_day(first, first_field), _day(last, last_field))
    if days.last < days.first:
        raise Invalid(f"`{first_field}` lies after `{last_field}`.", field=first_field)
    if days.length > _LONGEST or days.first.year < 1972 or days.last.year > 2199:
        raise Invalid("A period is at most three years, between 1972 and 2199.", field=first_field)
    return days


def _day(text: str | None, field: str) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError as error:
        raise Invalid("A period has a first and a last day, such as 2026-11-16.", field=field) from error
