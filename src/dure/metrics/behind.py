"""What lies behind a number: the people and events that one cell of an answer counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics import asking, people_sql
from dure.metrics.asking import Reading
from dure.metrics.kinds import (
    attribution,
    correlation,
    funnel,
    journey,
    lifecycle,
    lifetime_value,
    paths,
    retention,
    sessions,
    stickiness,
    trend,
)
from dure.metrics.kinds.triangle import columns_of
from dure.metrics.period import Ruler, instant, micros
from dure.metrics.question import (
    Actors,
    Attribution,
    Breakdown,
    Correlation,
    Funnel,
    FunnelBreakdown,
    JourneyQuestion,
    Lifecycle,
    LifetimeValue,
    Paths,
    Question,
    Retention,
    Selector,
    Sessions,
    Stickiness,
    Trend,
)
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, condition, named, selected

_EVERYBODY = 2_000_000_000
_COLUMNS = {
    "t": "toUnixTimestamp64Micro(time)",
    "event_name": "toString(event)",
    "distinct": "distinct_id",
    "whose": "toString(person)",
    "acc": "account",
    "kind": "toString(object_type)",
    "thing": "object",
    "origin": "toString(source)",
    "message": "message_id",
    "body": "toJSONString(properties)",
}


class Cell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cell. Trend: series, interval (none: the whole range), value. Funnel: step, dropped, value. Retention:
    cohort, column, value. Lifecycle: interval, state. Stickiness: intervals. Sessions: interval, value.
    Paths: edge (without `to`: who stopped at `from`). Attribution: value. Lifetime value: cohort, column (its buyers),
    value. Correlation: row (none: all who began), reached (none: whether or not). Journey: stage with standing (or
    with interval: at its end), or the move from stage (none: new to the map) to another."""

    series: int = 0
    interval: int | None = None
    value: str | None = None
    grouped: bool = False
    step: int = 0
    dropped: bool = False
    cohort: int = 0
    column: int = 0
    state: Literal["new", "returning", "resurrecting", "dormant"] = "new"
    intervals: int = 1
    edge: paths.Edge | None = None
    row: correlation.Row | None = None
    reached: bool | None = None
    stage: str | None = None
    to: str | None = None
    standing: journey.Standing = "in"
    limit: int = 100
    after: str = ""
    """People go by id, a page of `limit` at a time: those behind this id."""


@dataclass(slots=True)
class _Found:
    people: list[dict[str, Any]]
    events: list[dict[str, Any]]
    total: int
    next: str | None = None


async def rows(reading: Reading, ask: Ask, ruler: Ruler, cell: Cell) -> dict[str, Any]:
    """`{people, events, total, next}`; `total` counts the events of a trend's cell, else the people, whose next page
    is asked for with `next` as the cell's `after`."""
    question = ask.question
    check(question, ruler, cell)
    match question:
        case Trend():
            _within_a_page(cell)
            found = await _trend(reading, ask, question, ruler, cell)
        case Funnel():
            found = await _funnel(reading, ask, ruler, question, cell)
        case _:
            found = await _people(reading, ask, ruler, cell)
    return {"people": found.people, "events": found.events, "total": found.total, "next": found.next}


async def people(reading: Reading, ask: Ask, ruler: Ruler, cell: Cell) -> dict[str, Any]:
    """`{people, total, next}`: a page of the ids of those whom the cell counted, ordered, and how many there are."""
    page = await _page(reading, ask, units(ask, ruler, cell)[0], cell)
    return {"people": page.ids, "total": page.total, "next": page.next}


def check(question: Question, ruler: Ruler, cell: Cell) -> None:
    """Refuses a cell that no answer to the question has."""
    last = ruler.count - 1
    bounds: list[tuple[str, int, int, int]] = []
    if cell.interval is not None and isinstance(question, Trend | Lifecycle):
        bounds.append(("interval", cell.interval, 0, last))
    match question:
        case Trend():
            bounds.append(("series", cell.series, 0, len(question.series) - 1))
        case Retention():
            bounds.append(("cohort", cell.cohort, 0, last))
            bounds.append(("column", cell.column, 0, len(columns_of(question))))
        case Stickiness():
            bounds.append(("intervals", cell.intervals, 1, last + 1))
        case _:
            pass
    for name, value, least, most in bounds:
        if not least <= value <= most:
            raise Invalid(f"`{name}` is from {least} to {most} in this answer, not {value}.", field=f"cell.{name}")


@dataclass(slots=True)
class _Page:
    ids: list[str]
    total: int
    next: str | None


async def _page(reading: Reading, ask: Ask, units_sql: str, cell: Cell) -> _Page:
    _within_a_page(cell)
    each = f"select distinct toString(unit) as id from ({units_sql})"
    page = f"groupArraySortedIf({cell.limit})(id, id > {ask.words.text(cell.after)})"
    [(total, ids)] = await reading.rows_of(f"select count(), {page} from ({each})", ask)
    return _Page(list(ids), int(total), ids[-1] if len(ids) == cell.limit else None)


def _within_a_page(cell: Cell) -> None:
    if not 1 <= cell.limit <= 1000:
        raise Invalid("`limit` is from 1 to 1000.", field="cell.limit")


def units(ask: Ask, ruler: Ruler, cell: Cell) -> tuple[str, tuple[Selector, ...]]:
    """A SELECT of `unit`, whom one cell counted, and the selectors that mean their events. A person may come twice."""
    question = ask.question
    check(question, ruler, cell)
    match question:
        case Trend():
            which = _trend_condition(ask, question, ruler, cell)
            return f"select unit from ({people_sql.source(ask, {}, which)})", (question.series[cell.series],)
        case Funnel():
            chosen, only = _funnel_cell(question, cell, _EVERYBODY)
            return f"select unit from ({funnel.actors_sql(ask, chosen, only)})", question.steps
        case Retention():
            people = retention.people_sql_of(ask, question, ruler)
            column = "true" if cell.column == 0 else f"has({retention.cells(question)}, {int(cell.column)})"
            where = both(f"cohort = {int(cell.cohort)}", column, _of_group(ask, question.breakdown, cell))
            return f"select unit from ({people}) where {where}", (question.start, question.return_)
        case Lifecycle():
            people = lifecycle.people_sql_of(ask, question, ruler)
            state = lifecycle.STATES.index(cell.state) + 1
            where = f"has(states, (toInt64({int(cell.interval or 0)}), {state}))"
            return f"select unit from ({people}) where {where}", (Selector(event=question.event),)
        case Stickiness():
            people = stickiness.people_sql_of(ask, question, ruler)
            where = f"intervals = {int(cell.intervals)}"
            return f"select unit from ({people}) where {where}", (Selector(event=question.event),)
        case Sessions():
            began = sessions.sessions_sql_of(ask, question, ruler)
            interval = "true" if cell.interval is None else f"at = {int(cell.interval)}"
            where = both(interval, _of_group(ask, question.breakdown, cell))
            return f"select unit from ({began}) where {where}", (Selector(event=question.event),)
        case Paths():
            if cell.edge is None:
                raise Invalid("A number of a path is that of an edge.", field="cell.edge")
            return paths.people_sql_of(ask, question, cell.edge), paths.selectors(question)
        case Attribution():
            return attribution.people_sql_of(ask, question, cell.value), (question.touch, question.conversion)
        case LifetimeValue():
            of_group = question.breakdown is not None and (cell.grouped or cell.value is not None)
            only = cell.value or "" if of_group else None
            people = lifetime_value.buyers_sql(ask, question, ruler, cell.cohort, cell.column, only)
            return people, lifetime_value.selectors(question)
        case Correlation():
            people = correlation.people_sql_of(ask, question, cell.row, cell.reached)
            return people, correlation.selectors(question)
        case JourneyQuestion():
            return journey.people_sql_of(ask, question, ruler, cell)
        case _:
            raise Invalid("Numbers of this kind are not opened down to people.", field="question.kind")


async def _trend(reading: Reading, ask: Ask, question: Trend, ruler: Ruler, cell: Cell) -> _Found:
    which = _trend_condition(ask, question, ruler, cell)
    return await _events(reading, ask, which, cell.limit, anybody=trend.counts_events(question, cell.series))


def _trend_condition(ask: Ask, question: Trend, ruler: Ruler, cell: Cell) -> str:
    parts = [trend.condition(ask, question, cell.series)]
    if cell.interval is not None:
        starts, ends = ruler.starts_at(cell.interval), ruler.starts_at(cell.interval + 1)
        parts.append(ask.between(micros(starts), micros(ends)))
    if question.breakdown is not None and cell.grouped:
        parts.append(_in_group(ask, question.breakdown, cell.value))
    return both(*parts)


def _funnel_cell(question: Funnel, cell: Cell, limit: int) -> tuple[Funnel, str | None]:
    """The funnel that asks for the people of a cell, and the group they must be of."""
    if not 0 <= cell.step < len(question.steps) or (cell.dropped and cell.step == 0):
        raise Invalid("The funnel has no such step.", field="cell.step")
    chosen = msgspec.structs.replace(question, actors=Actors(step=cell.step, dropped=cell.dropped, limit=limit))
    if not cell.grouped:
        chosen = msgspec.structs.replace(chosen, breakdown=None)
    return chosen, cell.value or "" if chosen.breakdown is not None else None


async def _funnel(reading: Reading, ask: Ask, ruler: Ruler, question: Funnel, cell: Cell) -> _Found:
    page = await _page(reading, ask, units(ask, ruler, cell)[0], cell)
    chosen, group = _funnel_cell(question, cell, _EVERYBODY)
    who = await asking.actors(reading, ask, chosen, group, page.ids)
    events = await _of_units(reading, ask, page.ids, question.steps, cell.limit * 5)
    return _Found(who, events, page.total, page.next)


async def _people(reading: Reading, ask: Ask, ruler: Ruler, cell: Cell) -> _Found:
    sql, selectors = units(ask, ruler, cell)
    page = await _page(reading, ask, sql, cell)
    known = await asking.distinct_ids(reading, ask, page.ids)
    name = "person_id" if ask.by == "person" else ask.by
    who = [{name: unit, "distinct_ids": known.get(unit, [])} for unit in page.ids]
    return _Found(who, await _of_units(reading, ask, page.ids, selectors, cell.limit * 5), page.total, page.next)


async def _of_units(
    reading: Reading, ask: Ask, units: Sequence[str], selectors: Sequence[Selector], limit: int
) -> list[dict[str, Any]]:
    if not units:
        return []
    wanted = ask.words.texts(units)
    if ask.by == "person":
        theirs = people_sql.in_people(ask, f"select arrayJoin(arrayMap(P -> toUUID(P), {wanted}))")
    else:
        theirs = f"{ask.by} in {wanted}"
    meant = " or ".join(selected(ask, selector) for selector in selectors)
    found = await _events(reading, ask, both(ask.in_range(), named(ask, selectors), meant, theirs, common(ask)), limit)
    return found.events


async def _events(reading: Reading, ask: Ask, which: str, limit: int, *, anybody: bool = False) -> _Found:
    source = people_sql.source(ask, _COLUMNS, which, anybody=anybody)
    rows = await reading.rows_of(
        f"select toString(unit), {', '.join(_COLUMNS)}, count() over () from ({source})"
        f" order by t desc, message limit {limit}",
        ask,
    )
    events = [
        {
            "time": instant(int(row[1])), "event": row[2], "distinct_id": row[3],
            "person_id": row[0] if ask.by == "person" else row[4], "account": row[5], "object_type": row[6],
            "object": row[7], "source": row[8], "message_id": row[9], "properties": json.loads(row[10]),
        }
        for row in rows
    ]  # fmt: skip
    return _Found([], events, int(rows[0][-1]) if rows else 0)


def _of_group(ask: Ask, breakdown: Breakdown | None, cell: Cell) -> str:
    """A condition on rows with a `value`: that they are of the cell's group; the whole where it names none."""
    if breakdown is None or not (cell.grouped or cell.value is not None):
        return "true"
    return f"value = {ask.words.text(cell.value or '')}"


def _in_group(ask: Ask, breakdown: Breakdown | FunnelBreakdown, value: str | None) -> str:
    if breakdown.prop.startswith(("person.", "account.")):
        only = Filter(breakdown.prop, "not_set") if value is None else Filter(breakdown.prop, "in", [value])
        return condition(ask, only, "breakdown.prop")
    return f"{text_of(breakdown.prop)} = {ask.words.text(value or '')}"
