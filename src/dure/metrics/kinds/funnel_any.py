"""Funnels whose steps come in any order.

Where no event can be two steps, an attempt's steps are simply the next one of each kind after its beginning: one pass
a step. Where an event may be this step or that, a fold over a person's events knows, for every set of steps done, the
newest attempt that did exactly these. Sets double with each step, so such steps are few.
"""

from __future__ import annotations

from dure.metrics.kinds.funnel_events import NEVER, Course, attributed, least_of, nearest_exclusions, next_one, staged
from dure.metrics.kinds.funnel_excluded import judged
from dure.metrics.question import meet

_NOTHING = "emptyArrayInt64()"
_NEVER = f"toInt64({NEVER})"


def any_order(events: str, course: Course) -> str:
    """One row a person: `unit` (and `at`), `value`, `reached`, `times` of the steps in the order they were done.

    Exclusions count from the attempt's first event to its last, whatever steps they name.
    """
    question = course.question
    excluded = nearest_exclusions(question)
    stages = [excluded] if excluded else []
    stages += [{"nearest": least_of(list(excluded))}]
    stages += _folded(course) if meet(question.steps) else _nexts(course)
    stages += [{"aside": _NOTHING, "value": attributed(course)}]
    return staged(events, stages, (*course.kept, "value", "reached", "times", "aside"))


def _nexts(course: Course) -> list[dict[str, str]]:
    steps = range(len(course.question.steps))
    onward = {}
    for step in steps:
        following = next_one(f"arrayMap((M, T) -> if(bitTest(M, {step}), T, toInt64(0)), m, t)")
        # Not the step that the beginning is itself, nor one that an exclusion comes before.
        mine = f"if(bitTest(M, {step}) or X < R, {_NEVER}, R)"
        onward[f"w{step}"] = f"arrayMap((M, R, X) -> {mine}, m, {following}, nearest)"
    done = {f"done{step}": f"if(w{step}[best] <= began + {course.window}, w{step}[best], 0)" for step in steps}
    times = ", ".join(["began", *done])
    stages = [
        {**onward, "d1": "nearest"},
        *judged(course, list(onward), len(steps)),
        done,
        {"times": f"if(reached > 0, arraySort(arrayFilter(T -> T > 0, [{times}])), {_NOTHING})"},
    ]
    if not course.attribution:
        return stages
    at = {}
    for step in steps:
        this = f"T = done{step} and bitTest(M, {step}) and I > best"
        at[f"at{step}"] = f"arrayFirstIndex((T, M, I) -> {this}, t, m, arrayEnumerate(t))"
    found = ", ".join(["best", *at])
    ats = f"if(reached > 0, arraySort(arrayFilter(I -> I > 0, [{found}])), emptyArrayUInt32())"
    return [*stages, at, {"ats": ats}]


def _folded(course: Course) -> list[dict[str, str]]:
    """An attempt is an array: [when it began, position of its first event, the next exclusion, time and position of
    each further step…]."""
    question = course.question
    steps = len(question.steps)
    row = {"row": "arrayFilter(R -> R.2 > 0, arrayZip(t, m, nearest, arrayEnumerate(t)))"}
    if question.reentry == "first":
        row["opening"] = f"arrayFirst((I, M) -> {course.begins}, arrayEnumerate(t), m)"
    stages = [row]
    if question.exclude:
        stages += [
            {"every": _fold(course, clean=False), "clean": _fold(course, clean=True)},
            {"furthest": _furthest("every", steps), "clean_furthest": _furthest("clean", steps)},
            # One that did all its steps was done before the exclusion.
            {
                "standing": f"if(furthest = {steps}, {steps}, clean_furthest)",
                "chosen": f"if(furthest = {steps}, every, clean)",
            },
            {"reached": "if(standing < furthest, 0, standing)"},
        ]
    else:
        stages += [{"chosen": _fold(course, clean=False)}, {"reached": _furthest("chosen", steps)}]
    of_size = f"arrayFilter((A, size) -> size = reached and notEmpty(A), chosen, {_sizes(steps)})"
    stages += [{"attempt": f"arraySort(A -> -A[1], {of_size})[1]"}]
    last = {}
    for name, first, odd in (("times", 1, 0), ("ats", 2, 1)):
        rest = f"arrayFilter((T, I) -> I > 3 and I % 2 = {odd}, attempt, arrayEnumerate(attempt))"
        last[name] = f"arrayConcat([attempt[{first}]], {rest})"
    return [*stages, last]


def _fold(course: Course, *, clean: bool) -> str:
    steps = len(course.question.steps)
    start = course.begins.replace("M", "R.2")
    if clean:
        start += f" and R.3 > R.1 + {course.window}"
    if course.question.reentry == "first":
        start += " and R.4 = opening"
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
            can = f"bitTest(R.2, {step}) and notEmpty({had}) and R.1 - {had}[1] <= {course.window} and R.1 <= {had}[3]"
            candidates.append(f"if({can}, arrayConcat({had}, [R.1, toInt64(R.4)]), {_NOTHING})")
        listed = f"[{', '.join(candidates)}]"
        # Of equal beginnings the one that was there first is kept: its times are the earliest.
        states.append(f"arraySort(O -> -O[1], {listed})[1]")
    nothing = f"arrayWithConstant({1 << steps}, {_NOTHING})"
    return f"arrayFold((A, R) -> [{', '.join(states)}], row, {nothing})"


def _furthest(states: str, steps: int) -> str:
    return f"toUInt8(arrayMax((A, size) -> if(notEmpty(A), size, 0), {states}, {_sizes(steps)}))"


def _sizes(steps: int) -> str:
    """How many steps each set of them holds."""
    return f"[{', '.join(str(index.bit_count()) for index in range(1 << steps))}]"
