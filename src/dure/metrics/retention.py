"""Retention: of those who began in an interval, how many came back in the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.metrics import people_sql
from dure.metrics.period import ROLLING_SECONDS, Ruler
from dure.metrics.question import Retention
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected


def statement(ask: Ask, question: Retention, ruler: Ruler) -> str:
    """Rows of `value`, `cohort` (an interval), `cell` (0 is the cohort itself) and how many people."""
    people = people_sql_of(ask, question, ruler)
    joined = f"arrayJoin(arrayPushFront({cells(question)}, toInt64(0)))"
    return f"select value, cohort, {joined} as cell, count() as people from ({people}) group by value, cohort, cell"


def people_sql_of(ask: Ask, question: Retention, ruler: Ruler) -> str:
    """One row a person and cohort: `unit`, `value`, `cohort`, `born` (µs), `back` (sorted returns: interval or µs)."""
    rolling = question.mode == "rolling"
    begins = selected(ask, question.start, "start.where")
    returns = selected(ask, question.return_, "return.where")
    columns = {
        "t": "toUnixTimestamp64Micro(time)",
        "at": ruler.index_sql(),
        "begins": begins,
        "returns": returns,
        "inside": ask.in_range(),
    }
    trait, value = None, "''"
    if question.breakdown is not None:
        value = "argMinIf(value, t, begins and inside)"
        if question.breakdown.prop.startswith(("person.", "account.")):
            trait = question.breakdown.prop
        else:
            columns["value"] = text_of(question.breakdown.prop)
    start = None if question.start.first_time else ask.period.start_us
    when = ask.between(start, ask.period.end_us)
    if question.start.first_time:
        when = f"({when}) and ({begins} or {ask.in_range()})"
    which = named(ask, (question.start, question.return_))
    source = people_sql.source(ask, columns, both(when, which, f"{begins} or {returns}", common(ask)), trait=trait)
    back = "t" if rolling else "toInt64(at)"
    first = "inside" if not question.start.first_time else "true"
    grouped = (
        f"select unit, {value} as value,"
        f" arraySort(groupArrayIf((toInt64(at), toInt64(t)), begins and {first})) as starts,"
        f" arraySort(groupArrayIf({back}, returns and inside)) as back"
        f" from ({source}) group by unit having notEmpty(starts)"
    )
    # A cohort's member is born at its first start in that interval.
    if question.start.first_time:
        births = "[starts[1]]"
    else:
        births = "arrayFilter((S, I) -> I = 1 or S.1 != starts[I - 1].1, starts, arrayEnumerate(starts))"
    return (
        f"select unit, value, birth.1 as cohort, birth.2 as born, back"
        f" from (select unit, value, back, arrayJoin({births}) as birth from ({grouped}))"
        f" where birth.1 >= 0 and birth.2 >= {ask.words.whole(ask.period.start_us)}"
    )


def answer(question: Retention, ruler: Ruler, rows: Sequence[Sequence[Any]], now: datetime) -> dict[str, Any]:
    """The triangle, its completeness and the rates of complete cells over all cohorts together."""
    by_value: dict[str, dict[tuple[int, int], int]] = {}
    for value, cohort, cell, people in rows:
        by_value.setdefault(str(value), {})[int(cohort), int(cell)] = int(people)
    if question.breakdown is None:
        return _triangle(question, ruler, by_value.get("", {}), now)
    sizes = {value: sum(n for (_, cell), n in cells.items() if cell == 0) for value, cells in by_value.items()}
    ranked = sorted(by_value, key=lambda value: (-sizes[value], value))[: question.breakdown.limit]
    return {
        "groups": [{"value": value or None, **_triangle(question, ruler, by_value[value], now)} for value in ranked]
    }


def definitions(question: Retention) -> list[str]:
    """How this retention counts, in sentences."""
    name = question.interval
    back = f"Back means at least {question.minimum} returning event(s)"
    return [
        (
            f"A {question.by} belongs to the {name} of its first such event of all time."
            if question.start.first_time
            else f"A {question.by} belongs to every {name} of the range in which it began."
        ),
        (
            f"Columns are calendar {name}s in the question's time zone."
            if question.mode == "calendar"
            else f"Column n is from n to n+1 times {ROLLING_SECONDS[name] // 3600} hours after that {question.by}'s own"
            f" first start in the {name}."
        ),
        {
            "on": f"{back} in that very {name}.",
            "on_or_after": f"{back} in that {name} or later, to the end.",
            "bracket": f"{back} within the bracket (last {name}s: {', '.join(map(str, question.brackets))}).",
        }[question.measure],
        "counts[0] is the cohort's size. A cell is complete when its time has passed for the whole cohort.",
        "Pooled rates are people back over people who began, over complete cells of all cohorts.",
    ]


def columns_of(question: Retention) -> list[tuple[int, int]]:
    """The first and last interval, counted from the cohort's own, of each column after the first."""
    if question.measure == "bracket":
        starts = [1, *(last + 1 for last in question.brackets)]
        return list(zip(starts, question.brackets, strict=False))
    return [(number, number) for number in range(1, question.intervals)]


def cells(question: Retention) -> str:
    """The columns in which somebody was back: an array of numbers from 1."""
    if question.mode == "rolling":
        length = ROLLING_SECONDS[question.interval] * 1_000_000
        offsets = f"arrayMap(T -> intDiv(T - born, {length}), arrayFilter(T -> T >= born, back))"
    else:
        offsets = "arrayMap(T -> T - cohort, back)"
    most = question.intervals - 1
    least = question.minimum
    if question.measure == "on_or_after":
        # The n-th last return says up to which column there were n.
        last = f"toInt64({offsets}[-{least}])"
        enough = f"length({offsets}) >= {least}"
        until = f"greatest(least({last}, toInt64({most})), toInt64(0)) + 1"
        return f"if({enough}, range(toInt64(1), {until}), emptyArrayInt64())"
    if question.measure == "bracket":
        lasts = f"[{', '.join(map(str, question.brackets))}]"
        final = question.brackets[-1]
        offsets = (
            f"arrayMap(T -> toInt64(arrayFirstIndex(B -> T <= B, {lasts})),"
            f" arrayFilter(T -> T >= 1 and T <= {final}, {offsets}))"
        )
    else:
        offsets = f"arrayFilter(T -> T >= 1 and T <= {most}, {offsets})"
    if least == 1:
        return f"arrayDistinct({offsets})"
    # Sorted, so n in a row means n of the same.
    shifted = f"arrayResize({offsets}, length({offsets}) + {least - 1}, toInt64(-1))"
    return f"arrayDistinct(arrayFilter((T, U) -> T = U, {offsets}, arraySlice({shifted}, {least})))"


def _triangle(question: Retention, ruler: Ruler, counted: dict[tuple[int, int], int], now: datetime) -> dict[str, Any]:
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
