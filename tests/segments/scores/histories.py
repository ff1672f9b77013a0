"""Invented and real histories for scores: people with a rhythm who stop, and two public data sets."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from dure.segments.scores.model import DAY, History
from tests.real_data import real


def history(
    who: Sequence[int], time: Sequence[float], amount: Sequence[float] | None = None,
    event: Sequence[str] | None = None, goal: str = "",
) -> History:  # fmt: skip
    """Sorted by person and time, as the log gives it."""
    order = np.lexsort((np.asarray(time, float), np.asarray(who)))
    people, number = np.unique(np.asarray(who)[order], return_inverse=True)
    names = sorted(set(event or ["Act"]))
    code = np.array([names.index(one) for one in event])[order] if event else np.zeros(len(order), np.int64)
    told = np.asarray(amount, float)[order] if amount is not None else np.zeros(len(order))
    return History(
        len(people), number.astype(np.int64), np.asarray(time, float)[order], told, code.astype(np.int64),
        code == names.index(goal) if goal in names else np.zeros(len(order), bool), np.ones(len(order), bool),
        tuple(names),
    )  # fmt: skip


def rhythms(people: int = 900, days: int = 240, seed: int = 3) -> tuple[History, float]:
    """People who come each in a rhythm of their own, and of whom some stop for good some day; and its end.

    So it hangs on recency *and* rhythm who is gone: ten days are long for one and nothing for another.
    """
    chance = np.random.default_rng(seed)
    who, time = [], []
    for one in range(people):
        gap = chance.choice([1.5, 4.0, 12.0])
        stops = chance.uniform(20, days) if chance.random() < 0.6 else np.inf
        at = chance.uniform(0, 40)
        while at < min(days, stops):
            who.append(one)
            time.append(at * DAY)
            at += chance.exponential(gap)
    return history(who, time), days * DAY


def cdnow(customers: int = 23_570) -> tuple[History, float]:
    """Purchases of a record shop's new customers, 1997-01 to 1998-06, of the first so many; and its end."""
    with gzip.open(real("cdnow_purchases.txt.gz"), "rt") as file:
        rows = [line.split() for line in file][1:]
    rows = [row for row in rows if int(row[0]) <= customers]
    time = [datetime.fromisoformat(row[1]).replace(tzinfo=UTC).timestamp() for row in rows]
    told = history([int(row[0]) for row in rows], time, [float(row[3]) for row in rows])
    return told, datetime(1998, 7, 1, tzinfo=UTC).timestamp()


def shop(end: datetime) -> History:
    """An online shop's clicks, 2019-11 up to a moment."""
    with gzip.open(real("onlineshop_clickstream.csv.gz"), "rt") as file:
        rows = [line.strip().split(",") for line in file][1:]
    times = [datetime.fromisoformat(row[2]).replace(tzinfo=UTC) for row in rows]
    kept = [number for number, at in enumerate(times) if at < end]
    return history(
        [int(rows[n][0]) for n in kept], [times[n].timestamp() for n in kept], None, [rows[n][1] for n in kept], "cart"
    )
