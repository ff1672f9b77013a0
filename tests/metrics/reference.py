"""Retention as slowly and plainly as it can be said: what the SQL is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Event = tuple[int, str]  # second, name


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
