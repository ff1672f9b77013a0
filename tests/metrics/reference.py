"""Funnels and retention as slowly and plainly as they can be said: what the SQL is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Event = tuple[int, str]  # second, name


@dataclass(frozen=True)
class Spec:
    """A funnel in miniature: names of steps (`*` is any), window in seconds, exclusions as (name, from, to)."""

    steps: tuple[str, ...]
    order: str
    window: int
    reentry: str
    exclude: tuple[tuple[str, int, int], ...]


def funnel(spec: Spec, history: Sequence[Event]) -> tuple[int, int]:
    """How many steps a person reached, and when that attempt began (0 where none)."""
    events = in_tie_order(spec, history)
    starts = [index for index, (_, name) in enumerate(events) if _begins(spec, name)]
    if spec.reentry == "first":
        starts = starts[:1]
    follow = {"ordered": _ordered, "strict": _strict, "any": _any}[spec.order]
    attempts = [(events[index][0], *follow(spec, events, index)) for index in starts]
    furthest = max((reach for _, reach, _ in attempts), default=0)
    clean = [(reach, began) for began, reach, removed in attempts if not removed]
    if max(clean, default=(0, 0))[0] < furthest:
        return 0, 0
    return max(clean, default=(0, 0))


def in_tie_order(spec: Spec, history: Sequence[Event]) -> list[Event]:
    """By time; in a tie exclusions first, then by the first step an event matches, those that match none last."""

    def place(event: Event) -> tuple[int, int, list[int]]:
        matched = [index for index in range(len(spec.steps)) if _matches(spec, index, event[1])]
        excluded = any(event[1] == name for name, _, _ in spec.exclude)
        return event[0], -1 if excluded else matched[0] if matched else 99, matched

    return sorted(history, key=place)


def _matches(spec: Spec, step: int, name: str) -> bool:
    if any(name == excluded and spec.steps[step] != excluded for excluded, _, _ in spec.exclude):
        return False
    return spec.steps[step] in ("*", name)


def _begins(spec: Spec, name: str) -> bool:
    steps = range(len(spec.steps)) if spec.order == "any" else range(1)
    return any(_matches(spec, step, name) for step in steps)


def _removed(spec: Spec, events: Sequence[Event], level: int, after: int, before: int) -> bool:
    """Whether an exclusion that holds once `level` steps are done lies strictly between the two times."""
    return any(
        name == excluded and first + 1 <= level <= last and after < at < before
        for at, name in events
        for excluded, first, last in spec.exclude
    )


def _ordered(spec: Spec, events: Sequence[Event], start: int) -> tuple[int, bool]:
    began, reach, last = events[start][0], 1, events[start][0]
    for at, name in events[start + 1 :]:
        if reach < len(spec.steps) and at - began <= spec.window and _matches(spec, reach, name):
            if _removed(spec, events, reach, last, at):
                return reach, True
            reach, last = reach + 1, at
    return reach, reach < len(spec.steps) and _removed(spec, events, reach, last, began + spec.window + 1)


def _strict(spec: Spec, events: Sequence[Event], start: int) -> tuple[int, bool]:
    began = events[start][0]
    alive, best = {1}, 1
    times = sorted({at for at, _ in events if at >= began})
    for at in times:
        tie = [name for index, (when, name) in enumerate(events) if when == at and index > start]
        for name in tie:
            alive |= {
                level + 1
                for level in alive
                if level < len(spec.steps) and at - began <= spec.window and _matches(spec, level, name)
            }
        met = [name for when, name in events if when == at]
        alive = {level for level in alive if any(_matches(spec, level - 1, name) for name in met)}
        best = max([best, *alive])
    return best, False


def _any(spec: Spec, events: Sequence[Event], start: int) -> tuple[int, bool]:
    began = events[start][0]
    stop = min(
        (at for at, name in events for excluded, _, _ in spec.exclude if name == excluded and at > began), default=10**9
    )
    within = [name for at, name in events[start + 1 :] if at - began <= spec.window and at <= stop]

    def most(done: frozenset[int], index: int) -> int:
        if index == len(within):
            return len(done)
        best = most(done, index + 1)
        for step in set(range(len(spec.steps))) - done:
            if _matches(spec, step, within[index]):
                best = max(best, most(done | {step}, index + 1))
        return best

    firsts = [step for step in range(len(spec.steps)) if _matches(spec, step, events[start][1])]
    reach = max(most(frozenset({step}), 0) for step in firsts)
    return reach, reach < len(spec.steps) and stop <= began + spec.window


@dataclass(frozen=True)
class Cohorts:
    """A retention in miniature, over hours 0 to `hours`; events are minutes."""

    hours: int
    mode: str
    measure: str
    brackets: tuple[int, ...]
    minimum: int
    first_time: bool


def retention(spec: Cohorts, histories: Sequence[Sequence[Event]]) -> list[list[int]]:
    """The triangle: `in` begins, `back` returns; minutes below 0 lie before the range."""
    columns = (
        list(zip([1, *(last + 1 for last in spec.brackets)], spec.brackets, strict=False))
        if spec.measure == "bracket"
        else [(n, n if spec.measure == "on" else 10**6) for n in range(1, spec.hours)]
    )
    triangle = []
    for cohort in range(spec.hours):
        counts = [0] * (1 + sum(cohort + first < spec.hours for first, _ in columns))
        for history in histories:
            began = sorted(at for at, name in history if name == "in")
            if spec.first_time:
                began = began[:1]
            here = [at for at in began if at // 60 == cohort]
            if not here:
                continue
            counts[0] += 1
            back = [at for at, name in history if name == "back" and 0 <= at < spec.hours * 60]
            if spec.mode == "rolling":
                numbers = [(at - here[0]) // 60 for at in back if at >= here[0]]
            else:
                numbers = [at // 60 - cohort for at in back]
            for number, (first, last) in enumerate(columns[: len(counts) - 1], start=1):
                counts[number] += sum(first <= one <= last for one in numbers) >= spec.minimum
        triangle.append(counts)
    return triangle
