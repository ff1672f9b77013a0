"""Stickiness: how many people were active in exactly n of the range's intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.kinds import marks
from dure.metrics.period import Ruler
from dure.metrics.question import Selector, Stickiness
from dure.metrics.sql import Ask, both
from dure.metrics.where import common, selected


def people_sql_of(ask: Ask, question: Stickiness, ruler: Ruler) -> str:
    """One row a person: `unit` and `intervals`, in how many it was active."""
    source = people_sql.source(
        ask, {"at": ruler.index_sql()}, both(ask.in_range(), selected(ask, Selector(event=question.event)), common(ask))
    )
    count = f"bitCount({marks.gathered(ruler.count, 'at')})" if marks.fits(ruler.count) else "uniqExact(at)"
    return f"select unit, toUInt64({count}) as intervals from ({source}) group by unit"


def statement(ask: Ask, question: Stickiness, ruler: Ruler) -> str:
    """Rows of number of intervals and people."""
    return f"select intervals, count() as people from ({people_sql_of(ask, question, ruler)}) group by intervals"


def answer(ruler: Ruler, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    known = {int(intervals): int(people) for intervals, people in rows}
    return {"bars": [{"intervals": n, "people": known.get(n, 0)} for n in range(1, ruler.count + 1)]}


def definitions(question: Stickiness) -> list[str]:
    name = question.interval
    return [f"Counts each {question.by} once, at the number of the range's {name}s in which it was active."]
