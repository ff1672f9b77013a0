"""How long converting took: percentiles and a histogram of the seconds between two steps of a funnel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dure.metrics.kinds.funnel import statement, step_sql
from dure.metrics.question import Funnel
from dure.metrics.sql import Ask

_SHOWN = (10, 25, 75, 90, 95, 99)


def times_sql(ask: Ask, question: Funnel) -> str:
    """Rows of a histogram's bin: its number, how many are in it, and the same on every row: how many there are, the
    average, the least, the longest (µs), the median and the percentiles."""
    question = msgspec.structs.replace(question, breakdown=None)
    assert question.times is not None  # noqa: S101
    first, last = _ends(question)
    (did_first, begun), (did_last, ended) = step_sql(question, first), step_sql(question, last)
    taken = (
        f"select toInt64({ended} - {begun}) as took from ({statement(ask, question)}) where {did_first} and {did_last}"
    )
    levels = ", ".join(str(percent / 100) for percent in (50, *_SHOWN))
    whole = (
        "select count() as people, avg(took) as average, min(took) as least, max(took) as longest,"
        f" quantilesExactInclusive({levels})(took) as percentiles, groupArray(took) as all_took"
        f" from ({taken}) having people > 0"
    )
    bins = question.times.bins
    number = f"if(longest = least, 0, least({bins - 1}, intDiv((took - least) * {bins}, longest - least)))"
    return (
        f"select {number} as bin, count(), any(people), any(average), any(least), any(longest), any(percentiles)"
        f" from ({whole}) array join all_took as took group by bin order by bin"
    )


def times_answer(question: Funnel, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """`times` of the answer, in seconds, of the people who did both steps."""
    assert question.times is not None  # noqa: S101
    first, last = _ends(question)
    body: dict[str, Any] = {"from": first, "to": last}
    names = [f"p{percent}" for percent in _SHOWN]
    if not rows:
        empty = dict.fromkeys(("average", "median", "min", "max"))
        return {**body, "count": 0, **empty, "percentiles": dict.fromkeys(names), "histogram": []}
    _, _, people, average, least, longest, (median, *percentiles) = rows[0]
    counts = {int(row[0]): int(row[1]) for row in rows}
    bins = question.times.bins if longest > least else 1
    edges = [(least + (longest - least) * index / bins) / 1e6 for index in range(bins + 1)]
    return {
        **body,
        "count": int(people),
        "average": average / 1e6,
        "median": median / 1e6,
        "min": least / 1e6,
        "max": longest / 1e6,
        "percentiles": {name: value / 1e6 for name, value in zip(names, percentiles, strict=True)},
        "histogram": [
            {"from": edges[index], "to": edges[index + 1], "count": counts.get(index, 0)} for index in range(bins)
        ],
    }


def _ends(question: Funnel) -> tuple[int, int]:
    assert question.times is not None  # noqa: S101
    to = question.times.to
    return question.times.from_, len(question.steps) - 1 if to is None else to
