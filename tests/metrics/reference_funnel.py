"""Funnels as slowly and plainly as they can be said: every beginning is tried, event by event."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Event = tuple[int, str, str]  # when, name, value to group by (empty: none)
_NEVER = 10**9


@dataclass(frozen=True)
class Spec:
    """A funnel in miniature: names of steps (`*` is any), the indices of optional ones, the window, exclusions as
    (name, from, to), and how a group is found (`first`, `last`, `all`, `step`; empty: no groups)."""

    steps: tuple[str, ...]
    order: str
    window: int
    reentry: str = "any"
    exclude: tuple[tuple[str, int, int], ...] = ()
    optional: tuple[int, ...] = ()
    attribution: str = ""
    attributed: int = 0

    @property
    def counting(self) -> list[int]:
        return [index for index in range(len(self.steps)) if index not in self.optional]


@dataclass
class Attempt:
    """Where an attempt's steps lie in the person's events: by counting steps, and of optional ones by index."""

    places: list[int]
    removed: bool = False
    asides: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """What is known of a person: the group, how many counting steps, when these were, and when the optional ones."""

    value: str
    steps: int
    times: tuple[int, ...]
    asides: tuple[tuple[int, int], ...] = ()


def funnel(
    spec: Spec, history: Sequence[Event], may_begin: Callable[[int], bool] = lambda at: True
) -> Iterator[Reached]:
    """The attempt that counts, or none; with the attribution `all` one for every value that got anywhere."""
    if spec.attribution != "all":
        yield from _funnel(spec, history, None, may_begin)
        return
    for value in sorted({event[2] for event in history if _mask(spec, event)}):
        yield from _funnel(spec, history, value, may_begin)


def _funnel(
    spec: Spec, history: Sequence[Event], only: str | None, may_begin: Callable[[int], bool]
) -> Iterator[Reached]:
    events = in_tie_order(spec, history)
    matched = [_matched(spec, event) if only in (None, event[2]) else set() for event in events]
    starts = [index for index, steps in enumerate(matched) if (steps if spec.order == "any" else 0 in steps)]
    starts = [index for index in starts if may_begin(events[index][0])]
    if spec.reentry == "first":
        starts = starts[:1]
    follow = {"ordered": _ordered, "strict": _strict, "any": _any}[spec.order]
    attempts = [follow(spec, events, matched, index) for index in starts]
    furthest = max((len(attempt.places) for attempt in attempts), default=0)
    standing = [attempt for attempt in attempts if not attempt.removed and len(attempt.places) == furthest]
    if not standing:
        return
    # The latest to begin, and of those at one instant the first.
    best = max(standing, key=lambda attempt: (events[attempt.places[0]][0], -attempt.places[0]))
    yield Reached(
        _value(spec, events, best) if only is None else only,
        furthest,
        tuple(events[place][0] for place in best.places),
        tuple((index, events[place][0]) for index, place in sorted(best.asides.items())),
    )


def in_tie_order(spec: Spec, history: Sequence[Event]) -> list[Event]:
    """By time; in a tie exclusions first, then by the first step an event matches, those that match none last."""

    def place(event: Event) -> tuple[int, int, int, list[int], str]:
        matched = _matched(spec, event)
        excluded = [index for index, (name, _, _) in enumerate(spec.exclude) if name == event[1]]
        rank = -1 if excluded else min(matched, default=99)
        return event[0], rank, _mask(spec, event), excluded, event[2]

    return sorted(history, key=place)


def _matched(spec: Spec, event: Event) -> set[int]:
    """The steps that an event may be. An excluded one is none, unless it is selected exactly as that step."""
    return {
        index
        for index, step in enumerate(spec.steps)
        if step in ("*", event[1]) and not any(event[1] == name != step for name, _, _ in spec.exclude)
    }


def _mask(spec: Spec, event: Event) -> int:
    return sum(1 << index for index in _matched(spec, event))


def _removed(spec: Spec, events: Sequence[Event], step: int, following: int, after: int, before: int) -> bool:
    """Whether an exclusion that lies between a step and the one that follows is strictly between two times."""
    return any(
        name == excluded and first <= step and following <= last and after < at < before
        for at, name, _ in events
        for excluded, first, last in spec.exclude
    )


def _ordered(spec: Spec, events: Sequence[Event], matched: Sequence[set[int]], start: int) -> Attempt:
    began = events[start][0]
    attempt = Attempt([start])
    todo = spec.counting[1:]
    for index in range(start + 1, len(events)):
        at = events[index][0]
        if todo and at - began <= spec.window and todo[0] in matched[index]:
            step = spec.counting[len(attempt.places) - 1]
            if _removed(spec, events, step, todo[0], events[attempt.places[-1]][0], at):
                attempt.removed = True
                return attempt
            attempt.places.append(index)
            todo = todo[1:]
    if todo:
        step, last = spec.counting[len(attempt.places) - 1], events[attempt.places[-1]][0]
        attempt.removed = _removed(spec, events, step, todo[0], last, began + spec.window + 1)
    for optional in spec.optional:
        before = [step for step in spec.counting if step < optional]
        if len(before) > len(attempt.places):
            continue
        after = max([attempt.places[len(before) - 1], *(p for s, p in attempt.asides.items() if s > before[-1])])
        until = attempt.places[len(before)] if len(before) < len(attempt.places) else len(events)
        for index in range(after + 1, until):
            if optional in matched[index] and events[index][0] - began <= spec.window:
                attempt.asides[optional] = index
                break
    return attempt


def _strict(spec: Spec, events: Sequence[Event], matched: Sequence[set[int]], start: int) -> Attempt:
    """Which steps may be the last one done, event by event: what lies between must be a repeat of it, but within a
    tie nothing lies between."""
    began = events[start][0]
    alive, arrived = {0}, {0: start}
    for at in sorted({at for at, _, _ in events if at >= began}):
        tie = [index for index, event in enumerate(events) if event[0] == at]
        for index in tie:
            if index <= start or at - began > spec.window:
                continue
            for step in matched[index] - {0}:
                befores = range(max(one for one in spec.counting if one < step), step)
                if alive & set(befores) and step not in alive:
                    arrived.setdefault(step, index)
            alive |= {
                step
                for step in matched[index] - {0}
                if alive & set(range(max(one for one in spec.counting if one < step), step))
            }
        alive = {step for step in alive if any(step in matched[index] for index in tie)}
    attempt = Attempt([arrived[step] for step in spec.counting if step in arrived])
    for optional in spec.optional:
        before = sum(step < optional for step in spec.counting)
        if optional not in arrived or before > len(attempt.places):
            continue
        until = attempt.places[before] if before < len(attempt.places) else len(events)
        if attempt.places[before - 1] < arrived[optional] < until:
            attempt.asides[optional] = arrived[optional]
    return attempt


def _any(spec: Spec, events: Sequence[Event], matched: Sequence[set[int]], start: int) -> Attempt:
    began = events[start][0]
    stop = min(
        (at for at, name, _ in events for excluded, _, _ in spec.exclude if name == excluded and at > began),
        default=_NEVER,
    )
    within = [
        index
        for index in range(start + 1, len(events))
        if events[index][0] - began <= spec.window and events[index][0] <= stop
    ]

    @functools.cache
    def most(done: frozenset[int], following: int) -> tuple[int, ...]:
        """The most further steps that the events from `following` on can be, when those `done` are done."""
        if following == len(within):
            return ()
        index = within[following]
        taken = [(index, *most(done | {step}, following + 1)) for step in sorted(matched[index] - done)]
        return max([*taken, most(done, following + 1)], key=len)

    found = [(start, *most(frozenset({step}), 0)) for step in sorted(matched[start])]
    attempt = Attempt(list(max(found, key=len)))
    attempt.removed = len(attempt.places) < len(spec.steps) and stop <= began + spec.window
    return attempt


def _value(spec: Spec, events: Sequence[Event], attempt: Attempt) -> str:
    places = sorted([*attempt.places, *attempt.asides.values()])
    values = [events[place][2] for place in places if events[place][2]]
    match spec.attribution:
        case "first":
            return next(iter(values), "")
        case "last":
            return next(reversed(values), "")
        case "step" if spec.attributed in spec.optional:
            place = attempt.asides.get(spec.attributed)
            return "" if place is None else events[place][2]
        case "step":
            place_of = dict(zip(spec.counting, attempt.places, strict=False))
            return events[place_of[spec.attributed]][2] if spec.attributed in place_of else ""
    return ""
