"""A journey as slowly and plainly as it can be said: every rule is tried anew at every instant that could matter."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Event = tuple[int, str, str | None]  # microsecond, name, and for "Identified" the plan (None: taken away)
Move = tuple[int, int, int]  # from (-1: new to the map), to, microsecond


@dataclass(frozen=True)
class Clause:
    """`event`: at least so many of it within so many µs (None: ever). No event: the plan is `plus`."""

    event: str | None = None
    at_least: int = 1
    within: int | None = None


@dataclass(frozen=True)
class Stage:
    clauses: tuple[Clause, ...]
    holds: str = "once"
    patience: int | None = None
    function: str = ""


def true_at(clause: Clause, history: Sequence[Event], at: int) -> bool:
    if clause.event is None:
        told = [(when, plan == "plus") for when, name, plan in history if name == "Identified" and when <= at]
        return max(told)[1] if told else False
    times = sorted(when for when, name, _ in history if name == clause.event and when <= at)
    if len(times) < clause.at_least:
        return False
    return clause.within is None or at - times[-clause.at_least] <= clause.within


def held(stage: Stage, history: Sequence[Event], instants: Sequence[int], at: int) -> bool:
    tried = [one for one in instants if one <= at] if stage.holds == "once" else [at]
    return any(true_at(clause, history, one) for one in tried for clause in stage.clauses)


def moves(stages: Sequence[Stage], history: Sequence[Event], end: int) -> list[Move]:
    """Each change of a person's stage before `end`."""
    windows = [clause.within for stage in stages for clause in stage.clauses if clause.within is not None]
    instants = sorted(
        {when for when, _, _ in history} | {when + within + 1 for when, _, _ in history for within in windows}
    )
    stage, found = -1, []
    for at in instants:
        if at >= end:
            break
        now = max((n for n, one in enumerate(stages) if held(one, history, instants, at)), default=min(stage, 0))
        if now != stage:
            found.append((stage, now, at))
            stage = now
    return found


def activity(stages: Sequence[Stage], history: Sequence[Event], end: int) -> int:
    """A person's last event that a rule names."""
    named = {clause.event for stage in stages for clause in stage.clauses}
    return max((when for when, name, _ in history if name in named and when < end), default=0)


def standing(stages: Sequence[Stage], history: Sequence[Event], end: int) -> tuple[int, str, int] | None:
    """Stage, state, and µs since entering it."""
    way = moves(stages, history, end)
    if not way:
        return None
    _, stage, since = way[-1]
    acted = activity(stages, history, end)
    patience = stages[stage].patience
    if patience is not None and end - max(since, acted) > patience:
        return stage, "dropped", end - since
    return stage, "active" if acted > since else "waiting", end - since


def journey(
    stages: Sequence[Stage], histories: Sequence[Sequence[Event]], start: int, ends: Sequence[int]
) -> dict[str, Any]:
    """The answer, with numbers of stages for ids; `ends` are the ends of the range's intervals, the last its own."""
    end = ends[-1]
    ways = [moves(stages, history, end) for history in histories]
    inside = [[move for move in way if move[2] >= start] for way in ways]
    stands = [one for history in histories if (one := standing(stages, history, end)) is not None]
    spent: dict[tuple[int, int], list[float]] = {}
    for way in ways:
        for before, move in zip([None, *way], way, strict=False):
            if move[2] >= start:
                spent.setdefault(move[:2], []).append((move[2] - before[2]) / 1e6 if before else 0.0)
    flows = [
        {
            "from": None if a < 0 else a, "to": b, "people": sum(any(m[:2] == (a, b) for m in way) for way in inside),
            "median_seconds": None if a < 0 else median(times),
        }
        for (a, b), times in sorted(spent.items())
    ]  # fmt: skip
    present = Counter(stage for way in ways for stage in _present(way, start))
    return {
        "people": len(stands),
        "stages": [_stage(number, stands, inside) for number in range(len(stages))],
        "flows": flows,
        "handovers": [
            {**flow, "rate": flow["people"] / present[flow["from"]]}
            for flow in flows
            if flow["from"] is not None and flow["from"] < flow["to"] and _teams_differ(stages, flow)
        ],
        "series": [[sum(_at(way, over) == number for way in ways) for over in ends] for number in range(len(stages))],
    }


def _stage(number: int, stands: Sequence[tuple[int, str, int]], inside: Sequence[Sequence[Move]]) -> dict[str, Any]:
    here = [(state, waited / 1e6) for stage, state, waited in stands if stage == number]
    waits = sorted(waited for state, waited in here if state != "dropped")
    return {
        "people": len(here),
        **{state: sum(one == state for one, _ in here) for state in ("active", "waiting", "dropped")},
        "median_wait_seconds": _quantile(waits, 0.5), "p90_wait_seconds": _quantile(waits, 0.9),
        "entered": sum(any(to == number for _, to, _ in way) for way in inside),
        "left": sum(any(came == number for came, _, _ in way) for way in inside),
    }  # fmt: skip


def _present(way: Sequence[Move], start: int) -> Iterable[int]:
    """Every stage a person was in at some time of the range."""
    at_start = {_at(way, start)} - {-1}
    return at_start | {to for _, to, when in way if when >= start}


def _at(way: Sequence[Move], over: int) -> int:
    return next((to for _, to, when in reversed(way) if when < over), -1)


def _teams_differ(stages: Sequence[Stage], flow: dict[str, Any]) -> bool:
    ours, theirs = stages[flow["from"]].function, stages[flow["to"]].function
    return bool(ours and theirs) and ours != theirs


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Between the two nearest values, by where it falls."""
    if not values:
        return None
    place = (len(values) - 1) * share
    low, high = values[math.floor(place)], values[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))
