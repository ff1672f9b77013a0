"""What the log says about persons: their moments, when they were here, and who was here last.

A page of somebody with a hundred thousand events reads as little as one of somebody with a hundred: first the times of
their newest events are read off the projection `by_person`, backwards and no further than needed; then those events.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.model import OUR_SOURCES, Moment

KINDS = {
    "messages": ("campaigns", "channels"), "deals": ("deals",), "social": ("social",), "ads": ("pacing",),
    "segments": ("segments",), "automation": ("automation",), "people": ("people",),
}  # fmt: skip
"""Kinds of moments by the slices that write them; everything else is `activity`: what came in from outside."""
ACTIVITY = "activity"
_WRITTEN_HERE = tuple(source for sources in KINDS.values() for source in sources)

# The times of somebody's newest events before a moment. One id a query: so it is read in the projection's own order.
_TIMES = """
select time from events where workspace = {{workspace:String}} and person = {{person{n}:UUID}}{more}
order by time desc limit {{most:UInt32}}
"""
# The same of somebody with more ids than are worth a query each.
_TIMES_OF_MANY = """
select time from events where workspace = {{workspace:String}} and person in {{people:Array(UUID)}}{more}
order by time desc limit {{most:UInt32}}
"""
# The events of a stretch of time. The projection says in which granules they lie, also where the table is small.
_MOMENTS = """
select time, event, source, distinct_id, object_type, object, actor, message_id, toString(properties)
from events
where workspace = {{workspace:String}} and person in {{people:Array(UUID)}}{more}
order by time desc, message_id desc
limit {{limit:UInt32}}
settings min_table_rows_to_use_projection_index = 0, query_plan_optimize_lazy_materialization = 0
"""
# What happened to the deals of somebody's account. Few events are called so, and the log is ordered by their names.
_OF_ACCOUNT = """
select time, event, source, distinct_id, object_type, object, actor, message_id, toString(properties)
from events
where workspace = {{workspace:String}} and startsWith(event, 'Deal ') and account = {{account:String}}
    and source = 'deals'{more}
order by time desc, message_id desc
limit {{limit:UInt32}}
"""
_BEFORE = "parseDateTime64BestEffort({before:String}, 6, 'UTC')"
_NARROWER = {
    "before": f" and time <= {_BEFORE} and (time, message_id) < ({_BEFORE}, {{message:String}})",
    "after": " and time > parseDateTime64BestEffort({after:String}, 6, 'UTC')",
    # The day is said too, because the table is ordered by days.
    "since": " and time >= parseDateTime64BestEffort({since:String}, 6, 'UTC')"
    " and toDate(time) >= toDate(parseDateTime64BestEffort({since:String}, 6, 'UTC'))",
    "sources": " and source in {sources:Array(String)}",
    "not_sources": " and source not in {not_sources:Array(String)}",
    "events": " and event in {events:Array(String)}",
}
# When somebody was first here: events of an id in the projection's own order.
_FIRST = """
select time from events where workspace = {{workspace:String}} and person = {{person{n}:UUID}}
order by time limit 1
"""
_FIRST_OF_MANY = "select min(time) from events where workspace = {workspace:String} and person in {people:Array(UUID)}"
# When each of these people was last here, if ever, and under which id; what was written here is no visit.
_SEEN = """
select person, maxOrNullIf(time, source not in {ours:Array(String)}), any(distinct_id) from events
where workspace = {workspace:String} and person in {people:Array(UUID)} and source != 'people' group by person
"""
# Who was here on the day of the newest event, latest first; merged people as whom they are now.
_LATEST = """
with moved as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person
)
select if(notEmpty(moved.to_person), moved.to_person, seen.person) as who, max(seen.last) as latest, any(seen.id)
from (
    select person, max(time) as last, any(distinct_id) as id from events
    where workspace = {workspace:String} and distinct_id != '' and source not in {ours:Array(String)} and time > (
        select max(time) from events
        where workspace = {workspace:String} and distinct_id != '' and source not in {ours:Array(String)}
    ) - interval 1 day
    group by person
) as seen left join moved on moved.from_person = seen.person
group by who order by latest desc limit {limit:UInt32}
"""
# More ids than this are read by one query that looks at all their events' times: so many queries would take longer.
_A_QUERY_EACH = 8
# A filter may fit few of somebody's events: each further stretch is this many times as long.
_FURTHER = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which moments: times are exclusive; `message` is the last message id shown at the very time `before`."""

    before: datetime | None = None
    message: str = ""
    after: datetime | None = None
    sources: Sequence[str] = ()
    kinds: Sequence[str] = ()
    events: Sequence[str] = ()
    limit: int = 50
    not_sources: Sequence[str] = ()

    def narrowed(self) -> dict[str, Any]:
        """What of it the events themselves are asked."""
        sources, not_sources = list(self.sources), list(self.not_sources)
        for kind in self.kinds:
            sources += KINDS.get(kind, ())
        if ACTIVITY in self.kinds:
            not_sources += [one for one in _WRITTEN_HERE if one not in sources]
            sources = []
        said = {
            "before": _text(self.before) if self.before else None,
            "after": _text(self.after) if self.after else None,
            "sources": sources,
            "not_sources": not_sources,
            "events": list(self.events),
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Page:
    """Moments newest first, and how many rows of the log were read for them."""

    moments: list[Moment]
    rows_read: int


def known_kinds(kinds: Sequence[str]) -> Sequence[str]:
    """The kinds as they are; Invalid names one that is none."""
    for kind in kinds:
        if kind not in (ACTIVITY, *KINDS):
            raise Invalid(f"`kind` is one of {', '.join((ACTIVITY, *KINDS))}.", field="kind")
    return kinds


async def moments(log: Log, tenant: Tenant, people: Collection[UUID], wanted: Wanted, account: str = "") -> Page:
    """The newest events of a person's ids, and what happened to their account's deals."""
    asked = wanted.narrowed()
    filtered = "sources" in asked or "not_sources" in asked
    read, most = 0, wanted.limit + 1
    found: list[Moment] = []
    while people:
        since, looked = None, 0
        if not wanted.events:  # the log is ordered by their names, so few of them are found without looking at times
            since, looked = await _since(log, tenant, people, wanted, most)
        read += looked
        stretch = asked if since is None else {**asked, "since": _text(since)}
        found, looked = await _ask(log, tenant, _MOMENTS, stretch, wanted, {"people": list(people)})
        read += looked
        if since is None or not filtered or len(found) >= wanted.limit:
            break
        most *= _FURTHER
    if account:
        theirs, looked = await _ask(log, tenant, _OF_ACCOUNT, asked, wanted, {"account": account}, of="account")
        read += looked
        found = sorted([*found, *theirs], key=lambda one: (one.time, one.message_id), reverse=True)[: wanted.limit]
    return Page(found, read)


async def first_and_last(
    log: Log, tenant: Tenant, ids: Collection[UUID]
) -> tuple[datetime | None, datetime | None, str]:
    """When somebody was first known of and last here, and an id their last event carries; None where never."""
    page = await moments(log, tenant, ids, Wanted(kinds=(ACTIVITY, *(set(KINDS) - {"people"})), limit=1))
    if not page.moments:
        return None, None, ""
    known_as = page.moments[0].distinct_id
    if page.moments[0].source in OUR_SOURCES:
        page = await moments(log, tenant, ids, Wanted(not_sources=OUR_SOURCES, limit=1))
    last = page.moments[0].time if page.moments else None
    if len(ids) > _A_QUERY_EACH:
        answer = await log.query(tenant, _FIRST_OF_MANY, {"people": list(ids)})
    else:
        sql = " union all ".join(f"select time from ({_FIRST.format(n=number)})" for number in range(len(ids)))
        answer = await log.query(tenant, sql, {f"person{number}": one for number, one in enumerate(ids)})
    return min(utc(at) for (at,) in answer.rows), last, known_as


async def seen(log: Log, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, tuple[datetime | None, str]]:
    """When they were last here, of those of whom there are events at all, and an id of theirs."""
    if not people:
        return {}
    answer = await log.query(tenant, _SEEN, {"people": list(people), "ours": list(OUR_SOURCES)})
    return {person: (last and utc(last), known_as) for person, last, known_as in answer.rows}


async def latest(log: Log, tenant: Tenant, limit: int) -> list[tuple[UUID, datetime, str]]:
    """Who was here last: person, when, an id."""
    answer = await log.query(tenant, _LATEST, {"limit": limit, "ours": list(OUR_SOURCES)})
    return [(who, utc(last), known_as) for who, last, known_as in answer.rows]


async def _since(
    log: Log, tenant: Tenant, people: Collection[UUID], wanted: Wanted, most: int
) -> tuple[datetime | None, int]:
    """The time of the `most`-th newest event; None where there are fewer."""
    narrowed = {name: value for name, value in wanted.narrowed().items() if name in ("before", "after")}
    # Of the moment `before` itself any number may be left, so it is not counted.
    more = "".join(" and time < " + _BEFORE if name == "before" else _NARROWER[name] for name in narrowed)
    params = {"most": most, **narrowed}
    if len(people) <= _A_QUERY_EACH:
        sql = " union all ".join(
            f"select time from ({_TIMES.format(n=number, more=more)})" for number in range(len(people))
        )
        params |= {f"person{number}": one for number, one in enumerate(people)}
    else:
        sql = _TIMES_OF_MANY.format(more=more)
        params["people"] = list(people)
    answer = await log.query(tenant, sql, params)
    times = sorted((at for (at,) in answer.rows), reverse=True)
    return (utc(times[most - 1]) if len(times) >= most else None), answer.rows_read


async def _ask(
    log: Log,
    tenant: Tenant,
    sql: str,
    asked: dict[str, Any],
    wanted: Wanted,
    params: dict[str, Any],
    of: str = "person",
) -> tuple[list[Moment], int]:
    text = sql.format(more="".join(_NARROWER[name] for name in asked))
    answer = await log.query(tenant, text, {"limit": wanted.limit, "message": wanted.message, **params, **asked})
    found = [
        Moment(utc(at), event, source, known_as, kind, about, actor, message, msgspec.json.decode(properties), of)
        for at, event, source, known_as, kind, about, actor, message, properties in answer.rows
    ]
    return found, answer.rows_read


def utc(value: datetime) -> datetime:
    """A time as the log gave it, with its zone."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(value: datetime) -> str:
    return utc(value).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
