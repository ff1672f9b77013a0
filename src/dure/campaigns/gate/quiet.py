"""Quiet hours: from when until when somebody is not to be disturbed, by their own clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from dure.campaigns.gate.walls import first_moment, last_moment, local_day


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`start` and `end` as `HH:MM`; an end before the start is the next day's."""

    start: str = "21:00"
    end: str = "08:00"


def quiet_until(now: datetime, zone: ZoneInfo, quiet: Quiet) -> datetime | None:
    """When the quiet hours that hold at `now` end; None where none hold.

    The hours begin the first time the clock shows `start` and end the last time it shows `end`: an hour that the clock
    goes through twice is quiet twice, and one that it jumps over ends, or begins, at the jump.
    """
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    today = local_day(now, zone)
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        begins = first_moment(datetime.combine(day, start), zone)
        over = last_moment(datetime.combine(day + timedelta(days=end <= start), end), zone)
        if begins <= now < over:
            return over
    return None
