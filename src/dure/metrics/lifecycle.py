"""Lifecycle and stickiness: in which intervals people are active at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.period import Ruler, micros
from dure.metrics.question import Lifecycle, Selector
from dure.metrics.sql import Ask, both
from dure.metrics.where import common, selected

STATES = ("new", "returning", "resurrecting", "dormant")


def people_sql_of(ask: Ask, question: Lifecycle, ruler: Ruler) -> str:
    """One row a person: `unit` and `states`, pairs of interval and state's number in STATES."""
    before = micros(ruler.starts_at(-1))
    source = people_sql.source(
        ask,
        {"at": ruler.index_sql(), "recent": ask.between(before, None)},
        both(ask.between(None, ask.period.end_us), selected(ask, Selector(event=question.event)), common(ask)),
    )
    last = ruler.count - 1
    grouped = (
        f"select unit, toInt64(min(at)) as born, arraySort(groupUniqArrayIf(toInt64(at), recent)) as active"
        f" from ({source}) group by unit having notEmpty(active)"
    )
    lively = (
        "arrayMap((A, I) -> (A, multiIf(A = born, 1, I > 1 and active[I - 1] = A - 1, 2, 3)),"
        " active, arrayEnumerate(active))"
    )
    asleep = "arrayMap(A -> (A + 1, 4), arrayFilter(A -> not has(active, A + 1), active))"
    states = f"arrayFilter(S -> S.1 >= 0 and S.1 <= {last}, arrayConcat({lively}, {asleep}))"
    return f"select unit, {states} as states from ({grouped})"


def statement(ask: Ask, question: Lifecycle, ruler: Ruler) -> str:
    """Rows of interval, state's number (1 is new) and people."""
    people = people_sql_of(ask, question, ruler)
    return (
        "select state.1 as at, state.2 as kind, count() as people from"
        f" (select arrayJoin(states) as state from ({people})) group by at, kind"
    )


def answer(ruler: Ruler, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    lines = {name: [0] * ruler.count for name in STATES}
    for at, kind, people in rows:
        name = STATES[int(kind) - 1]
        lines[name][int(at)] = -int(people) if name == "dormant" else int(people)
    return {"intervals": ruler.labels(), **lines}


def definitions(question: Lifecycle) -> list[str]:
    name = question.interval
    return [
        f"New: the {name} of the first such event of all time, also before the range.",
        f"Returning: active in this {name} and the one before. Resurrecting: active now, not in the {name} before.",
        f"Dormant (negative): active in the {name} before and not in this one.",
    ]
