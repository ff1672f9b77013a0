"""Funnels whose steps come in any order: a fold over a person's events that knows, for every set of steps done, the
newest attempt that did exactly these (its times in order). Sets double with each step, so steps are few."""

from __future__ import annotations

from collections.abc import Mapping

from dure.metrics.question import Funnel, seconds_of

_NOTHING = "emptyArrayInt64()"
NEVER = 9_000_000_000_000_000


def any_order(events: str, arrays: Mapping[str, str], question: Funnel) -> str:
    """One row a person (and value): unit, value, reached, times, aside; `events` gives `unit` and the arrays.

    An attempt is an array: [when it began, position of its first event, the next exclusion, time and position of
    each further step…]. Exclusions count from the attempt's first event to its last, whatever steps they name.
    """
    steps = len(question.steps)
    full = (1 << steps) - 1
    window = seconds_of(question.window, "window") * 1_000_000
    names = dict(arrays)
    nexts = [f"x{index}" for index in range(len(question.exclude))]
    if not nexts:
        names["nx"] = f"arrayMap(T -> toInt64({NEVER}), t)"
    elif len(nexts) == 1:
        names["nx"] = nexts[0]
    else:
        letters = ", ".join(f"N{index}" for index in range(len(nexts)))
        names["nx"] = f"arrayMap(({letters}) -> least({letters}), {', '.join(nexts)})"
    names["row"] = "arrayFilter(R -> R.2 > 0, arrayZip(t, m, nx, arrayEnumerate(t)))"
    if question.reentry == "first":
        names["opened"] = "row[1].4"
    names["best"] = _fold(steps, window, question.reentry == "first", clean=False)
    names["any_reached"] = _furthest("best", steps)
    if question.exclude:
        names["clean"] = _fold(steps, window, question.reentry == "first", clean=True)
        names["clean_reached"] = f"if(any_reached = {steps}, {steps}, {_furthest('clean', steps)})"
        chosen = f"if(any_reached = {steps}, best, clean)"
        names["reached"] = "if(clean_reached < any_reached, 0, clean_reached)"
    else:
        chosen = "best"
        names["reached"] = "any_reached"
    sizes = f"[{', '.join(str(index.bit_count()) for index in range(full + 1))}]"
    names["attempt"] = (
        f"arraySort(A -> -A[1], arrayFilter((A, size) -> size = reached and notEmpty(A), {chosen}, {sizes}))[1]"
    )
    for name, first, odd in (("times", 1, 0), ("ats", 2, 1)):
        rest = f"arrayFilter((T, I) -> I > 3 and I % 2 = {odd}, attempt, arrayEnumerate(attempt))"
        names[name] = f"arrayConcat([attempt[{first}]], {rest})"
    names["aside"] = _NOTHING
    names["value"] = _value(question)
    kept = ("unit", "value", "reached", "times", "aside")
    aliases = ", ".join(f"{sql} as {name}" for name, sql in names.items() if name not in kept)
    return f"with {aliases} select {', '.join(f'{names.get(name, name)} as {name}' for name in kept)} from ({events})"


def _fold(steps: int, window: int, first: bool, *, clean: bool) -> str:
    start = f"R.3 > R.1 + {window}" if clean else "true"
    if first:
        start += " and R.4 = opened"
    states = [_NOTHING]
    for done in range(1, 1 << steps):
        candidates = [f"A[{done + 1}]"]
        for step in range(steps):
            if not done & 1 << step:
                continue
            before = done & ~(1 << step)
            if before == 0:
                candidates.append(f"if(bitTest(R.2, {step}) and {start}, [R.1, toInt64(R.4), R.3], {_NOTHING})")
                continue
            had = f"A[{before + 1}]"
            can = f"bitTest(R.2, {step}) and notEmpty({had}) and R.1 - {had}[1] <= {window} and R.1 <= {had}[3]"
            candidates.append(f"if({can}, arrayConcat({had}, [R.1, toInt64(R.4)]), {_NOTHING})")
        listed = f"[{', '.join(candidates)}]"
        # Of equal beginnings the one that was there first is kept: its times are the earliest.
        states.append(f"arraySort(O -> -O[1], {listed})[1]")
    nothing = f"arrayWithConstant({1 << steps}, {_NOTHING})"
    return f"arrayFold((A, R) -> [{', '.join(states)}], row, {nothing})"


def _furthest(states: str, steps: int) -> str:
    sizes = f"[{', '.join(str(index.bit_count()) for index in range(1 << steps))}]"
    return f"toUInt8(arrayMax((A, size) -> if(notEmpty(A), size, 0), {states}, {sizes}))"


def _value(question: Funnel) -> str:
    if question.breakdown is None:
        return "''"
    match question.breakdown.attribution:
        case "all":
            return "own"
        case "step":
            return "v[ats[1]]"
        case "last":
            return "arrayLast(one -> one != '', arrayMap(I -> v[I], ats))"
        case _:
            return "arrayFirst(one -> one != '', arrayMap(I -> v[I], ats))"
