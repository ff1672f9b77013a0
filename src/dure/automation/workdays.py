"""Which days are worked: public holidays of the zone's country, and a workspace's own days off and worked days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

import holidays

from dure.kernel.errors import Invalid
from dure.state import Tx

_MONTHDAY = re.compile(r"(first|last|-?\d+)(?:\s+(business))?(?:\s+day)?")
_SATURDAY = 5
# No calendar rests longer than this; a search that finds nothing would otherwise never end.
_LONGEST_REST = 60


@dataclass(frozen=True)
class Workdays:
    """The calendar of a zone. `own` says of single days whether they are worked, before anything else does."""

    country: str = ""
    own: Mapping[date, bool] = field(default_factory=dict)

    def business(self, day: date) -> bool:
        """Whether a day is worked."""
        said = self.own.get(day)
        if said is not None:
            return said
        return day.weekday() < _SATURDAY and day not in public_holidays(self.country, day.year)

    def shift(self, day: date, days: int) -> date:
        """So many business days later (earlier when negative); 0 is the day itself, or the next worked one."""
        step = timedelta(days=1 if days >= 0 else -1)
        left = abs(days)
        rested = 0
        if left == 0:
            while not self.business(day):
                day, rested = day + step, _rested(rested)
            return day
        while left:
            day += step
            if self.business(day):
                left, rested = left - 1, 0
            else:
                rested = _rested(rested)
        return day

    def in_month(self, year: int, month: int, which: int | str) -> date | None:
        """`1`, `31` (the last where a month is shorter), `-1`, `first business`, `3 business`, `last business`."""
        number, business = monthday(which, "monthday")
        first = date(year, month, 1)
        days = [first + timedelta(days=ahead) for ahead in range(31)]
        days = [day for day in days if day.month == month]
        if business:
            days = [day for day in days if self.business(day)]
            if abs(number) > len(days):
                return None
        if number > 0:
            return days[min(number, len(days)) - 1]
        return days[max(number, -len(days))]


def monthday(which: int | str, place: str) -> tuple[int, bool]:
    """The number of a day in a month (negative from its end) and whether only business days are counted."""
    match = _MONTHDAY.fullmatch(str(which).strip().lower())
    number = {"first": 1, "last": -1}.get(match[1], 0) or int(match[1]) if match and match[1] else 0
    if not match or not 1 <= abs(number) <= 31:
        raise Invalid(
            f"{which!r} is not a day of a month such as 1, -1, `first business` or `last business`.", field=place
        )
    return number, match[2] is not None


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """A country's public holidays of a year with their names; none where nobody has listed them."""
    if not country or country not in holidays.list_supported_countries():
        return {}
    return dict(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """Countries (ISO 3166) by zone, from the time zone database's own table."""
    table = (resources.files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


def country_of(zone: str) -> str:
    """The country of a zone; "" for zones of no country such as UTC."""
    return _countries().get(zone, "")


async def workdays_of(tx: Tx, workspace: str, zone: str) -> Workdays:
    """The calendar of a workspace in a zone."""
    return Workdays(country_of(zone), await own_days(tx, workspace))


async def own_days(tx: Tx, workspace: str) -> dict[date, bool]:
    """Of which days a workspace has said whether they are worked."""
    return {row["day"]: row["working"] for row in await said_of_days(tx, workspace)}


async def said_of_days(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """What a workspace has said of single days: `day`, `name`, `working`."""
    return await tx.rows(
        "select day, name, working from automation.holiday where workspace = %s order by day", (workspace,)
    )


async def set_day(tx: Tx, workspace: str, day: date, name: str, working: bool | None) -> None:
    """Says that a day is off or worked; None takes it back."""
    if working is None:
        await tx.run("delete from automation.holiday where workspace = %s and day = %s", (workspace, day))
        return
    await tx.run(
        "insert into automation.holiday (workspace, day, name, working) values (%s, %s, %s, %s)"
        " on conflict (workspace, day) do update set name = excluded.name, working = excluded.working",
        (workspace, day, name, working),
    )


def _rested(days: int) -> int:
    if days >= _LONGEST_REST:
        raise Invalid(f"There is no worked day within {_LONGEST_REST} days.")
    return days + 1
