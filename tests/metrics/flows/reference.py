"""Paths, attribution, lifetime value and correlation as slowly and plainly as they can be said.

Times are whole minutes (or seconds) from the beginning of the range; who was merged is one history already.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median

Order = Callable[[str], int]
"""Which of two texts comes first at the same instant."""


@dataclass(frozen=True)
class Walk:
    """A question about paths in miniature."""

    start: str | None
    end: str | None
    steps: int
    gap: int
    align: str


@dataclass
class Flow:
    edges: Counter[tuple[str, str]] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    paths: int = 0


def paths(walk: Walk, histories: Sequence[Sequence[tuple[int, str]]], order: Order) -> Flow:
    flow = Flow()
    for history in histories:
        for session in sessions(walk.gap, sorted(history, key=lambda event: (event[0], order(event[1])))):
            nodes = [node for place, node in enumerate(session) if place == 0 or node != session[place - 1]]
            if walk.start:
                if walk.start not in nodes:
                    continue
                nodes = nodes[nodes.index(walk.start) :]
            if walk.end:
                behind = 1 if walk.start else 0
                if walk.end not in nodes[behind:]:
                    continue
                nodes = nodes[: nodes.index(walk.end, behind) + 1]
            from_the_end = walk.end and (walk.align == "end" or not walk.start)
            shown = nodes[-walk.steps :] if from_the_end else nodes[: walk.steps]
            first = walk.steps - len(shown) + 1 if walk.align == "end" else 1
            named = [f"{first + place}_{node}" for place, node in enumerate(shown)]
            flow.paths += 1
            flow.nodes.update(named)
            flow.edges.update(itertools.pairwise(named))
            if not walk.end and len(nodes) <= walk.steps:
                flow.ended[named[-1]] += 1
    return flow


def sessions(gap: int, events: Sequence[tuple[int, str]]) -> list[list[str]]:
    found: list[list[str]] = []
    for place, (at, node) in enumerate(events):
        if place == 0 or at - events[place - 1][0] > gap:
            found.append([])
        found[-1].append(node)
    return found


SHAPES = {"u": (40, 20, 40), "j": (20, 20, 60), "inverse_j": (60, 20, 20)}


def credit(
    model: str, lookback: int, touches: Sequence[tuple[int, str]], conversions: Sequence[int], order: Order, which: str
) -> tuple[dict[str, float], Counter[str]]:
    """Credit and conversions by value of one person's touches; the empty value is direct."""
    given: dict[str, float] = defaultdict(float)
    took_part: Counter[str] = Counter()
    ordered = sorted(touches, key=lambda touch: (touch[0], order(touch[1]) if touch[1] else -1))
    picked = {"every": sorted(conversions), "first": sorted(conversions)[:1], "last": sorted(conversions)[-1:]}[which]
    for at in picked:
        within = [touch for touch in ordered if at - lookback <= touch[0] <= at] or [(at, "")]
        shares = shared(model, within, at)
        for value, share in shares:
            given[value] += float(share)
        took_part.update({value for value, _ in shares})
    return given, took_part


def shared(model: str, within: Sequence[tuple[int, str]], at: int) -> list[tuple[str, Fraction | float]]:
    values = [value for _, value in within]
    match model:
        case "first":
            return [(values[0], Fraction(1))]
        case "last":
            return [(values[-1], Fraction(1))]
        case "last_non_direct":
            return [(([value for value in values if value] or [""])[-1], Fraction(1))]
        case "participation":
            return [(value, Fraction(1)) for value in sorted(set(values))]
        case "time_decay":
            raw = [Fraction(2 ** ((touched - at) / (7 * 1440))) for touched, _ in within]
        case "linear":
            raw = [Fraction(1)] * len(values)
        case _:
            first, middle, last = SHAPES[model]
            between = Fraction(middle, max(len(values) - 2, 1))
            raw = [
                Fraction(first) if place == 0 else Fraction(last) if place == len(values) - 1 else between
                for place in range(len(values))
            ]
    return [(value, part / sum(raw)) for value, part in zip(values, raw, strict=True)]


@dataclass
class Lifetime:
    """Of hourly cohorts: size, cents by hour since, buyers by hour since; and of everybody the orders and waits."""

    size: Counter[int] = field(default_factory=Counter)
    cents: Counter[tuple[int, int]] = field(default_factory=Counter)
    buyers: Counter[tuple[int, int]] = field(default_factory=Counter)
    orders: Counter[int] = field(default_factory=Counter)
    waits: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def median_wait(self, order: int) -> float | None:
        return median(self.waits[order]) * 60 if self.waits[order] else None


def lifetime(own_start: bool, people: Sequence[tuple[Sequence[int], Sequence[tuple[int, int]]]]) -> Lifetime:
    """`people` are starts and purchases (minute, cents); what lies before minute 0 lies before the range."""
    told = Lifetime()
    for starts, purchases in people:
        begun = list(starts) if own_start else [at for at, _ in purchases]
        if not begun or min(begun) < 0:
            continue
        cohort = min(begun) // 60
        told.size[cohort] += 1
        since = sorted(at for at, _ in purchases if at >= min(begun))
        for at, cents in purchases:
            if at >= min(begun):
                told.cents[cohort, at // 60 - cohort] += cents
        told.buyers.update({(cohort, at // 60 - cohort) for at in since})
        if since:
            told.orders[len(since)] += 1
        for order, (one, other) in enumerate(itertools.pairwise(since), start=1):
            told.waits[order].append(other - one)
    return told


def earlier(window: int, histories: Sequence[Sequence[tuple[int, str]]]) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """Who began (`S`, from minute 0 to 59), who reached `G` within the window, and by event who did it in between and
    how many of those reached."""
    started = reached = 0
    did: dict[str, list[bool]] = defaultdict(list)
    for history in histories:
        begun = [at for at, name in history if name == "S" and 0 <= at < 60]
        if not begun:
            continue
        first = min(begun)
        goals = [at for at, name in history if name == "G" and first < at <= first + window]
        cut = min(goals) if goals else first + window + 1
        started, reached = started + 1, reached + bool(goals)
        for name in {name for at, name in history if first < at < cut}:
            did[name].append(bool(goals))
    return started, reached, {name: (len(done), sum(done)) for name, done in did.items()}
