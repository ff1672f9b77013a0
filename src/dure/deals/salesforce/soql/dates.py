"""Date literals that move with the day: each is a range of whole days in somebody's zone, its end not included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

# What is counted in these, and by how many of it from the present one a literal begins.
_UNITS = {"DAY": "day", "WEEK": "week", "MONTH": "month", "QUARTER": "quarter", "YEAR": "year"}
_FISCAL = {"FISCAL_QUARTER": "quarter", "FISCAL_YEAR": "year"}
_ONE = {
    **{f"THIS_{name}": (unit, 0) for name, unit in {**_UNITS, **_FISCAL}.items() if name != "DAY"},
    **{f"LAST_{name}": (unit, -1) for name, unit in {**_UNITS, **_FISCAL}.items() if name != "DAY"},
    **{f"NEXT_{name}": (unit, 1) for name, unit in {**_UNITS, **_FISCAL}.items() if name != "DAY"},
    "TODAY": ("day", 0),
    "YESTERDAY": ("day", -1),
    "TOMORROW": ("day", 1),
}
RELATIVE = frozenset({*_ONE, "LAST_90_DAYS", "NEXT_90_DAYS"})
_MANY = {f"{name}S": unit for name, unit in {**_UNITS, **_FISCAL}.items()}
RELATIVE_N = frozenset(
    {f"{side}_N_{name}" for side in ("LAST", "NEXT") for name in _MANY} | {f"N_{name}_AGO" for name in _MANY}
)
_FIRST, _LAST = date(1700, 1, 1), date(4000, 12, 31)


def days_of(name: str, number: int | None, today: date) -> tuple[date, date]:
    """First day and the day after the last. Weeks begin on Sunday, as in Salesforce's Korean and American locales;
    the fiscal year is the calendar's."""
    if name == "LAST_90_DAYS":
        return _moved("day", today, -90), today + timedelta(days=1)
    if name == "NEXT_90_DAYS":
        return today + timedelta(days=1), _moved("day", today, 91)
    if name in _ONE:
        unit, by = _ONE[name]
        return _moved(unit, today, by), _moved(unit, today, by + 1)
    assert number is not None  # noqa: S101 - the parser reads no such literal without its number
    if name.endswith("_AGO"):
        unit = _MANY[name.removeprefix("N_").removesuffix("_AGO")]
        return _moved(unit, today, -number), _moved(unit, today, 1 - number)
    side, _, rest = name.partition("_N_")
    unit = _MANY[rest]
    if side == "NEXT":
        return _moved(unit, today, 1), _moved(unit, today, number + 1)
    # The last n days run up to today and include it; of larger units the present one is left out.
    return _moved(unit, today, -number), _moved(unit, today, 1 if unit == "day" else 0)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins in a zone, as UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _moved(unit: str, today: date, by: int) -> date:
    """The first day of the unit that lies `by` units from the present one."""
    if unit == "day":
        return _within(today.toordinal() + by)
    if unit == "week":
        return _within(today.toordinal() - (today.weekday() + 1) % 7 + 7 * by)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    number = (today.year * 12 + today.month - 1) // months * months + by * months
    year, month = divmod(number, 12)
    if not _FIRST.year <= year <= _LAST.year:
        return _FIRST if year < _FIRST.year else _LAST
    return date(year, month + 1, 1)


def _within(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, _FIRST.toordinal()), _LAST.toordinal()))
