"""Times as files write them, read into UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dure.ingest.imports.columns import Reading
from dure.ingest.imports.rows import BadValue
from dure.kernel.errors import Invalid

Read = Callable[[Any], Any]

_REMEMBERED = 50_000


def time_reader(reading: Reading) -> Read | None:
    """Turns a cell into ISO 8601 in UTC or raises BadValue; None where the server can read the cells as they are.

    Raises Invalid for a zone that is not known and a pattern that is none.
    """
    if not (reading.time_format or reading.timezone):
        return None
    try:
        zone = ZoneInfo(reading.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(f"{reading.timezone!r} is no time zone; one is Asia/Seoul.", field="timezone") from error
    read = _reader(reading.time_format)
    known: dict[Any, str] = {}

    def in_utc(cell: Any) -> str:
        found = known.get(cell)
        if found is not None:
            return found
        try:
            time = read(cell)
            said = time if time.tzinfo is not None else time.replace(tzinfo=zone)
            text = said.astimezone(UTC).isoformat()
        except (ValueError, TypeError, OverflowError, OSError) as error:
            asked = reading.time_format or "an ISO 8601 time"
            raise BadValue(f"The time {str(cell)[:60]!r} is not {asked}.") from error
        if len(known) >= _REMEMBERED:
            known.clear()
        known[cell] = text
        return text

    return in_utc


def _reader(pattern: str) -> Callable[[Any], datetime]:
    if pattern in ("unix", "unix-ms"):
        per_second = 1 if pattern == "unix" else 1000
        return lambda cell: datetime.fromtimestamp(float(cell) / per_second, UTC)
    if not pattern or pattern == "iso":
        return lambda cell: cell if isinstance(cell, datetime) else datetime.fromisoformat(str(cell).strip())
    try:
        datetime.strptime(datetime.now(UTC).strftime(pattern), pattern)
    except ValueError as error:
        raise Invalid(f"{pattern!r} is no format of times; one is %Y%m%d.", field="time_format") from error
    if "%" not in pattern:
        raise Invalid(f"{pattern!r} is no format of times; one is %Y%m%d.", field="time_format")
    return lambda cell: datetime.strptime(str(cell).strip(), pattern)
