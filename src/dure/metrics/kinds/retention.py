"""Retention: of those who began in an interval, how many came back in the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.metrics import people_sql
from dure.metrics.kinds import groups, marks
from dure.metrics.kinds.triangle import columns_of, triangle
from dure.metrics.period import ROLLING_SECONDS, Ruler
from dure.metrics.question import Retention
from dure.metrics.sql import Ask, both
from dure.metrics.where import common, named, selected

_MOST_CELLS = 63


def statement(ask: Ask, question: Retention, ruler: Ruler) -> str:
    """Rows of `value`, `cohort` (an interval), `cell` (0 is the cohort itself) and how many people; with a breakdown
    also `place` and `groups` of `groups.ranked`."""
    if _by_marks(question, ruler):
        counted = _counted_by_marks(ask, question, ruler)
    else:
        joined = f"arrayJoin(arrayPushFront({cells(question)}, toInt64(0)))"
        people = people_sql_of(ask, question, ruler)
        counted = f"select value, cohort, {joined} as cell, count() as people from ({people}) group by all"
    if question.breakdown is None:
        return counted
    sized = f"select *, sumIf(people, cell = 0) over (partition by value) as size from ({counted})"
    ranked = groups.ranked(sized, "size desc", question.breakdown.limit)
    return (
        "select value, cohort, cell, sum(people), place, any(groups)"
        f" from ({ranked}) group by value, place, cohort, cell"
    )


def people_sql_of(ask: Ask, question: Retention, ruler: Ruler) -> str:
    """One row a person and cohort: `unit`, `value`, `cohort`, `born` (µs), `back` (sorted returns: interval or µs)."""
    rolling = question.mode == "rolling"
    begins, returns = _selected(ask, question)
    columns = {
        "t": "toUnixTimestamp64Micro(time)",
        "at": ruler.index_sql(),
        "begins": begins,
        "returns": returns,
        "inside": ask.in_range(),
        **groups.property_of(question.breakdown),
    }
    trait = groups.trait_of(question.breakdown)
    source = people_sql.source(ask, columns, _which(ask, question), trait=trait)
    back = "t" if rolling else "toInt64(at)"
    begun = "begins" if question.start.first_time else "begins and inside"
    # Of the first of all time its time is enough; of several starts all times; the value beside it where it is asked.
    at, value, starts = "S", "''", f"arraySort(groupArrayIf(t, {begun}))"
    if question.breakdown is not None:
        at, value, starts = "S.1", "S.2", f"arraySort(groupArrayIf((t, value), {begun}))"
    elif question.start.first_time:
        starts = "[minIf(t, begins)]"
    grouped = f"select unit, {starts} as starts, arraySort(groupArrayIf({back}, returns and inside)) as back"
    cohort = ruler.index_sql(f"fromUnixTimestamp64Micro({at})")
    births = (
        f"arrayMap(S -> (toInt64({cohort}), {at}, {value}), {'[starts[1]]' if question.start.first_time else 'starts'})"
    )
    # A cohort's member is born at its first start in that interval.
    earliest = "arrayFilter((S, I) -> I = 1 or S.1 != births[I - 1].1, births, arrayEnumerate(births))"
    born = (
        f"select unit, back, {births} as births from ({grouped} from ({source}) group by unit having notEmpty(starts))"
    )
    return (
        "select unit, birth.3 as value, birth.1 as cohort, birth.2 as born, back"
        f" from (select unit, back, arrayJoin({earliest}) as birth from ({born}))"
        f" where birth.1 >= 0 and birth.2 >= {ask.words.whole(ask.period.start_us)}"
    )


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


def answer(question: Retention, ruler: Ruler, rows: Sequence[Sequence[Any]], now: datetime) -> dict[str, Any]:
    """The triangle, its completeness and the rates of complete cells over all cohorts together; the same of each
    group. Everybody who began is in exactly one group of each cohort, so the whole is the sum of the groups."""
    whole: dict[tuple[int, int], int] = {}
    by_place: dict[int, dict[tuple[int, int], int]] = {}
    names: dict[int, str] = {}
    for value, cohort, cell, people, *ranked in rows:
        where = int(cohort), int(cell)
        whole[where] = whole.get(where, 0) + int(people)
        if ranked:
            names[int(ranked[0])] = str(value)
            by_place.setdefault(int(ranked[0]), {})[where] = int(people)
    body = triangle(question, ruler, whole, now)
    if question.breakdown is not None:
        shown = [place for place in sorted(by_place) if place <= question.breakdown.limit]
        body["groups"] = [
            {"value": names[place] or None, **triangle(question, ruler, by_place[place], now)} for place in shown
        ]
    return body


def definitions(question: Retention) -> list[str]:
    """How this retention counts, in sentences."""
    name = question.interval
    back = f"Back means at least {question.minimum} returning event(s)"
    said = [
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
            "on_or_after": f"{back} in that {name} or later, to the end of the range.",
            "bracket": f"{back} within the bracket (last {name}s: {', '.join(map(str, question.brackets))}).",
        }[question.measure],
        "counts[0] is the cohort's size; a cohort's list ends at the range's end."
        " A cell is complete when its time has passed for the whole cohort.",
        "Pooled rates are people back over people who began, over the complete cells of all cohorts together:"
        " a large cohort weighs more than a small one.",
    ]
    if question.breakdown is not None:
        said.append(f"A group is by the {question.breakdown.prop} of the event that put the {question.by} in its cohort"
                    " (a trait: as it is now).")  # fmt: skip
    return said


def _by_marks(question: Retention, ruler: Ruler) -> bool:
    """Whether it is enough to know in which intervals somebody began and was back, not when and how often."""
    trait = groups.trait_of(question.breakdown)
    return (
        question.mode == "calendar" and question.minimum == 1
        and marks.fits(ruler.count) and len(columns_of(question)) <= _MOST_CELLS
        and (question.breakdown is None or (trait or "").startswith(f"{question.by}."))
    )  # fmt: skip


def _counted_by_marks(ask: Ask, question: Retention, ruler: Ruler) -> str:
    begins, returns = _selected(ask, question)
    first = question.start.first_time
    at = ruler.index_sql()
    columns = {"at": at, "begins": begins, "returns": returns}
    if first:
        # What lies before the range is kept for its time only: a return there is before every column.
        columns |= {"at": f"greatest({at}, 0)", "t": "time"}
    source = people_sql.source(ask, columns, _which(ask, question))
    back = marks.gathered(ruler.count, "at", "returns")
    if first:
        grouped = f"select unit, {back} as back, minIf(t, begins) as born from ({source}) group by unit"
        born = f"born >= fromUnixTimestamp64Micro({ask.words.whole(ask.period.start_us)}, 'UTC')"
        people = f"select unit, back, {ruler.index_sql('born')} as cohort from ({grouped}) where {born}"
    else:
        began = marks.gathered(ruler.count, "at", "begins")
        grouped = f"select unit, {back} as back, {began} as began from ({source}) group by unit having began != 0"
        people = f"select unit, back, arrayJoin({marks.positions('began')}) as cohort from ({grouped})"
    value = "''"
    if question.breakdown is not None:
        value = "value"
        traits = people_sql.traits(ask, question.breakdown.prop)
        people = (
            "select p.back as back, p.cohort as cohort, t.text as value"
            f" from ({people}) as p left any join ({traits}) as t on p.unit = t.owner"
        )
    key, columns_back = _columns_back(question, ruler)
    counted = f"select {value} as value, cohort, {key} as hit, count() as people from ({people}) group by all"
    return (
        f"select value, cohort, arrayJoin(arrayPushFront({columns_back}, toInt64(0))) as cell, sum(people) as people"
        f" from ({counted}) group by value, cohort, cell"
    )


def _columns_back(question: Retention, ruler: Ruler) -> tuple[str, str]:
    """What of `back` and `cohort` says in which columns somebody was back, in few values, and these columns of it."""
    later = "bitShiftRight(bitShiftRight(back, cohort), 1)"
    most = question.intervals - 1
    if question.measure == "on_or_after":
        # There are columns up to the last return.
        last = f"least({marks.positions(later)}[-1] + toInt64({later} != 0), toInt64({most}))"
        return last, "range(toInt64(1), hit + 1)"
    if question.measure == "on":
        narrow = next(width for width in (8, 16, 32, 64) if most <= width)
        hit = f"toUInt{narrow}({marks.lowest(later, most, ruler.count)})"
    else:
        hit = " + ".join(
            f"bitShiftLeft(toUInt64({marks.among(later, first - 1, last, ruler.count)}), {number})"
            for number, (first, last) in enumerate(columns_of(question))
        )
    return hit, f"arrayMap(C -> C + 1, {marks.positions('hit')})"


def _selected(ask: Ask, question: Retention) -> tuple[str, str]:
    """The conditions of beginning and of coming back."""
    return selected(ask, question.start, "start.where"), selected(ask, question.return_, "return.where")


def _which(ask: Ask, question: Retention) -> str:
    """The events that must be read: of the range, and where the first of all time counts also earlier starts."""
    begins, returns = _selected(ask, question)
    when = ask.in_range()
    if question.start.first_time:
        when = f"({ask.between(None, ask.period.end_us)}) and ({begins} or {when})"
    names = named(ask, (question.start, question.return_))
    return both(when, names, f"{begins} or {returns}", common(ask))
