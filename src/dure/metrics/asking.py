"""From a question to its answer: rewrite, SQL, run, put together. Catalogue and access are the api's."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import (
    attribution,
    funnel,
    journey,
    lifecycle,
    paths,
    people_sql,
    retention,
    sql_question,
    stickiness,
    trend,
)
from dure.metrics.period import Period, Ruler, instant, period_of, ruler_of
from dure.metrics.question import (
    AnyQuestion,
    Attribution,
    Funnel,
    Interval,
    JourneyQuestion,
    Lifecycle,
    Paths,
    Question,
    Retention,
    Sql,
    Stickiness,
    Trend,
    as_json,
)
from dure.metrics.sql import LIMITS, SECONDS, Ask


@dataclass(slots=True)
class Reading:
    """What the statements of one question read so far."""

    log: Log
    tenant: Tenant
    seconds: float = 0.0
    rows: int = 0

    async def rows_of(self, sql: str, ask: Ask) -> Sequence[Sequence[Any]]:
        answer = await self.log.query(self.tenant, sql, ask.words.values, settings=LIMITS, seconds=SECONDS)
        self.seconds += answer.seconds
        self.rows += answer.rows_read
        return answer.rows


async def ask(log: Log, tenant: Tenant, question: AnyQuestion, now: datetime, timezone: str) -> dict[str, Any]:
    """The answer to a question of CONTRACTS §3, with `question` and `meta`."""
    reading = Reading(log, tenant)
    if isinstance(question, Sql):
        body, about = await sql_question.ask(log, tenant, question)
        reading.seconds, reading.rows = about.seconds, about.rows_read
        meta = {"definitions": sql_question.DEFINITIONS, "warnings": about.warnings}
        return {**body, "question": as_json(question), "meta": {**_cost(reading), **meta}}
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
    spans = question.intervals if isinstance(question, Retention) else 0
    period = period_of(question, now, timezone, interval, spans)
    return ruler_of(period, interval, getattr(question, "week_start", "monday"))


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
            return await _funnel(reading, asking, question)
        case Retention():
            asking.definitions = retention.definitions(question)
            rows = await reading.rows_of(retention.statement(asking, question, ruler), asking)
            return retention.answer(question, ruler, rows, now)
        case Trend():
            return await _trend(reading, asking, question, ruler)
        case Lifecycle():
            asking.definitions = lifecycle.definitions(question)
            rows = await reading.rows_of(lifecycle.statement(asking, question, ruler), asking)
            return lifecycle.answer(ruler, rows)
        case Stickiness():
            asking.definitions = stickiness.definitions(question)
            rows = await reading.rows_of(stickiness.statement(asking, question, ruler), asking)
            return stickiness.answer(ruler, rows)
        case Paths():
            asking.definitions = paths.definitions(question)
            return paths.answer(await reading.rows_of(paths.statement(asking, question), asking))
        case Attribution():
            asking.definitions = attribution.definitions(question)
            return attribution.answer(question, await reading.rows_of(attribution.statement(asking, question), asking))
        case JourneyQuestion():
            return await journey.answer(reading, asking, question, ruler)
        case _:
            raise Invalid("This kind is asked through the catalogue.", field="kind")


async def _funnel(reading: Reading, asking: Ask, question: Funnel) -> dict[str, Any]:
    asking.definitions = funnel.definitions(question)
    rows = await reading.rows_of(funnel.counts_sql(asking, question), asking)
    body = funnel.answer(question, rows)
    if question.breakdown is not None:
        whole = msgspec.structs.replace(question, breakdown=None, actors=None)
        body = {**(await _funnel(reading, asking, whole)), **body}
        asking.definitions = funnel.definitions(question)
        if len(rows) > question.breakdown.limit:
            asking.warnings.append(f"{len(rows)} groups; the {question.breakdown.limit} largest are shown.")
    if question.actors is not None:
        body["actors"] = await actors(reading, asking, question)
    return body


async def actors(reading: Reading, asking: Ask, question: Funnel, value: str | None = None) -> list[dict[str, Any]]:
    """The people asked for (of one group), with the ids they came under and when they did their steps."""
    assert question.actors is not None  # noqa: S101
    rows = await reading.rows_of(funnel.actors_sql(asking, question, value), asking)
    known = await distinct_ids(reading, asking, [str(row[0]) for row in rows])
    return [
        {
            "person_id" if question.by == "person" else question.by: str(unit),
            "distinct_ids": known.get(str(unit), []),
            **({"value": value or None} if question.breakdown is not None else {}),
            "reached": int(reached) - 1,
            "times": [instant(int(at)) for at in times],
        }
        for unit, value, reached, times in rows
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


async def _trend(reading: Reading, asking: Ask, question: Trend, ruler: Ruler) -> dict[str, Any]:
    if question.formula is not None:
        trend.compile_formula(question.formula, len(question.series))
    asking.definitions = trend.definitions(question)
    answers = [
        await reading.rows_of(trend.statement(asking, question, index, ruler), asking)
        for index in range(len(question.series))
    ]
    body = {"intervals": ruler.labels(), "series": trend.lines(question, ruler, answers)}
    if question.compare == "previous":
        earlier, before = _earlier(asking, ruler)
        answers = [
            await reading.rows_of(trend.statement(earlier, question, index, before), earlier)
            for index in range(len(question.series))
        ]
        body["previous"] = {"intervals": before.labels(), "series": trend.lines(question, before, answers)}
        asking.definitions.append("Previous is the range of as many intervals right before.")
    return body


def _earlier(asking: Ask, ruler: Ruler) -> tuple[Ask, Ruler]:
    """The same question over as many intervals right before."""
    length = asking.period.end - asking.period.start
    start = ruler.starts_at(-ruler.count) if ruler.starts_at(0) == asking.period.start else asking.period.start - length
    period = Period(start, asking.period.start, asking.period.zone)
    earlier = Ask(asking.tenant, asking.question, period, asking.merged)
    return earlier, dataclasses.replace(ruler, period=period)


def _cost(reading: Reading) -> dict[str, Any]:
    return {"elapsed_ms": round(reading.seconds * 1000, 1), "rows_read": reading.rows}
