"""What the log says about persons: their moments, when they were here, and who was here last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.model import Moment

# A person's newest events, by all ids that are theirs; the log's projection `by_person` finds them.
_MOMENTS = """
select time, event, source, distinct_id, object_type, object, actor, message_id, toString(properties)
from events
where workspace = {{workspace:String}} and person in {{people:Array(UUID)}}{more}
order by time desc, message_id desc
limit {{limit:UInt32}}
"""
_NARROWER = {
    "before": " and (time, message_id) < (parseDateTime64BestEffort({before:String}, 6, 'UTC'), {message:String})",
    "after": " and time > parseDateTime64BestEffort({after:String}, 6, 'UTC')",
    "sources": " and source in {sources:Array(String)}",
    "events": " and event in {events:Array(String)}",
}
# When each of these people was first and last here, and under which id; what we noted ourselves is no visit.
_SEEN = """
select person, min(time), max(time), any(distinct_id) from events
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
    where workspace = {workspace:String} and distinct_id != '' and source != 'people' and time > (
        select max(time) from events where workspace = {workspace:String} and distinct_id != '' and source != 'people'
    ) - interval 1 day
    group by person
) as seen left join moved on moved.from_person = seen.person
group by who order by latest desc limit {limit:UInt32}
"""


async def moments(
    log: Log, tenant: Tenant, people: Collection[UUID], *, before: datetime | None, message: str = "",
    after: datetime | None, sources: Sequence[str], events: Sequence[str], limit: int,
) -> list[Moment]:  # fmt: skip
    """The newest events of a person's ids; both times are exclusive.

    `message` is the last message id shown: of events at the very time `before`, those that follow it are given too.
    """
    narrowed = {
        "before": _text(before) if before else None,
        "after": _text(after) if after else None,
        "sources": list(sources),
        "events": list(events),
    }
    asked = {name: value for name, value in narrowed.items() if value}
    sql = _MOMENTS.format(more="".join(_NARROWER[name] for name in asked))
    answer = await log.query(tenant, sql, {"people": list(people), "limit": limit, "message": message, **asked})
    return [
        Moment(_utc(at), event, source, known_as, kind, about, actor, message, msgspec.json.decode(properties))
        for at, event, source, known_as, kind, about, actor, message, properties in answer.rows
    ]


async def seen(log: Log, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, tuple[datetime, datetime, str]]:
    """First and last time of those who were here at all, and an id of theirs."""
    if not people:
        return {}
    answer = await log.query(tenant, _SEEN, {"people": list(people)})
    return {person: (_utc(first), _utc(last), known_as) for person, first, last, known_as in answer.rows}


async def latest(log: Log, tenant: Tenant, limit: int) -> list[tuple[UUID, datetime, str]]:
    """Who was here last: person, when, an id."""
    answer = await log.query(tenant, _LATEST, {"limit": limit})
    return [(who, _utc(last), known_as) for who, last, known_as in answer.rows]


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(value: datetime) -> str:
    return _utc(value).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
