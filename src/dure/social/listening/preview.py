"""What a query would have caught: how many, when, where, in which voice, and the newest of them.

Three ways, the cheapest that will do. A query of words in Latin letters, of two letters of Korean and of fields is
counted by the log's index alone, exactly. Where the index finds too much (phrases, nearness, longer Korean words) and
little is found, the texts are read, exactly. Else, while somebody types, the index's count is scaled by the share of a
sample (a sixteenth to a sixty-fourth of the mentions) that really fits, with its interval; `exact` reads every text.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.social.listening import log_sql
from dure.social.listening.estimate import share_between
from dure.social.listening.log_sql import Said
from dure.social.listening.model import Step
from dure.social.listening.query import Node

FEW = 2_000  # found by the index: so many texts are read at once
_HOURLY = timedelta(days=8)
_STEPS: Mapping[Step, tuple[str, timedelta]] = {
    "hour": ("toStartOfHour", timedelta(hours=1)), "day": ("toStartOfDay", timedelta(days=1)),
    "week": ("toMonday", timedelta(weeks=1)),
}  # fmt: skip
_SECONDS = 20.0


class Caught:
    """Counts by time, network, language and sentiment. `low` and `high` bound the count."""

    def __init__(self, rows: Sequence[Sequence[Any]], share: tuple[float, float, float] | None) -> None:
        total = total_of(rows)
        shown, low, high = share or (1.0, 1.0, 1.0)
        self.exact = share is None
        self.count, self.low, self.high = (round(total * one) for one in (shown, low, high))
        self.times = _parts(rows, "time", shown)
        self.networks = {str(name): count for name, count in _parts(rows, "network", shown).items()}
        self.languages = {str(name): count for name, count in _parts(rows, "language", shown).items()}
        self.sentiments = {int(name): count for name, count in _parts(rows, "sentiment", shown).items()}


def step_of(since: datetime, until: datetime) -> Step:
    """Hours of a week, days of a quarter, weeks of more."""
    return "hour" if until - since <= _HOURLY else "day" if until - since <= timedelta(days=120) else "week"


def starts(since: datetime, until: datetime, step: Step) -> list[datetime]:
    """The beginnings of the steps in a range, in UTC."""
    at = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if step != "hour":
        at = at.replace(hour=0)
    if step == "week":
        at -= timedelta(days=at.weekday())
    found = []
    while at < until:
        found.append(at)
        at += _STEPS[step][1]
    return found


def function_of(step: Step) -> str:
    return _STEPS[step][0]


def bounds(since: datetime, until: datetime) -> dict[str, str]:
    return {name: at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") for name, at in (("since", since), ("until", until))}


def utc(time: Any) -> datetime:
    """A day or a time of ClickHouse's as a time in UTC."""
    if not isinstance(time, datetime):
        return datetime(time.year, time.month, time.day, tzinfo=UTC)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


async def caught(log: Log, tenant: Tenant, node: Node, since: datetime, until: datetime, *, exact: bool) -> Caught:
    said = log_sql.conditions(node)
    bound = {**bounds(since, until), **said.params}
    step = function_of(step_of(since, until))
    if exact or said.exact:
        return Caught(await _rows(log, tenant, log_sql.counted(said, step, only_sure=False), bound), None)
    found = await _rows(log, tenant, log_sql.counted(said, step, only_sure=True), bound)
    if (total := total_of(found)) <= FEW:
        return Caught(await _rows(log, tenant, log_sql.counted(said, step, only_sure=False), bound), None)
    [(seen, fit)] = await _rows(log, tenant, log_sql.sampled(said, total), bound)
    return Caught(found, share_between(int(fit), int(seen)))


async def newest(
    log: Log, tenant: Tenant, node: Node, since: datetime, until: datetime, limit: int
) -> list[Any]:  # fmt: skip
    """Ids of the newest that fit, looked for in ever longer stretches back from the end."""
    said: Said = log_sql.conditions(node)
    span, found = timedelta(days=1), []
    while True:
        start = max(since, until - span)
        bound = {**bounds(start, until), **said.params, "limit": limit}
        found = [row[0] for row in await _rows(log, tenant, log_sql.newest(said), bound)]
        if len(found) >= limit or start <= since:
            return found
        span *= 8


async def _rows(log: Log, tenant: Tenant, sql: str, bound: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    return (await log.query(tenant, sql, bound, seconds=_SECONDS)).rows


def total_of(rows: Sequence[Sequence[Any]]) -> int:
    """All mentions of rows of `log_sql.counted`."""
    return sum(int(row[-1]) for row in rows if row[0] == log_sql.BESIDE[0])


def _parts(rows: Sequence[Sequence[Any]], which: str, share: float) -> dict[Any, int]:
    column = 1 + log_sql.BESIDE.index(which)
    counts = Counter({row[column]: int(row[-1]) for row in rows if row[0] == which})
    return {name: round(count * share) for name, count in counts.most_common()}


def timed() -> Callable[[], float]:
    began = time.perf_counter()
    return lambda: round(time.perf_counter() - began, 3)
