"""Who an event is about, after merges: SQL that joins only the people who were merged, never all of them."""

from __future__ import annotations

from collections.abc import Mapping

from dure.metrics.sql import NOBODY, Ask, both, path

OVERRIDES = (
    "(select from_person, argMax(to_person, version) as to_person from person_override"
    " where workspace = {workspace:String} group by from_person)"
)
ANY_OVERRIDES = "select 1 from person_override where workspace = {workspace:String} limit 1"

_UNIT = {"person": "person", "account": "account", "object": "object"}
_SOMEONE = {"person": f"person != {NOBODY}", "account": "account != ''", "object": "object != ''"}


def source(
    ask: Ask, columns: Mapping[str, str], condition: str, *, trait: str | None = None, anybody: bool = False
) -> str:
    """A SELECT of `unit` (whom the question counts by) and the named columns, one row an event.

    Events that are about no such unit (a deal that was won is about no person) are left out unless `anybody`.

    Every column is computed beside the table, so that of `properties` only the asked paths are read. With `trait`
    (`person.x` or `account.x`) there is a column `value`, the newest value of that trait.
    """
    wanted = {"unit": _UNIT[ask.by], **columns}
    owner = trait.partition(".")[0] if trait else ""
    if owner:
        wanted["owner"] = owner
    some = "true" if anybody else somebody(ask)
    which = both("workspace = {workspace:String}", some, condition)
    inner = f"select {listed(wanted)} from events where {which}"
    sql = inner
    if ask.merged and (ask.by == "person" or owner == "person"):
        mapped = {"unit": now("unit") if ask.by == "person" else "e.unit"}
        mapped |= {name: f"e.{name}" for name in columns}
        if owner:
            mapped["owner"] = now("owner") if owner == "person" else "e.owner"
        key = "e.unit" if ask.by == "person" else "e.owner"
        sql = f"select {listed(mapped)} from ({inner}) as e left any join {OVERRIDES} as o on {key} = o.from_person"
    if trait:
        kept = ", ".join(f"s.{name} as {name}" for name in ("unit", *columns))
        newest = traits(ask, trait)
        sql = f"select {kept}, t.text as value from ({sql}) as s left any join ({newest}) as t on s.owner = t.owner"
    return sql


def somebody(ask: Ask) -> str:
    """A condition on a row of `events`: that it is about some unit of those the question counts by."""
    return _SOMEONE[ask.by]


def traits(ask: Ask, trait: str) -> str:
    """A SELECT of `owner` and `text`: the newest value of `person.x` or `account.x`, of those who have one.

    A trait that an operation took away is named in the event's `removed_traits`.
    """
    owner, _, name = trait.partition(".")
    event = "Identified" if owner == "person" else "Account Identified"
    removed = f"has(properties.removed_traits.:`Array(Nullable(String))`, {ask.words.text(name)})"
    inner = (
        f"select {owner} as owner, toString({path(name)}) as text, time from events"
        f" where workspace = {{workspace:String}} and event = '{event}' and (isNotNull({path(name)}) or {removed})"
    )
    if owner == "person" and ask.merged:
        inner = (
            f"select {now('owner')} as owner, e.text as text, e.time as time"
            f" from ({inner}) as e left any join {OVERRIDES} as o on e.owner = o.from_person"
        )
    newest = "argMax(tuple(text), time).1"  # in a tuple, because argMax passes over NULL: the trait was taken away
    return f"select owner, {newest} as text from ({inner}) group by owner having isNotNull(text)"


def in_people(ask: Ask, people: str) -> str:
    """A condition on an event's own `person`: that whoever it is now is among `people` (a SELECT of one column)."""
    if not ask.merged:
        return f"person in ({people})"
    return (
        f"person in (select * from ({people}) union all"
        f" select from_person from {OVERRIDES} where to_person in ({people}))"
    )


def members(ask: Ask, segment: str) -> str:
    """A SELECT of the people who are in a segment now: whose last word about it was that they entered."""
    inner = (
        "select person, event, time from events where workspace = {workspace:String}"
        " and event in ('Segment Entered', 'Segment Left') and object_type = 'segment'"
        f" and object = {ask.words.text(segment)}"
    )
    if ask.merged:
        inner = (
            f"select {now('person')} as person, e.event as event, e.time as time"
            f" from ({inner}) as e left any join {OVERRIDES} as o on e.person = o.from_person"
        )
    return f"select person from ({inner}) group by person having argMax(event, time) = 'Segment Entered'"


def now(column: str) -> str:
    """Who `e.column` is today, beside the joined overrides `o`."""
    return f"if(o.to_person = {NOBODY}, e.{column}, o.to_person)"


def listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {name}" for name, sql in columns.items())
