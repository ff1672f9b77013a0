"""From a question to its answer: rewrite, SQL, run, put together. Catalogue and access are the api's."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import people_sql
from dure.metrics.kinds import (
    attribution,
    candidates,
    correlation,
    funnel,
    funnel_times,
    funnel_trend,
    groups,
    journey,
    lifecycle,
    lifetime_value,
    paths,
    retention,
    sessions,
    sql_question,
    stickiness,
    trend,
)
from dure.metrics.period import Period, Ruler, period_of, ruler_of
from dure.metrics.question import (
    AnyQuestion,
    Attribution,
    Correlation,
    Funnel,
    Interval,
    JourneyQuestion,
    Lifecycle,
    LifetimeValue,
    Paths,
    Question,
    Retention,
    Sessions,
    Sql,
    Stickiness,
    Trend,
    as_json,
)
from dure.metrics.serving.reading import Reading
from dure.metrics.sql import Ask

__all__ = ["Reading", "ask"]


async def ask(
    log: Log, tenant: Tenant, question: AnyQuestion, now: datetime, timezone: str, reading: Reading | None = None
) -> dict[str, Any]:
    """The answer to a question of CONTRACTS §3, with `question` and `meta`."""
    reading = reading or Reading(log, tenant)
    if isinstance(question, Sql):
        body, warnings = await sql_question.ask(reading, question)
        meta = {"definitions": sql_question.DEFINITIONS, **_cost(reading), "warnings": warnings}
        return {**body, "question": as_json(question), "meta": meta}
    asking, ruler = await prepare(reading, question, now, timezone)
    body = await _body(reading, asking, ruler, now)
    if asking.period.end > now + timedelta(days=1):
        asking.warnings.append("The range reaches beyond today; what has not happened yet counts as nothing.")
    return {
        **body,
        "question": filled(asking.question, asking.period),
        "meta": {"definitions": asking.definitions, **_cost(reading), "warnings": asking.warnings},
    }


async def prepare(reading: Reading, question: AnyQuestion, now: datetime, timezone: str) -> tuple[Ask, Ruler]:
    """The question with its range, and the ruler of its intervals."""
    ruler = ruler_for(question, now, timezone)
    period = ruler.period
    merged = await reading.log.query(reading.tenant, people_sql.ANY_OVERRIDES)
    return Ask(reading.tenant, question, period, bool(merged.rows), now), ruler


def ruler_for(question: AnyQuestion, now: datetime, timezone: str) -> Ruler:
    """The intervals of a question; its range is the ruler's `period`."""
    interval: Interval = getattr(question, "interval", None) or "day"
    spans = question.intervals if isinstance(question, Retention | LifetimeValue) else 0
    week_start = getattr(question, "week_start", "monday")
    return ruler_of(period_of(question, now, timezone, interval, spans, week_start), interval, week_start)


def filled(question: Question, period: Period) -> dict[str, Any]:
    """The question as JSON with its range and zone as they were used."""
    value = as_json(question)  # type: ignore[arg-type]
    value["timezone"] = period.zone.key
    value["from"] = question.from_ or period.start.astimezone(period.zone).isoformat()
    last = period.end - timedelta(microseconds=1)
    value["to"] = question.to or last.astimezone(period.zone).isoformat(timespec="seconds")
    return value


async def _body(reading: Reading, asking: Ask, ruler: Ruler, now: datetime) -> dict[str, Any]:
    question = asking.question
    match question:
        case Funnel():
            return await _funnel(reading, asking, question, now)
        case Retention():
            asking.definitions = retention.definitions(question)
            rows = await reading.rows_of(retention.statement(asking, question, ruler), asking)
            asking.warnings += groups.left_out(question.breakdown, (row[-1] for row in rows))
            return retention.answer(question, ruler, rows, now)
        case Trend():
            return await _trend(reading, asking, question, ruler)
        case Lifecycle():
            asking.definitions = lifecycle.definitions(question)
            rows = await reading.rows_of(lifecycle.statement(asking, question, ruler), asking)
            asking.warnings += lifecycle.warnings(ruler, now)
            return lifecycle.answer(ruler, rows)
        case Stickiness():
            asking.definitions = stickiness.definitions(question)
            rows = await reading.rows_of(stickiness.statement(asking, question, ruler), asking)
            return stickiness.answer(ruler, rows)
        case Sessions():
            asking.definitions = sessions.definitions(question)
            rows = await reading.rows_of(sessions.statement(asking, question, ruler), asking)
            asking.warnings += groups.left_out(question.breakdown, (row[-1] for row in rows))
            return sessions.answer(question, ruler, rows)
        case Paths():
            asking.definitions = paths.definitions(question)
            rows = await reading.rows_of(paths.statement(asking, question), asking)
            named = await reading.rows_of(paths.names(asking, question, rows), asking) if rows else []
            return paths.answer(asking, question, rows, named)
        case Attribution():
            asking.definitions = attribution.definitions(question)
            rows = await reading.rows_of(attribution.statement(asking, question), asking)
            some = any(row[0] for row in rows)
            named = await reading.rows_of(attribution.names(asking, question, rows), asking) if some else []
            return attribution.answer(asking, question, rows, named)
        case LifetimeValue():
            asking.definitions = lifetime_value.definitions(question)
            rows = await reading.rows_of(lifetime_value.statement(asking, question, ruler), asking)
            return lifetime_value.answer(asking, question, ruler, rows, now)
        case Correlation():
            return await _correlation(reading, asking, question, now)
        case JourneyQuestion():
            return await journey.answer(reading, asking, question, ruler)
        case _:
            raise Invalid("This kind is asked through the catalogue.", field="kind")


async def _funnel(reading: Reading, asking: Ask, question: Funnel, now: datetime) -> dict[str, Any]:
    asking.definitions = funnel.definitions(question)
    rows = await reading.rows_of(funnel.counts_sql(asking, question), asking)
    body = funnel.answer(question, rows)
    if question.breakdown is not None:
        if funnel.in_several(question):
            whole = msgspec.structs.replace(question, breakdown=None)
            body = {**funnel.answer(whole, await reading.rows_of(funnel.counts_sql(asking, whole), asking)), **body}
        groups = int(rows[0][2]) if rows else 0
        if groups > question.breakdown.limit:
            asking.warnings.append(f"{groups} groups; the {question.breakdown.limit} largest are shown.")
    if question.actors is not None:
        body["actors"] = await actors(reading, asking, question)
    if question.times is not None:
        rows = await reading.rows_of(funnel_times.times_sql(asking, question), asking)
        body["times"] = funnel_times.times_answer(question, rows)
    if question.trend is not None:
        ruler = ruler_of(asking.period, question.trend.interval, question.trend.week_start, "trend.interval")
        rows = await reading.rows_of(funnel_trend.trend_sql(asking, question, ruler), asking)
        body["trend"] = funnel_trend.trend_answer(question, ruler, rows, now)
        asking.definitions.append(funnel_trend.trend_definition(question))
    return body


async def actors(
    reading: Reading, asking: Ask, question: Funnel, value: str | None = None, only: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """The people asked for (of one group), with the ids they came under and when they did their steps.

    With `only` these, by id; else the latest to begin first.
    """
    assert question.actors is not None  # noqa: S101
    sql = funnel.actors_sql(asking, question, value)
    if only is not None:
        sql = f"select * from ({sql}) where toString(unit) in {asking.words.texts(only)} order by toString(unit)"
    rows = await reading.rows_of(sql, asking)
    known = await distinct_ids(reading, asking, [str(row[0]) for row in rows])
    return [
        {
            "person_id" if question.by == "person" else question.by: str(unit),
            "distinct_ids": known.get(str(unit), []),
            **funnel.actor(question, row),
        }
        for row in rows
        for unit in (row[0],)
    ]


async def distinct_ids(reading: Reading, asking: Ask, units: Sequence[str]) -> dict[str, list[str]]:
    """The distinct ids that people came under in the range; nothing for accounts and objects."""
    if not units or asking.by != "person":
        return {}
    wanted = asking.words.texts(units)
    people = f"select arrayJoin(arrayMap(P -> toUUID(P), {wanted}))"
    source = people_sql.source(
        asking,
        {"distinct": "distinct_id"},
        f"{asking.in_range()} and distinct_id != '' and {people_sql.in_people(asking, people)}",
    )
    rows = await reading.rows_of(
        f"select toString(unit), arraySort(groupUniqArray(20)(distinct)) from ({source}) group by unit", asking
    )
    return {str(unit): list(ids) for unit, ids in rows}


async def _correlation(reading: Reading, asking: Ask, question: Correlation, now: datetime) -> dict[str, Any]:
    of_events, of_traits = candidates.samples(asking, question)
    props = [str(row[0]) for row in await reading.rows_of(of_events, asking)] if of_events else []
    traits = [str(row[0]) for row in await reading.rows_of(of_traits, asking)] if of_traits else []
    looked = candidates.chosen(asking, question, props, traits)
    asking.definitions = correlation.definitions(question, looked)
    rows = await reading.rows_of(correlation.statement(asking, question, looked, now), asking)
    return await asyncio.to_thread(correlation.answer, asking, question, rows)


async def _trend(reading: Reading, asking: Ask, question: Trend, ruler: Ruler) -> dict[str, Any]:
    if question.formula is not None:
        trend.compile_formula(question.formula, len(question.series))
    asking.definitions = trend.definitions(question)
    rows = await reading.rows_of(trend.statement(asking, question, ruler), asking)
    asking.warnings += groups.left_out(question.breakdown, (row[-1] for row in rows))
    shown = trend.values_of(question, rows)
    body = {"intervals": ruler.labels(), "series": trend.lines(question, ruler, rows, shown)}
    if question.compare == "previous":
        earlier, before = _earlier(asking, ruler)
        rows = await reading.rows_of(trend.statement(earlier, question, before, shown), earlier)
        body["previous"] = {"intervals": before.labels(), "series": trend.lines(question, before, rows, shown)}
        asking.definitions.append("Previous is the range of as many intervals right before.")
        if ruler.starts_at(0) == ruler.period.start and ruler.starts_at(ruler.count) != ruler.period.end:
            asking.warnings.append("The last interval is cut off by `to`; the one it is compared with is whole.")
    return body


def _earlier(asking: Ask, ruler: Ruler) -> tuple[Ask, Ruler]:
    """The same question over as many intervals right before."""
    period = ruler.period
    if ruler.starts_at(0) == period.start:
        start = ruler.starts_at(-ruler.count)
    elif ruler.interval == "hour":
        start = period.start - (period.end - period.start)
    else:
        # By the clocks of the zone: seven days before a Wednesday is a Wednesday, also where clocks changed between.
        local, end = (at.astimezone(period.zone).replace(tzinfo=None) for at in (period.start, period.end))
        start = (local - (end - local)).replace(tzinfo=period.zone).astimezone(UTC)
    period = Period(start, period.start, period.zone)
    earlier = Ask(asking.tenant, asking.question, period, asking.merged)
    return earlier, dataclasses.replace(ruler, period=period)


def _cost(reading: Reading) -> dict[str, Any]:
    return {"elapsed_ms": round(reading.seconds * 1000, 1), "rows_read": reading.rows}
