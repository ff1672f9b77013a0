"""A funnel's conversion over time: a funnel of its own for each interval, of the attempts that began in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dure.metrics.kinds.funnel import statement
from dure.metrics.kinds.funnel_events import Course
from dure.metrics.period import Ruler
from dure.metrics.question import Funnel
from dure.metrics.sql import Ask


def trend_sql(ask: Ask, question: Funnel, ruler: Ruler) -> str:
    """Rows of an interval, how many began an attempt in it, and how many of them did every step that counts."""
    whole = msgspec.structs.replace(question, breakdown=None)
    count = len(Course(whole).counting)
    rows = statement(ask, whole, ruler)
    return f"select at, countIf(reached > 0), countIf(reached = {count}) from ({rows}) group by at"


def trend_answer(question: Funnel, ruler: Ruler, rows: Sequence[Sequence[Any]], now: datetime) -> dict[str, Any]:
    """`trend` of the answer. An interval is complete when no window of an attempt that began in it can still be open:
    it has passed, and lies in the range."""
    numbers = {int(at): (int(entered), int(converted)) for at, entered, converted in rows}
    window = timedelta(microseconds=Course(question).window)
    closed = min(now, ruler.period.end)
    both = [numbers.get(index, (0, 0)) for index in range(ruler.count)]
    return {
        "intervals": ruler.labels(),
        "entered": [entered for entered, _ in both],
        "converted": [converted for _, converted in both],
        "rate": [converted / entered if entered else None for entered, converted in both],
        "complete": [ruler.starts_at(index + 1) + window <= closed for index in range(ruler.count)],
    }


def trend_definition(question: Funnel) -> str:
    which = "first attempt" if question.reentry == "first" else "furthest attempt"
    return (
        f"Over time there is a funnel of its own for each interval: it counts each {question.by} by the {which} that"
        " began in it, wherever in the range its steps lie. So its numbers don't add up to the steps'."
    )
