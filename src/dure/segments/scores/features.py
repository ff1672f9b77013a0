"""What can be known of people at a moment, out of nothing but who did what when and for how much.

Everything is computed from events strictly before the moment. The same features serve an online shop's clicks, a record
shop's purchases and a listening service, so that a score that works on one data set is the code that runs on another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dure.segments.scores.model import DAY, Floats, History, Ints

_WINDOWS = (1 / 16, 1 / 4, 1)
"""The parts of the history's length that recent counts look at: what is recent hangs on how long a rhythm is."""


@dataclass(frozen=True, slots=True)
class Features:
    """One row for each of `people` (numbers of the history), one column for each of `names`."""

    people: Ints
    names: tuple[str, ...]
    rows: Floats

    def column(self, name: str) -> Floats:
        return self.rows[:, self.names.index(name)]


def features_at(history: History, at: float, days: int, eligible_days: float, events: Sequence[str] = ()) -> Features:
    """Of everybody who was active in the `eligible_days` before `at` (seconds), by what they did in the `days` before.

    `events` are the names whose counts are columns of their own; without them the history's.
    """
    begin = at - days * DAY
    inside = (history.time >= begin) & (history.time < at)
    person, time = history.person[inside], history.time[inside]
    amount, event, active = history.amount[inside], history.event[inside], history.active[inside]
    many = history.people
    act_person, act_time, act_amount = person[active], time[active], amount[active]
    last = _last(act_person, act_time, many)
    chosen = np.flatnonzero(last >= at - eligible_days * DAY)
    number = np.full(many, -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))

    first = np.full(many, np.inf)
    np.minimum.at(first, act_person, act_time)
    count = np.bincount(act_person, minlength=many).astype(float)
    day = np.floor(act_time / DAY).astype(np.int64)
    fresh = np.ones(len(act_person), dtype=bool)  # the first event of a person's day
    fresh[1:] = (act_person[1:] != act_person[:-1]) | (day[1:] != day[:-1])
    active_days = np.bincount(act_person[fresh], minlength=many).astype(float)

    columns: dict[str, Floats] = {
        "recency": (at - last) / DAY,
        "tenure": (at - first) / DAY,
        "times": count,
        "days": active_days,
    }
    # Days between days of activity: the rhythm that a silence is measured by.
    gaps = np.where(active_days > 1, (last - first) / DAY / np.maximum(active_days - 1, 1), np.nan)
    typical = np.nanmedian(gaps[chosen]) if np.isfinite(gaps[chosen]).any() else 1.0
    rhythm = np.where(np.isfinite(gaps), gaps, typical)
    columns["rhythm"] = rhythm
    columns["overdue"] = np.minimum(columns["recency"] / np.maximum(rhythm, 0.5), 50)
    for part in _WINDOWS[:-1]:
        window = max(1, round(days * part))
        recent = act_time >= at - window * DAY
        columns[f"times_{window}d"] = np.bincount(act_person[recent], minlength=many).astype(float)
        columns[f"days_{window}d"] = np.bincount(act_person[recent & fresh], minlength=many).astype(float)
    half = np.bincount(act_person[act_time >= at - days / 2 * DAY], minlength=many).astype(float)
    columns["trend"] = (half - (count - half)) / np.maximum(count, 1)
    hours = (act_time % DAY) / DAY * 2 * np.pi
    columns["steadiness"] = np.hypot(
        np.bincount(act_person, np.cos(hours), minlength=many), np.bincount(act_person, np.sin(hours), minlength=many)
    ) / np.maximum(count, 1)
    if np.any(act_amount):
        total = np.bincount(act_person, act_amount, minlength=many).astype(float)
        columns["amount"] = total
        columns["amount_each"] = total / np.maximum(count, 1)
        columns["amount_last"] = _last_value(act_person, act_amount, many)
    kinds = np.zeros(many)
    for place, name in enumerate(history.events):
        told = np.bincount(person[event == place], minlength=many).astype(float)
        kinds += told > 0
        if name in (events or history.events):
            columns[f"event:{name}"] = told
    for name in events:
        columns.setdefault(f"event:{name}", np.zeros(many))
    if len(history.events) > 1:
        columns["kinds"] = kinds
    names = tuple(sorted(columns))
    rows = np.column_stack([columns[name][chosen] for name in names]) if len(chosen) else np.zeros((0, len(names)))
    return Features(chosen, names, rows)


def aligned(features: Features, names: Sequence[str]) -> Floats:
    """The columns of those names in that order; what is not among the features is nothing, 0."""
    place = {name: number for number, name in enumerate(features.names)}
    empty = np.zeros(len(features.people))
    return np.column_stack([features.rows[:, place[name]] if name in place else empty for name in names])


def not_filled(name: str, column: Floats) -> Floats:
    """A feature's values without those filled in where there is none: of who was there on one day alone, the rhythm is
    everybody's middle one, and so many equal values would all move at once where that moves by an hour."""
    if name != "rhythm" or len(column) == 0:
        return column
    values, counts = np.unique(column, return_counts=True)
    others = column[column != values[counts.argmax()]]
    return others if counts.max() > 1 and len(others) else column


def left(history: History, people: Ints, begin: float, end: float) -> Ints:
    """1 for those who were not active from `begin` up to `end`."""
    inside = history.active & (history.time >= begin) & (history.time < end)
    return 1 - _did(history, people, inside)


def reached(history: History, people: Ints, begin: float, end: float) -> Ints:
    """1 for those who reached the goal from `begin` up to `end`."""
    return _did(history, people, history.goal & (history.time >= begin) & (history.time < end))


def _did(history: History, people: Ints, inside: np.ndarray) -> Ints:
    done = np.zeros(history.people, dtype=np.int64)
    done[history.person[inside]] = 1
    return done[people]


def _last(person: Ints, time: Floats, many: int) -> Floats:
    last = np.full(many, -np.inf)
    np.maximum.at(last, person, time)
    return last


def _last_value(person: Ints, value: Floats, many: int) -> Floats:
    found = np.zeros(many)
    found[person] = value  # sorted by time: the last assignment stays
    return found
