"""Funnels: who did one thing and then another, within a window that runs from the first.

`funnel_events` makes the arrays of each person; `funnel_passes`, `funnel_excluded` and `funnel_any` follow them, and
each gives the same row: whose it is, their group, how many counting steps they reached, and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.kinds.funnel_any import any_order
from dure.metrics.kinds.funnel_events import Course, events
from dure.metrics.kinds.funnel_excluded import excluded
from dure.metrics.kinds.funnel_passes import passes
from dure.metrics.period import Ruler, instant
from dure.metrics.question import Funnel
from dure.metrics.sql import Ask

_COLUMNS = 3  # of a step, in `counts_sql`'s rows


def statement(ask: Ask, question: Funnel, ruler: Ruler | None = None) -> str:
    """One row a person (and value): `unit`, `value`, `reached` (counting steps, from 1), `times` of these, and `aside`
    (the time of each optional step at its index, 0 where it was left out). With `ruler` a row an interval `at`."""
    course = Course(question, ruler)
    rows = events(ask, course)
    if question.order == "any":
        sql = any_order(rows, course)
    else:
        sql = excluded(rows, course) if question.exclude else passes(rows, course)
    if not course.trait_of_unit:
        return sql
    newest = people_sql.traits(ask, course.trait_of_unit)
    return (
        "select r.unit as unit, ifNull(t.text, '') as value, r.reached as reached, r.times as times, r.aside as aside"
        f" from ({sql}) as r left any join ({newest}) as t on r.unit = t.owner"
    )


def counts_sql(ask: Ask, question: Funnel) -> str:
    """Rows of: is it everybody, value, how many groups, and of each step how many reached it and the average and
    median seconds from the step before. Everybody first (unless one may be in several groups), then by size."""
    columns = []
    for index in range(len(question.steps)):
        holds, at = step_sql(question, index)
        columns.append(f"countIf({holds}) as n{index}")
        if index == 0:
            columns += ["NULL", "NULL"]
            continue
        _, before = step_sql(question, Course(question).before(index))
        spent = f"({at} - {before}) / 1e6"
        columns.append(f"avgOrNullIf({spent}, {holds})")
        columns.append(f"quantileExactInclusiveOrNullIf(0.5)({spent}, {holds})")
    counted = f"from ({statement(ask, question)}) where reached > 0"
    if question.breakdown is None:
        return f"select 1, '', 0, {', '.join(columns)} {counted}"
    sets = "((value))" if in_several(question) else "((value), ())"
    grouped = f"select grouping(value) as whole, value, {', '.join(columns)} {counted} group by grouping sets {sets}"
    return (
        f"select whole, value, countIf(whole = 0) over () as groups, * except (whole, value) from ({grouped})"
        f" order by whole desc, n0 desc, value limit {question.breakdown.limit + 1}"
    )


def in_several(question: Funnel) -> bool:
    """Whether a person may be in several groups, so that the groups don't add up to everybody."""
    return Course(question).attribution == "all"


def step_sql(question: Funnel, index: int) -> tuple[str, str]:
    """Of a row of `statement`: whether it did the step, and when (µs)."""
    course = Course(question)
    if question.steps[index].optional:
        place = course.counting.index(course.before(index)) + 1
        return f"(reached >= {place} and aside[{index + 1}] > 0)", f"aside[{index + 1}]"
    place = course.counting.index(index) + 1
    return f"reached >= {place}", f"times[{place}]"


def actors_sql(ask: Ask, question: Funnel, value: str | None = None) -> str:
    """People who did a step, or did the one before and not it, with the times of their steps, the latest to begin
    first."""
    assert question.actors is not None  # noqa: S101
    course, index = Course(question), question.actors.step
    which, _ = step_sql(question, index)
    if question.actors.dropped:
        before = course.counting.index(course.before(index)) + 1
        far = f"reached >= {before}" if question.steps[index].optional else f"reached = {before}"
        which = f"{far} and not {which}"
    group = "" if value is None else f" and value = {ask.words.text(value)}"
    return (
        f"select unit, value, reached, times, aside from ({statement(ask, question)})"
        f" where reached > 0 and {which}{group} order by times[1] desc, unit limit {question.actors.limit}"
    )


def actor(question: Funnel, row: Sequence[Any]) -> dict[str, Any]:
    """A row of `actors_sql` in the answer: the index of the furthest step that counts, and when each step was done
    (nothing where an optional one was left out)."""
    _, value, reached, times, aside = row
    course = Course(question)
    furthest = course.counting[int(reached) - 1]
    done: list[str | None] = [instant(int(at)) for at in times]
    if aside:
        at = dict(zip(course.counting, done, strict=False))
        done = [at.get(index) or (instant(int(aside[index])) if aside[index] else None) for index in range(len(aside))]
        while done and done[-1] is None:
            done.pop()
    return {**({"value": value or None} if question.breakdown else {}), "reached": furthest, "times": done}


def answer(question: Funnel, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The answer out of `counts_sql`'s rows: `steps` of everybody, `groups` by size where asked."""
    whole = next((row for row in rows if row[0]), None)
    if question.breakdown is None:
        return {"steps": _steps(question, whole)}
    groups = [row for row in rows if not row[0]][: question.breakdown.limit]
    shown = [{"value": row[1] if row[1] != "" else None, "steps": _steps(question, row)} for row in groups]
    return {**({} if in_several(question) else {"steps": _steps(question, whole)}), "groups": shown}


def definitions(question: Funnel) -> list[str]:
    """How this funnel counts, in sentences."""
    order = {
        "ordered": "Steps in this order; other events may lie between.",
        "strict": "Steps in this order; nothing may lie between but repeats of the step last matched.",
        "any": "Steps in any order; step n counts those who did n of them.",
    }[question.order]
    said = [
        f"Counts each {question.by} once, by the attempt that got furthest; of equal ones the latest to begin.",
        order,
        f"All steps lie within {question.window} of the attempt's first step, the end included, and in the range.",
        "One event satisfies at most one step; events at the same time are taken in step order.",
    ]
    if question.reentry == "first":
        said[0] = f"Counts each {question.by} once, by the first attempt in the range only."
    if any(step.optional for step in question.steps):
        said.append(
            "An optional step does not decide how far an attempt got. It counts those who did it after the steps"
            " before and before the next one that counts, whose seconds run from the last step that counts."
        )
    if question.exclude:
        said.append(
            "An excluded event strictly between its steps removes the attempt, and a person whose furthest attempt it"
            " removed is counted at no step. It satisfies no step itself, unless it is selected exactly as that step."
        )
        if question.order == "any":
            said.append("In any order, between means after an attempt's first event and before its last.")
    if question.breakdown is not None:
        said.append(_group_said(question))
    return said


def _group_said(question: Funnel) -> str:
    breakdown = question.breakdown
    assert breakdown is not None  # noqa: S101
    if Course(question).trait_of_unit:
        return f"The group of each {question.by} is the newest value of {breakdown.prop}."
    return {
        "first": f"The group of each {question.by} is the first value along the matched events.",
        "last": f"The group of each {question.by} is the last value along the matched events.",
        "step": f"The group of each {question.by} is the value at step {breakdown.step}.",
        "all": f"Every matched event has the group's value; each {question.by} may be in several groups.",
    }[breakdown.attribution]


def _steps(question: Funnel, row: Sequence[Any] | None) -> list[dict[str, Any]]:
    course = Course(question)
    numbers = [row[3 + index * _COLUMNS : 3 + (index + 1) * _COLUMNS] if row else (0, None, None)
               for index in range(len(question.steps))]  # fmt: skip
    counts = [int(count) for count, _, _ in numbers]
    return [
        {
            "index": index,
            "event": step.event,
            "count": counts[index],
            "from_start": _rate(counts[index], counts[0]),
            "from_previous": _rate(counts[index], counts[course.before(index)] if index else counts[0]),
            "average_seconds": numbers[index][1],
            "median_seconds": numbers[index][2],
        }
        for index, step in enumerate(question.steps)
    ]


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
