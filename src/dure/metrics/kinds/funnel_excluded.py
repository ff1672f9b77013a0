"""Ordered funnels with exclusions. An older attempt, whose window ended earlier, may stand where a newer one was
removed; so every beginning is judged by itself.

Passes go from the last step to the first. Each tells, for every position, how an attempt goes on whose next event is
the first of that step after the position: when it does this and each later step, and when an exclusion removes it.
"""

from __future__ import annotations

from dure.metrics.kinds.funnel_events import NEVER, Course, least_of, nearest_exclusions, next_one
from dure.metrics.kinds.funnel_passes import finished

_NEVER = f"toInt64({NEVER})"


def excluded(events: str, course: Course) -> str:
    """One row a person: `unit` (and `at`), `value`, `reached`, `times` of counting steps and `aside`, of optional."""
    count = len(course.counting)
    stages = [nearest_exclusions(course.question)]
    for place in range(count, 1, -1):
        onward = _onward(course, place, f"bitTest(M, {course.counting[place - 1]})")
        stages += [{name: next_one(f"arrayMap({marks})") for name, marks in onward.items()}]
    # Of each beginning: the same numbers of its own event, and out of them how far it got and whether it stands.
    stages += [{name: f"arrayMap({marks})" for name, marks in _onward(course, 1, course.begins).items()}]
    stages += judged(course, [f"r1_{place}" for place in range(2, count + 1)], count)
    times = ", ".join(["began", *(f"r1_{place}[best]" for place in range(2, count + 1))])
    stages += [{"times": f"arraySlice([{times}], 1, reached)"}]
    return finished(events, [*stages, *_positions(course)], course)


def judged(course: Course, onward: list[str], count: int) -> list[dict[str, str]]:
    """Stages that make `reached`, `began` and `best`, the position of the attempt that counts, out of the times of the
    steps that follow (`onward`) and of the removal (`d1`).

    A beginning's mark is twice the steps it did, and one more where it stands; 0 is no beginning.
    """
    letters = [f"R{index}" for index in range(len(onward))]
    done = " + ".join(["1", *(f"toUInt8({letter} <= T + {course.window})" for letter in letters)])
    starts = course.begins
    opening = {}
    if course.question.reentry == "first":
        opening = {"opening": f"arrayFirst((I, M) -> {course.begins}, arrayEnumerate(t), m)"}
        starts += " and I = opening"
    stands = f"if(D <= T + {course.window} and ({done}) < {count}, 0, 1)"
    tries = (
        f"arrayMap(({', '.join(['T', 'M', 'I', 'D', *letters])}) -> if({starts}, 2 * ({done}) + {stands}, 0),"
        f" {', '.join(['t', 'm', 'arrayEnumerate(t)', 'd1', *onward])})"
    )
    return [
        {**opening, "tries": tries},
        {"furthest": "intDiv(arrayMax(tries), 2)", "standing": "arrayMax(K -> if(K % 2 = 1, K, 0), tries)"},
        {
            # Someone whose furthest attempt was removed is gone, unless one that stands got as far.
            "reached": "if(intDiv(standing, 2) < furthest, 0, intDiv(standing, 2))",
            "began": "arrayMax((K, T) -> if(K = standing and K > 0, T, toInt64(0)), tries, t)",
        },
        {"best": "arrayFirstIndex((K, T) -> K = standing and T = began, tries, t)"},
    ]


def _onward(course: Course, place: int, mine: str) -> dict[str, str]:
    """At the events of a step (`mine`): `r{place}_…`, when it and the steps after are done, and `d{place}`, when the
    attempt is removed; 0 at other events."""
    count = len(course.counting)
    blocked = least_of(_covering(course, place))
    made = {f"r{place}_{place}": f"(M, T) -> if({mine}, T, toInt64(0)), m, t"}
    if place == count:
        return {**made, f"d{place}": f"M -> if({mine}, {_NEVER}, toInt64(0)), m"}
    following = f"r{place + 1}_{place + 1}"
    for later in range(place + 1, count + 1):
        made[f"r{place}_{later}"] = (
            f"(M, X, N, R) -> if({mine}, if(X < N, {_NEVER}, R), toInt64(0)), m, {blocked}, {following},"
            f" r{place + 1}_{later}"
        )
    made[f"d{place}"] = (
        f"(M, X, N, D) -> if({mine}, if(X < N, X, D), toInt64(0)), m, {blocked}, {following}, d{place + 1}"
    )
    return made


def _covering(course: Course, place: int) -> list[str]:
    """The exclusions that remove an attempt which has done `place` counting steps and not the next."""
    if place == len(course.counting):
        return []
    step, following = course.counting[place - 1], course.counting[place]
    return [
        f"x{index}" for index, one in enumerate(course.question.exclude) if one.from_ <= step and following <= one.to
    ]


def _positions(course: Course) -> list[dict[str, str]]:
    """Where in the arrays the matched events lie, where something hangs on it."""
    if not course.attribution and len(course.counting) == len(course.question.steps):
        return []
    stages = [{"at1": "best", **{f"done{place}": f"r1_{place}[best]" for place in range(2, len(course.counting) + 1)}}]
    for place, step in enumerate(course.counting[1:], start=2):
        this = f"T = done{place} and bitTest(M, {step}) and I > at{place - 1}"
        stages.append({f"at{place}": f"arrayFirstIndex((T, M, I) -> {this}, t, m, arrayEnumerate(t))"})
    every = ", ".join(f"at{place}" for place in range(1, len(course.counting) + 1))
    return [*stages, {"ats": f"arraySlice([{every}], 1, reached)"}]
