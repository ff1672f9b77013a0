"""Funnels. Each person's events become one sorted array, and the steps are passes over it, without a loop a person.

Pass k holds, at every position, the newest attempt that has reached step k so far (the time it began), carried along
with `arrayFill`. A later start is never worse than an earlier one: its window ends later. So one number a position
is enough, and a funnel of n steps costs n passes. ClickHouse's own `windowFunnel` is not used: it lets one event
satisfy two steps and, when strict, stops for ever at a person's first violation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.metrics import people_sql
from dure.metrics.funnel_any import any_order
from dure.metrics.question import Funnel, Selector, seconds_of
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected

# Later than any event: there is no exclusion.
NEVER = 9_000_000_000_000_000


def statement(ask: Ask, question: Funnel) -> str:
    """One row a person (and value): `unit`, `value`, `reached` (steps, from 1) and `times` of the steps reached."""
    events = _events(ask, question)
    arrays = _arrays(question)
    if question.breakdown is not None and question.breakdown.attribution == "all":
        events = _each_value(events, question)
    if question.order == "any":
        return any_order(events, arrays, question)
    return _chains(events, arrays, question) if question.exclude else _passes(events, arrays, question)


def counts_sql(ask: Ask, question: Funnel) -> str:
    """One row a group: how many reached each step, and the seconds from the step before."""
    mandatory = [index for index, step in enumerate(question.steps) if not step.optional]
    columns = []
    for index, step in enumerate(question.steps):
        if step.optional:
            before = _before(question, index)
            holds = f"reached >= {mandatory.index(before) + 1} and aside[{index + 1}] > 0"
            spent = f"aside[{index + 1}] - times[{mandatory.index(before) + 1}]"
        else:
            place = mandatory.index(index) + 1
            holds, spent = f"reached >= {place}", f"times[{place}] - times[{max(place - 1, 1)}]"
        columns.append(f"countIf({holds})")
        columns.append(f"avgOrNullIf(({spent}) / 1e6, {holds})" if index else "NULL")
        columns.append(f"quantileExactInclusiveOrNullIf(0.5)(({spent}) / 1e6, {holds})" if index else "NULL")
    return f"select value, {', '.join(columns)} from ({statement(ask, question)}) where reached > 0 group by value"


def actors_sql(ask: Ask, question: Funnel, value: str | None = None) -> str:
    """People at a step with the times of their steps, the latest to begin first."""
    assert question.actors is not None  # noqa: S101
    mandatory = [index for index, step in enumerate(question.steps) if not step.optional]
    place = mandatory.index(question.actors.step) + 1
    which = f"reached = {place - 1}" if question.actors.dropped else f"reached >= {place}"
    group = "" if value is None else f" and value = {ask.words.text(value)}"
    return (
        f"select unit, value, reached, times from ({statement(ask, question)})"
        f" where {which}{group} order by times[1] desc, unit limit {question.actors.limit}"
    )


def answer(question: Funnel, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The answer out of `counts_sql`'s rows: people of all groups, and the groups by size where asked."""
    ordered = sorted(rows, key=lambda row: (-row[1], str(row[0])))
    if question.breakdown is None:
        return {"steps": _steps(question, ordered[0][1:] if ordered else None)}
    return {
        "groups": [
            {"value": row[0] if row[0] != "" else None, "steps": _steps(question, row[1:])}
            for row in ordered[: question.breakdown.limit]
        ]
    }


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
    if question.exclude:
        said.append(
            "An excluded event strictly between its steps removes the attempt, and a person whose furthest attempt it"
            " removed is counted at no step. It satisfies no step itself, unless it is selected exactly as that step."
        )
    if question.breakdown is not None:
        said.append(
            {
                "first": "A person's group is the first value along the matched events.",
                "last": "A person's group is the last value along the matched events.",
                "step": f"A person's group is the value at step {question.breakdown.step}.",
                "all": "Every matched event has the group's value; a person may be in several groups.",
            }[question.breakdown.attribution]
        )
    return said


# -- the events of each person ---------------------------------------------------------------------------------------


def _events(ask: Ask, question: Funnel) -> str:
    """One row a person: `unit` and, in order of time, arrays `t` (µs), `m` (steps as bits), `xm` (exclusions as bits)
    and `v` (values to group by).

    An event is packed into one number (time, place in a tie, steps, exclusions): sorting numbers is several times
    faster than sorting tuples.
    """
    excluded = [selected(ask, one, f"exclude[{index}].where") for index, one in enumerate(question.exclude)]
    bits = []
    for index, step in enumerate(question.steps):
        sql = selected(ask, step, f"steps[{index}].where")
        apart = [
            out for out, one in zip(excluded, question.exclude, strict=True)
            if (one.event, one.where) != (step.event, step.where) and _may_meet(one, step)
        ]  # fmt: skip
        sql = both(sql, *(f"not ({out})" for out in apart))
        bits.append(f"if({sql}, {1 << index}, 0)")
    columns = {
        "t": "toUnixTimestamp64Micro(time)",
        "m": " + ".join(bits),
        "x": " + ".join(f"if({sql}, {1 << index}, 0)" for index, sql in enumerate(excluded)) or "0",
    }
    trait = None
    if question.breakdown is not None:
        if question.breakdown.prop.startswith(("person.", "account.")):
            trait = question.breakdown.prop
        else:
            columns["value"] = text_of(question.breakdown.prop)
    every = [*question.steps, *question.exclude]
    which = "true" if question.order == "strict" else named(ask, every)
    source = people_sql.source(ask, columns, both(ask.in_range(), which, common(ask)), trait=trait)
    keep = "true" if question.order == "strict" else "m > 0 or x > 0"
    begins = "bitTest(groupBitOr(m), 0)" if question.order != "any" else "groupBitOr(m) > 0"
    steps, exclusions = len(question.steps), len(question.exclude)
    low = exclusions + steps
    shift = low + (steps + 1).bit_length()
    wide = "toUInt64" if shift + (ask.period.end_us - ask.period.start_us).bit_length() <= 64 else "toUInt128"
    origin = ask.period.start_us
    # Exclusions come first in a tie, then by the first step an event matches.
    rank = f"if(x > 0, 0, if(m = 0, {steps + 1}, bitCount(bitXor(m, m - 1))))"
    parts = [("t - " + str(origin), shift), (rank, low), ("m", exclusions), ("x", 0)]
    key = " + ".join(f"bitShiftLeft({wide}({part}), {places})" for part, places in parts)
    grouped = question.breakdown is not None
    packed = f"arraySort(groupArray(({key}, value)))" if grouped else f"arraySort(groupArray({key}))"
    people = f"select unit, {packed} as ev from ({source}) where {keep} group by unit having {begins}"
    keys = "arrayMap(E -> E.1, ev)" if grouped else "ev"
    arrays = {
        "unit": "unit",
        "t": f"arrayMap(K -> toInt64(bitShiftRight(K, {shift})) + {origin}, {keys})",
        "m": f"arrayMap(K -> toUInt32(bitAnd(bitShiftRight(K, {exclusions}), {(1 << steps) - 1})), {keys})",
    }
    if exclusions:
        arrays["xm"] = f"arrayMap(K -> toUInt32(bitAnd(K, {(1 << exclusions) - 1})), {keys})"
    if grouped:
        arrays["v"] = "arrayMap(E -> toString(E.2), ev)"
    return f"select {people_sql.listed(arrays)} from ({people})"


def _may_meet(one: Selector, other: Selector) -> bool:
    return one.event == other.event or "*" in (one.event, other.event)


def _arrays(question: Funnel) -> dict[str, str]:
    """For each exclusion an array, `x0`…: the time of the next one after a position."""
    arrays = {}
    if question.exclude:
        arrays["before"] = "arrayPopBack(arrayPushFront(t, toInt64(0)))"
    for index in range(len(question.exclude)):
        # Within a tie exclusions lie first, so the first of a tie tells whether the tie has one; what follows a
        # position is then always later in time.
        first = f"arrayMap((X, T, B) -> if(bitTest(X, {index}) and T != B, T, toInt64(0)), xm, t, before)"
        shifted = f"arrayPushBack(arrayPopFront({first}), toInt64({NEVER}))"
        arrays[f"x{index}"] = f"arrayReverseFill(one -> one != 0, {shifted})"
    return arrays


def _each_value(events: str, question: Funnel) -> str:
    """One row a person and value: only steps with that value count, whatever else happened still lies between."""
    kept = "unit, t, xm, v" if question.exclude else "unit, t, v"
    own = "arrayJoin(arrayDistinct(arrayFilter((V, M) -> M > 0, v, m)))"
    masked = "arrayMap((M, V) -> if(V = own, M, toUInt32(0)), steps, v)"
    return f"select {kept}, own, {masked} as m from (select {kept}, m as steps, {own} as own from ({events}))"


# -- the passes ------------------------------------------------------------------------------------------------------


def _passes(events: str, arrays: Mapping[str, str], question: Funnel) -> str:
    steps = [index for index, step in enumerate(question.steps) if not step.optional]
    window = seconds_of(question.window, "window") * 1_000_000
    names = dict(arrays)
    strict = question.order == "strict"
    if strict:
        names["last"] = "arrayMap((A, B) -> A != B, t, arrayPushBack(arrayPopFront(t), toInt64(0)))"
    for place, step in enumerate(steps, start=1):
        names |= _pass(place, step, question, window, strict)
    levels = range(len(steps), 0, -1)
    names["reached"] = _first_of({k: f"arrayMax(c{k}) > 0" for k in levels})
    names["began"] = _first_of({k: f"reached = {k}" for k in levels}, {k: f"arrayMax(c{k})" for k in levels})
    ats = ", ".join(f"indexOf(c{k}, began)" for k in range(1, len(steps) + 1))
    names["ats"] = f"arraySlice([{ats}], 1, reached)"
    names["times"] = "arrayMap(I -> t[I], ats)"
    names["aside"] = _asides(question, steps, window)
    names["value"] = _value(question, len(steps))
    return _layers(events, names, ("unit", "value", "reached", "times", "aside"))


def _pass(place: int, step: int, question: Funnel, window: int, strict: bool) -> dict[str, str]:
    """The arrays of one step: `c` who gets here at a position (when they began) and `s` the newest so far."""
    zero = "toInt64(0)"
    made: dict[str, str] = {}
    arguments = {"T": "t", "M": "m"}
    otherwise = zero
    if strict:
        # What is not carried on (-1) is lost (0), but within a tie nothing is lost: the tie's last event keeps every
        # step that any of its events met.
        made[f"b{place}"] = f"arrayFill(one -> one != 0, arrayMap((T, M) -> if(bitTest(M, {step}), T, {zero}), t, m))"
        arguments |= {"L": "last", "B": f"b{place}"}
        otherwise = f"if(not L or B = T, toInt64(-1), {zero})"
    if place == 1:
        can, began = f"bitTest(M, {step})", "T"
        if question.reentry == "first":
            made["opening"] = f"arrayFirst((T, M) -> bitTest(M, {step}), t, m)"
            can += " and T = opening"
    else:
        made[f"p{place}"] = f"arrayPopBack(arrayPushFront(s{place - 1}, {zero}))"
        arguments["P"] = f"p{place}"
        can, began = f"bitTest(M, {step}) and P > 0 and T - P <= {window}", "P"
    made[f"c{place}"] = (
        f"arrayMap(({', '.join(arguments)}) -> if({can}, {began}, {otherwise}), {', '.join(arguments.values())})"
    )
    made[f"s{place}"] = f"arrayFill(one -> one != {-1 if strict else 0}, c{place})"
    return made


def _chains(events: str, arrays: Mapping[str, str], question: Funnel) -> str:
    """With exclusions an older attempt, whose window ended earlier, may stand where a newer one was removed; so every
    start is judged. Passes from the last step to the first give each position its onward chain: for every step its
    time, the next exclusion after it, and its position."""
    count = len(question.steps)
    window = seconds_of(question.window, "window") * 1_000_000
    names = {**arrays, "places": "arrayMap(I -> toInt64(I), arrayEnumerate(t))"}
    for place in range(count, 0, -1):
        covering = _covering(question, place)
        letters = ", ".join(f"N{index}" for index in range(len(covering)))
        nearest = f"arrayMap(({letters}) -> least({letters}), {', '.join(covering)})" if len(covering) > 1 else ""
        names[f"n{place}"] = nearest or (covering[0] if covering else f"arrayMap(T -> toInt64({NEVER}), t)")
        onward = f"e{place + 1}" if place < count else "arrayMap(T -> emptyArrayInt64(), t)"
        names[f"w{place}"] = (
            f"arrayMap((M, T, X, I, E) -> if(bitTest(M, {place - 1}), arrayConcat([T, X, I], E), emptyArrayInt64()),"
            f" m, t, n{place}, places, {onward})"
        )
        none = f"[toInt64({NEVER}), toInt64({NEVER}), toInt64(0)]"
        names[f"e{place}"] = f"arrayReverseFill(E -> notEmpty(E), arrayPushBack(arrayPopFront(w{place}), {none}))"
    tests = [
        f"not (A[{3 * k + 1}] - A[1] <= {window} and A[{3 * k + 1}] <= A[{3 * k - 1}]), {k}" for k in range(1, count)
    ]
    reach = f"multiIf({', '.join(tests)}, {count})" if tests else "1"
    starts = "arrayFilter(A -> notEmpty(A), w1)"
    if question.reentry == "first":
        starts = f"arraySlice({starts}, 1, 1)"
    names["tries"] = f"arrayMap(A -> (toUInt8({reach}), A), {starts})"
    clean = f"(J.1 = {count} or J.2[3 * J.1 - 1] > J.2[1] + {window})"
    names["any_reached"] = "arrayMax(J -> J.1, tries)"
    names["clean_reached"] = f"arrayMax(J -> if({clean}, J.1, 0), tries)"
    # Someone whose furthest attempt was removed is gone, unless a clean one got as far.
    names["reached"] = "if(clean_reached < any_reached, 0, clean_reached)"
    names["best"] = f"arrayLast(J -> {clean} and J.1 = reached, tries).2"
    names["times"] = "arrayMap(K -> best[3 * K - 2], range(1, toUInt32(reached) + 1))"
    names["ats"] = "arrayMap(K -> best[3 * K], range(1, toUInt32(reached) + 1))"
    names["aside"] = "emptyArrayInt64()"
    names["value"] = _value(question, count)
    return _layers(events, names, ("unit", "value", "reached", "times", "aside"))


def _covering(question: Funnel, place: int) -> list[str]:
    """The exclusions that remove an attempt which has done `place` steps and not the next."""
    return [f"x{index}" for index, one in enumerate(question.exclude) if one.from_ + 1 <= place <= one.to]


def _asides(question: Funnel, steps: Sequence[int], window: int) -> str:
    """The times of optional steps: the first such event after the step before and not after the next one reached."""
    if len(steps) == len(question.steps):
        return "emptyArrayInt64()"
    found = []
    for index, step in enumerate(question.steps):
        if not step.optional:
            found.append("toInt64(0)")
            continue
        place = steps.index(_before(question, index)) + 1
        after = f"ats[{place}]"
        following = f"if(reached > {place}, ats[{place + 1}], length(t) + 1)" if place < len(steps) else "length(t) + 1"
        between = f"I > {after} and I < {following} and bitTest(M, {index}) and T - began <= {window}"
        found.append(f"if(reached >= {place}, arrayFirst((T, M, I) -> {between}, t, m, arrayEnumerate(t)), toInt64(0))")
    return f"[{', '.join(found)}]"


def _before(question: Funnel, index: int) -> int:
    """The last step before `index` that counts."""
    return max(place for place in range(index) if not question.steps[place].optional)


def _value(question: Funnel, count: int) -> str:
    if question.breakdown is None:
        return "''"
    match question.breakdown.attribution:
        case "all":
            return "own"
        case "step":
            place = 1 + sum(not step.optional for step in question.steps[: question.breakdown.step])
            return f"if(reached >= {place}, v[ats[{min(place, count)}]], '')"
        case "last":
            return "arrayLast(one -> one != '', arrayMap(I -> v[I], ats))"
        case _:
            return "arrayFirst(one -> one != '', arrayMap(I -> v[I], ats))"


def _first_of(tests: Mapping[int, str], values: Mapping[int, str] | None = None) -> str:
    parts = ", ".join(f"{test}, {values[key] if values else key}" for key, test in tests.items())
    return f"multiIf({parts}, 0)"


def _layers(events: str, names: Mapping[str, str], kept: Sequence[str]) -> str:
    """`with` names each array once, so that no expression is written out twice."""
    aliases = ", ".join(f"{sql} as {name}" for name, sql in names.items() if name not in kept)
    return f"with {aliases} select {', '.join(f'{names.get(name, name)} as {name}' for name in kept)} from ({events})"


def _steps(question: Funnel, row: Sequence[Any] | None) -> list[dict[str, Any]]:
    counts = [int(row[index * 3]) if row else 0 for index in range(len(question.steps))]
    answered = []
    for index, step in enumerate(question.steps):
        before = counts[_before(question, index)] if index else counts[0]
        answered.append(
            {
                "index": index,
                "event": step.event,
                "count": counts[index],
                "from_start": _rate(counts[index], counts[0]),
                "from_previous": _rate(counts[index], before),
                "average_seconds": row[index * 3 + 1] if row and index else None,
                "median_seconds": row[index * 3 + 2] if row and index else None,
            }
        )
    return answered


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
