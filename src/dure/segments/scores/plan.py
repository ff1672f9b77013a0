"""Which dates a score learns from and is tested at, and what is missing where there is too little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.segments.scores.model import DAY, Settings

TESTS = 3
LEARNED = 3
FEWEST_PEOPLE = 200
FEWEST_OUTCOMES = 50
FEWEST_TESTED = 25
"""At one date of the past: fewer of either outcome say nothing about a ranking."""


Lacking = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Dates:
    """Seconds since 1970. A model tested at `tests[i]` learns from the cut-offs `learned[i]`, whose outcomes were known
    by then; the one that is kept learns from `last`."""

    tests: tuple[float, ...]
    learned: tuple[tuple[float, ...], ...]
    last: tuple[float, ...]


def dates(settings: Settings, begin: float, now: float) -> Dates | Lacking:
    """The dates of a log that begins at `begin`; or how many days of it are missing."""
    known = (settings.gap_days + settings.horizon_days) * DAY
    step = settings.horizon_days * DAY
    # Somebody must be there to learn of: at least as long as one horizon before the first cut-off.
    needed = 2 * known + (TESTS - 1) * step / 2 + settings.horizon_days * DAY
    if now - begin < needed:
        return {"code": "short_history", "have": int((now - begin) / DAY), "need": int(needed / DAY) + 1}
    space = (now - begin - 2 * known - settings.horizon_days * DAY) / (TESTS - 1)
    step = min(step, space)
    tests = tuple(now - known - number * step for number in range(TESTS))
    first = begin + settings.horizon_days * DAY
    return Dates(tests, tuple(_before(test - known, step, first) for test in tests), _before(now - known, step, first))


def _before(latest: float, step: float, first: float) -> tuple[float, ...]:
    """The latest cut-off and up to two before it, as far as there is a history for them."""
    found = [latest - number * step for number in range(LEARNED)]
    return tuple(one for one in found if one >= first - 1) or (latest,)


def missing(people: int, positives: int, negatives: int, outcomes: int = FEWEST_OUTCOMES) -> Lacking | None:
    """What there is too little of, as a code with how many there are and how many it takes."""
    for code, have, need in (
        ("few_people", people, FEWEST_PEOPLE), ("few_positives", positives, outcomes),
        ("few_negatives", negatives, outcomes),
    ):  # fmt: skip
        if have < need:
            return {"code": code, "have": have, "need": need}
    return None


def averaged(values: Sequence[float]) -> float:
    return sum(values) / len(values)
