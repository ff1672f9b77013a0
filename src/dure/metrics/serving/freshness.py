"""The version of what a question reads: two asks with the same version, at the same moment, have the same answer.

The version is read from the log itself, so it is right whichever process wrote. It has three parts, and each only ever
grows, so that no version comes twice:

* how many events there are that the question can read: by name and day where the question names its events, which the
  table's order tells without reading them, else by month;
* the sum of the newest versions of the workspace's merges;
* the newest mutation (an erasure deletes and blanks). While one is under way there is no version.

What else an answer hangs on is in its key: the question with its range and zone filled in, and `tick_of(now)`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.period import Period
from dure.metrics.question import (
    Funnel,
    Lifecycle,
    Question,
    Retention,
    Selector,
    Stickiness,
    Trend,
    seconds_of,
)

Version = tuple[int, ...]

# What tells traits and memberships, whenever it was said.
_ABOUT_PEOPLE = ("Identified", "Account Identified", "Segment Entered", "Segment Left")
_QUARTER = 900
_OWN = "workspace = {workspace:String}"
_MERGES = f"(select sum(version) from person_override final where {_OWN})"
_MUTATIONS = (
    "(select (max(toUInt64OrZero(extract(mutation_id, '[0-9]+'))), countIf(not is_done)) from system.mutations"
    " where database = currentDatabase() and table in ('events', 'person_override'))"
)


@dataclass(frozen=True, slots=True)
class Reads:
    """Which events a question may read: `names` (None: any) until a day (None: for ever); with `people` also every
    statement about traits and segments. More than it reads is right too, only less often the same."""

    names: tuple[str, ...] | None = None
    until: date | None = None
    people: bool = False


def reads(question: Question, period: Period) -> Reads:
    """A kind that is not named here reads everything."""
    match question:
        case Funnel():
            selectors: tuple[Selector, ...] = (*question.steps, *question.exclude)
            # Whatever lies between the steps of a strict funnel counts.
            names = None if question.order == "strict" else tuple(one.event for one in selectors)
        case Retention():
            names = (question.start.event, question.return_.event)
        case Trend():
            names = tuple(series.event for series in question.series)
        case Lifecycle() | Stickiness():
            names = (question.event,)
        case _:
            return Reads()
    if names is not None and "*" in names:
        names = None
    said = msgspec.json.encode(question)
    people = question.segment is not None or b'"person.' in said or b'"account.' in said
    last = (period.end - timedelta(microseconds=1)).astimezone(UTC).date()
    return Reads(tuple(sorted(set(names))) if names is not None else None, last, people)


def tick_of(question: Question, now: datetime) -> int:
    """A number that changes whenever an interval or a window may come to its end, in any zone of today."""
    windows = [
        seconds_of(value, name) for name in ("window", "lookback", "gap") if (value := getattr(question, name, None))
    ]
    return int(now.timestamp()) // math.gcd(_QUARTER, *windows)


async def version(log: Log, tenant: Tenant, reads: Reads) -> Version | None:
    """None while the log is being changed (an erasure), when nothing may be kept."""
    params: dict[str, object] = {"about": list(_ABOUT_PEOPLE)}
    parts = [_OWN]
    if reads.names is not None:
        parts.append("event in {names:Array(String)}")
        params["names"] = list(reads.names)
    if reads.until is not None:
        params["until"] = reads.until.isoformat()
        parts.append(
            "toYYYYMM(time) <= toYYYYMM({until:Date})" if reads.names is None else "toDate(time) <= {until:Date}"
        )
    counted = [f"(select count() from events where {' and '.join(parts)})"]
    if reads.people:
        counted.append(f"(select count() from events where {_OWN} and event in {{about:Array(String)}})")
    found = await log.query(tenant, f"select {', '.join(counted)}, {_MERGES}, {_MUTATIONS}", params)
    *counts, merges, (newest, under_way) = found.rows[0]
    return None if under_way else (*map(int, counts), int(merges), int(newest))
