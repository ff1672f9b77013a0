"""A retention's triangle: which columns it has, when a cell's time is over, and the rates of all cohorts together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dure.metrics.period import ROLLING_SECONDS, Ruler
from dure.metrics.question import Retention


def columns_of(question: Retention) -> list[tuple[int, int]]:
    """The first and last interval, counted from the cohort's own, of each column after the first."""
    if question.measure == "bracket":
        starts = [1, *(last + 1 for last in question.brackets)]
        return list(zip(starts, question.brackets, strict=False))
    return [(number, number) for number in range(1, question.intervals)]


def triangle(
    question: Retention, ruler: Ruler, counted: Mapping[tuple[int, int], int], now: datetime
) -> dict[str, Any]:
    """`{cohorts, pooled}` of how many people each cohort and column counted (column 0 is the cohort itself)."""
    columns = columns_of(question)
    until = min(ruler.period.end, now)
    cohorts = []
    back = [0] * (len(columns) + 1)
    began = [0] * (len(columns) + 1)
    for cohort in range(ruler.count):
        size = counted.get((cohort, 0), 0)
        counts, complete = [size], [ruler.starts_at(cohort + 1) <= until]
        for number, (first, last) in enumerate(columns, start=1):
            if cohort + first >= ruler.count:
                break
            counts.append(counted.get((cohort, number), 0))
            complete.append(_ends(question, ruler, cohort, last) <= until)
        for number, (count, done) in enumerate(zip(counts, complete, strict=True)):
            if done:
                back[number] += count
                began[number] += size
        cohorts.append({"start": ruler.label(cohort), "size": size, "counts": counts, "complete": complete})
    longest = max((len(cohort["counts"]) for cohort in cohorts), default=0)  # type: ignore[arg-type]
    pooled = [back[n] / began[n] if began[n] else None for n in range(longest)]
    return {"cohorts": cohorts, "pooled": pooled}


def _ends(question: Retention, ruler: Ruler, cohort: int, last: int) -> datetime:
    """When a cell's time is over for everybody of the cohort."""
    if question.mode == "calendar":
        return ruler.starts_at(cohort + last + 1)
    return ruler.starts_at(cohort + 1) + timedelta(seconds=ROLLING_SECONDS[question.interval] * (last + 1))
