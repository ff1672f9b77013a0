"""Lifecycle: who is new, returning, resurrecting or dormant in each interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.metrics import people_sql
from dure.metrics.kinds import marks
from dure.metrics.period import Ruler, micros
from dure.metrics.question import Lifecycle, Selector
from dure.metrics.sql import Ask, both
from dure.metrics.where import common, selected

STATES = ("new", "returning", "resurrecting", "dormant")
_EARLIER = 2


def people_sql_of(ask: Ask, question: Lifecycle, ruler: Ruler) -> str:
    """One row a person: `unit` and `states`, pairs of interval and state's number in STATES."""
    last = ruler.count - 1
    if marks.fits(ruler.count + _EARLIER):
        marked = _marked(ask, question, ruler)
        states = f"arrayMap(I -> (I, {_state('I')}), {_eventful(ruler)})"
        return f"select unit, {states} as states from ({marked})"
    source = people_sql.source(
        ask,
        {"at": ruler.index_sql(), "recent": ask.between(micros(ruler.starts_at(-1)), None)},
        _which(ask, question),
    )
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
    if marks.fits(ruler.count + _EARLIER):
        marked = _marked(ask, question, ruler)
        each = f"select bits, arrayJoin({_eventful(ruler)}) as at from ({marked})"
        return f"select at, {_state('at')} as kind, count() as people from ({each}) group by at, kind"
    people = people_sql_of(ask, question, ruler)
    return (
        "select state.1 as at, state.2 as kind, count() as people from"
        f" (select arrayJoin(states) as state from ({people})) group by at, kind"
    )


def _marked(ask: Ask, question: Lifecycle, ruler: Ruler) -> str:
    """One row a person: `unit`, `bits`. Bit 0: active before all that follows; bit 1: in the interval before the
    range; bit n + 2: in interval n."""
    at = f"greatest({ruler.index_sql()} + {_EARLIER}, 0)"
    source = people_sql.source(ask, {"at": at}, _which(ask, question))
    bits = marks.gathered(ruler.count + _EARLIER, "at")
    return f"select unit, {bits} as bits from ({source}) group by unit having bits > 1"


def _eventful(ruler: Ruler) -> str:
    """The intervals in which somebody was active, or had been right before."""
    either = f"bitShiftRight(bitOr(bits, bitShiftLeft(bits, 1)), {_EARLIER})"
    return marks.positions(marks.lowest(either, ruler.count, ruler.count + _EARLIER))


def _state(at: str) -> str:
    # From the interval before on; and back again, which loses nothing where nothing was earlier.
    since = f"bitShiftRight(bits, {at} + 1)"
    return (
        f"multiIf(bitAnd({since}, 2) = 0, 4, bitAnd({since}, 1) = 1, 2, bitShiftLeft({since}, {at} + 1) = bits, 1, 3)"
    )


def _which(ask: Ask, question: Lifecycle) -> str:
    return both(ask.between(None, ask.period.end_us), selected(ask, Selector(event=question.event)), common(ask))


def answer(ruler: Ruler, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    lines = {name: [0] * ruler.count for name in STATES}
    for at, kind, people in rows:
        name = STATES[int(kind) - 1]
        lines[name][int(at)] = -int(people) if name == "dormant" else int(people)
    return {"intervals": ruler.labels(), **lines}


def warnings(ruler: Ruler, now: datetime) -> list[str]:
    if ruler.starts_at(ruler.count) <= now:
        return []
    return ["The last interval is not over: who has not been active in it yet counts as dormant."]


def definitions(question: Lifecycle) -> list[str]:
    name = question.interval
    return [
        f"New: the {name} of the first such event of all time, also before the range.",
        f"Returning: active in this {name} and the one before. Resurrecting: active now, not in the {name} before.",
        f"Dormant (negative): active in the {name} before and not in this one.",
        f"The first {name} is taken whole, also where the range begins within it.",
    ]
