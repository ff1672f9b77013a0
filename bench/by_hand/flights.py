"""A simulator of flights for `bench/pacing.py`: a city's traffic, an ad server that paces, faults and repairs.

Traffic is the half-hourly count of New York taxi rides (July 2014 to January 2015, with its holidays and its storm),
or a made-up week where that file is absent. Every line item has a supply of its own on top: a level, a drift that
lingers, noise. The ad server gives out each hour what it plans (evenly over the traffic it expects, five percent above
the goal, catching up or holding back) or what supply allows, whichever is less. Faults: a late launch, a drop in
supply, a stop, a supply that was too tight from the beginning. Some are repaired by people who happen to look; with a
bot, also by people who were told.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NONE, LATE, DROP, STOP, TIGHT = range(5)
FAULTS = ("none", "late launch", "drop", "stop", "tight supply")
CUSHION = 1.05


def traffic(path: Path | None) -> tuple[date, Floats]:
    """First day and traffic by day and hour, its mean 1."""
    if path is None or not path.is_file():
        rng = np.random.default_rng(14)
        week = np.exp(rng.normal(0, 0.2, 7))
        hours = 1 + 0.7 * np.sin((np.arange(24) - 9) / 24 * 2 * np.pi)
        days = np.array([week[(1 + n) % 7] for n in range(215)]) * np.exp(rng.normal(0, 0.05, 215))
        made = days[:, None] * hours
        return date(2014, 7, 1), made / made.mean()
    rides: dict[datetime, float] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            hour = datetime.fromisoformat(row["timestamp"]).replace(minute=0)
            rides[hour] = rides.get(hour, 0.0) + float(row["value"])
    hours_of = np.array([rides[hour] for hour in sorted(rides)])
    whole = hours_of[: len(hours_of) // 24 * 24].reshape(-1, 24)
    return min(rides).date(), whole / whole.mean()


@dataclass
class World:
    """Line items in arrays, one row each. `day` counts from the first day of the traffic."""

    first: date
    traffic: Floats
    begin: Ints
    length: Ints
    goal: Floats
    price: Floats
    supply: Floats  # by item and day, in the item's own traffic units, faults left out
    noise: Floats
    fault: Ints
    fault_from: Ints
    fault_depth: Floats  # what is left of the supply
    spontaneous: Ints  # day on which somebody happens to repair it; beyond the end where nobody does
    delivered: Floats = field(init=False)
    total: Floats = field(init=False)
    launched: Ints = field(init=False)
    repaired: Ints = field(init=False)
    lift: Floats = field(init=False)

    def __post_init__(self) -> None:
        count, days = self.supply.shape
        self.delivered = np.zeros((count, days))
        self.total = np.zeros(count)
        self.repaired = self.spontaneous.copy()
        self.lift = np.ones(count)
        weekday = np.array([(self.first + timedelta(days=n)).weekday() for n in range(days)])
        # What the ad server expects of the traffic: the mean of each weekday's hours in the first eight weeks.
        self.expected = np.stack([self.traffic[:56][weekday[:56] == day].mean(axis=0) for day in range(7)])[weekday]

    @property
    def end(self) -> Ints:
        return self.begin + self.length  # the day after the last

    def running(self, day: int) -> Bools:
        return (self.begin <= day) & (day < self.end)

    def live(self, day: int) -> None:
        """One day of ad serving, hour by hour."""
        rows = np.flatnonzero(self.running(day))
        if not len(rows):
            return
        left = self.expected[day:].sum(axis=1)
        ahead = np.concatenate([[0.0], np.cumsum(left)])
        broken = (self.fault[rows] != NONE) & (day >= self.fault_from[rows]) & (day < self.repaired[rows])
        share = np.where(broken, self.fault_depth[rows], 1.0) * self.lift[rows]
        supply = self.supply[rows, day] * share
        until = self.end[rows]
        after = ahead[until - day] - left[0]  # what is expected after today
        for hour in range(24):
            rest = after + self.expected[day, hour:].sum()
            wanted = np.maximum(CUSHION * self.goal[rows] - self.total[rows], 0.0)
            plan = wanted * self.expected[day, hour] / np.maximum(rest, 1e-9)
            # An ad server may serve an hour at up to half above its even plan to catch up.
            room = supply * self.traffic[day, hour] * self.noise[rows, day * 24 + hour]
            served = np.minimum(np.minimum(plan, room), wanted)
            self.total[rows] += served
            self.delivered[rows, day] += served

    def finished(self) -> Bools:
        return self.total >= 0.99 * self.goal


def world(
    seed: int, count: int, troubled: float, first: date, flow: Floats, *, window: tuple[int, int]
) -> World:  # fmt: skip
    """`count` line items that lie within `window` (days of the traffic); `troubled` is the share with a fault."""
    rng = np.random.default_rng(seed)
    days = flow.shape[0]
    length = rng.integers(7, 43, count)
    latest = np.maximum(window[1] - length, window[0] + 1)
    begin = window[0] + (rng.random(count) * (latest - window[0])).astype(np.int64)
    length = np.minimum(length, window[1] - begin)
    size = np.exp(rng.normal(9.5, 1.2, count))
    spare = 1.15 + rng.gamma(2.0, 0.25, count)  # supply over what the goal asks
    fault = np.where(
        rng.random(count) < troubled, rng.choice([LATE, DROP, STOP, TIGHT], count, p=[0.2, 0.4, 0.1, 0.3]), NONE
    )
    spare = np.where(fault == TIGHT, rng.uniform(0.72, 1.02, count), spare)
    drift = np.zeros((count, days))
    for day in range(1, days):
        drift[:, day] = 0.85 * drift[:, day - 1] + rng.normal(0, 0.05, count)
    tilt = rng.normal(0, 0.12, (count, 7))
    weekday = np.array([(first + timedelta(days=n)).weekday() for n in range(days)])
    supply = np.exp(drift + tilt[:, weekday])
    goal = np.round(size * length)
    inside = (np.arange(days) >= begin[:, None]) & (np.arange(days) < (begin + length)[:, None])
    offered = (supply * flow.sum(axis=1) * inside).sum(axis=1)
    supply *= (goal * spare / offered)[:, None]
    noise = np.exp(rng.normal(0, 0.12, (count, days * 24)))
    part = rng.random(count)
    fault_from = begin + np.where(
        fault == DROP, (part * 0.8 * length), np.where(fault == STOP, part * 0.8 * length, 0)
    ).astype(np.int64)
    depth = np.where(fault == DROP, rng.uniform(0.1, 0.7, count), 0.0)
    depth = np.where(fault == TIGHT, 1.0, depth)
    late = begin + np.maximum((rng.uniform(0.08, 0.45, count) * length).astype(np.int64), 1)
    seen = fault_from + rng.integers(1, 8, count)
    happens = np.where(fault == LATE, late, np.where(rng.random(count) < 0.5, seen, days + 1))
    happens = np.where(fault == TIGHT, days + 1, happens)
    price = rng.uniform(3, 15, count) / 1000
    return World(first, flow, begin, length, goal, price, supply, noise, fault, fault_from, depth, happens)
