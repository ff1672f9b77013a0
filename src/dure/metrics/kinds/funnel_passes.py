"""Ordered and strict funnels: a pass over the array for each step, without a loop a person.

A pass holds, at every position, the newest attempt that has reached its step so far (the time it began), carried along
with `arrayFill`. A later start is never worse than an earlier one: its window ends later. So one number a position is
enough, and a funnel of n steps costs n passes. ClickHouse's own `windowFunnel` is not used: it lets one event satisfy
two steps and, when strict, stops for ever at a person's first violation.
"""

from __future__ import annotations

from collections.abc import Sequence

from dure.metrics.kinds.funnel_events import Course, attributed, staged

_ZERO = "toInt64(0)"


def passes(events: str, course: Course) -> str:
    """One row a person: `unit` (and `at`), `value`, `reached`, `times` of counting steps and `aside`, of optional."""
    question, counting = course.question, course.counting
    strict = question.order == "strict"
    stages = []
    if strict:
        stages.append({"last": "arrayMap((A, B) -> A != B, t, arrayPushBack(arrayPopFront(t), toInt64(0)))"})
    # A strict attempt that leaves an optional step out must find the next one at its place, so there every step is a
    # pass; in an ordered one what lies between does not matter, and optional steps are looked up at the end.
    stages += [_pass(course, index) for index in (range(len(question.steps)) if strict else counting)]
    places = range(len(counting), 0, -1)
    furthest = ", ".join(f"g{counting[place - 1]} > 0, {place}" for place in places)
    began = ", ".join(f"g{counting[place - 1]} > 0, g{counting[place - 1]}" for place in places)
    stages += [
        {f"g{index}": f"arrayMax(c{index})" for index in counting},
        {"reached": f"multiIf({furthest}, 0)", "began": f"multiIf({began}, toInt64(0))"},
        {f"i{index}": f"indexOf(c{index}, began)" for index in counting},
        {
            "ats": f"arraySlice([{', '.join(f'i{index}' for index in counting)}], 1, reached)",
            "times": f"arraySlice([{', '.join(f't[i{index}]' for index in counting)}], 1, reached)",
        },
    ]
    return finished(events, stages, course)


def finished(events: str, stages: list[dict[str, str]], course: Course) -> str:
    """The row out of `reached`, `times` and `ats`: with it the optional steps and the group's value."""
    asides = {index: f"aside{index}" for index, step in enumerate(course.question.steps) if step.optional}
    at = [
        f"if({asides[index]} > 0, t[{asides[index]}], {_ZERO})" if index in asides else _ZERO
        for index in range(len(course.question.steps))
    ]
    last = {
        "aside": f"[{', '.join(at)}]" if asides else "emptyArrayInt64()",
        "value": attributed(course, asides),
    }
    stages = [*stages, *({name: _aside(course, index)} for index, name in asides.items()), last]
    return staged(events, stages, (*course.kept, "value", "reached", "times", "aside"))


def _pass(course: Course, index: int) -> dict[str, str]:
    """The arrays of one step: `c` who gets here at a position (when they began) and `s` the newest so far."""
    strict = course.question.order == "strict"
    made: dict[str, str] = {}
    arguments = {"T": "t", "M": "m"}
    otherwise = _ZERO
    if strict:
        # What is not carried on (-1) is lost (0), but within a tie nothing is lost: the tie's last event keeps every
        # step that any of its events met.
        made[f"b{index}"] = f"arrayFill(one -> one != 0, arrayMap((T, M) -> if(bitTest(M, {index}), T, {_ZERO}), t, m))"
        arguments |= {"L": "last", "B": f"b{index}"}
        otherwise = f"if(not L or B = T, toInt64(-1), {_ZERO})"
    if index == 0:
        can, began = course.begins, "T"
        if course.question.reentry == "first":
            made["opening"] = f"arrayFirst((T, M) -> {course.begins}, t, m)"
            can += " and T = opening"
    else:
        before = _befores(course, index)
        made[f"p{index}"] = f"arrayPopBack(arrayPushFront({_newest(before)}, {_ZERO}))"
        arguments["P"] = f"p{index}"
        can, began = f"bitTest(M, {index}) and P > 0 and T - P <= {course.window}", "P"
    made[f"c{index}"] = (
        f"arrayMap(({', '.join(arguments)}) -> if({can}, {began}, {otherwise}), {', '.join(arguments.values())})"
    )
    made[f"s{index}"] = f"arrayFill(one -> one != {-1 if strict else 0}, c{index})"
    return made


def _befores(course: Course, index: int) -> Sequence[int]:
    """The steps that an attempt may come from: the one that counts before, and optional ones in between."""
    first = course.before(index)
    return range(first, index) if course.question.order == "strict" else (first,)


def _newest(steps: Sequence[int]) -> str:
    letters = ", ".join(f"S{step}" for step in steps)
    arrays = ", ".join(f"s{step}" for step in steps)
    return f"arrayMap(({letters}) -> greatest({letters}), {arrays})" if len(steps) > 1 else arrays


def _aside(course: Course, index: int) -> str:
    """The position of an optional step: its first event after the step before that was done, and before the next
    counting step that was reached; 0 where it was left out."""
    before = course.before(index)
    place = course.counting.index(before) + 1
    following = (
        f"if(reached > {place}, ats[{place + 1}], length(t) + 1)" if place < len(course.counting) else "length(t) + 1"
    )
    if course.question.order == "strict":
        found = f"indexOf(c{index}, began)"
        return f"if(reached >= {place} and {found} > ats[{place}] and {found} < {following}, {found}, 0)"
    skipped = [f"aside{one}" for one in range(before + 1, index)]
    after = f"greatest({', '.join([f'ats[{place}]', *skipped])})" if skipped else f"ats[{place}]"
    between = f"I > {after} and I < {following} and bitTest(M, {index}) and T - times[1] <= {course.window}"
    return f"if(reached >= {place}, arrayFirst((I, T, M) -> {between}, arrayEnumerate(t), t, m), 0)"
