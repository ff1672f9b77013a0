"""How wide the interval has to be: finished flights are asked about while they ran and compared with their ends.

Every finished flight is forecast at six of its days; how far its end lay from each forecast is kept by part of the
flight and by whether it was short then (odds.py). What is said of a running flight is read off these distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from dure.pacing.curve import Curve, Flight
from dure.pacing.forecast import Ask, pace_many
from dure.pacing.odds import Odds

LOOKED_FROM = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
_FEWEST, _MOST = 8, 600
_SHORTEST = 7
_FEWEST_STOPPED = 30
_CLOSE, _AT_THE_STOP, _FARTHEST = 0.02, 0.99, 1.2


def calibrated(curve: Curve, finished: Sequence[Flight]) -> Curve:
    """The curve with the odds that finished flights show; fewer than eight change nothing."""
    known = [flight for flight in finished if len(flight.impressions) >= _SHORTEST and flight.impressions.any()]
    if len(known) < _FEWEST:
        return curve
    step = -(-len(known) // _MOST)
    asks, ends = [], []
    for flight in known[::step]:
        end, whole = _last(flight), float(flight.impressions.sum())
        for seen in sorted({max(int(len(flight.impressions) * share), 2) for share in LOOKED_FROM}):
            asks.append(Ask(flight.start, end, flight.goal, flight.impressions[:seen]))
            ends.append(whole)
    stop = _cushion(known)
    distances = []
    for ask, whole, found in zip(asks, ends, pace_many(asks, _bare(curve)), strict=True):
        if found.spread <= 0:  # nothing came yet, or it stopped: there is no forecast to be off
            continue
        so_far, expected = float(ask.days.sum()), float(found.expected.sum())
        came = max(whole - so_far, expected * 1e-3)
        short = bool(ask.goal) and ask.goal - so_far > expected
        gone = len(ask.days) / ((ask.end - ask.start).days + 1)
        stopped = bool(stop and ask.goal and whole >= stop * ask.goal * _AT_THE_STOP)
        distances.append((gone, short, float(np.log(came / expected)) / found.spread, stopped))
    return replace(curve, odds=Odds.learned(distances), cushion=stop)


def _bare(curve: Curve) -> Curve:
    return replace(curve, odds=None, cushion=0.0)


def _cushion(finished: Sequence[Flight]) -> float:
    """Where ad servers stop: the upper end of what flights ended at, if most of them ended close to it; else 0."""
    shares = np.array([flight.impressions.sum() / flight.goal for flight in finished if flight.goal])
    if len(shares) < _FEWEST_STOPPED:
        return 0.0
    upper = float(np.quantile(shares, 0.95))
    close = (shares > upper * (1 - _CLOSE)) & (shares <= upper * (1 + _CLOSE))
    return upper if 1.0 <= upper <= _FARTHEST and close.mean() >= 0.5 else 0.0


def _last(flight: Flight) -> date:
    return flight.start + timedelta(days=len(flight.impressions) - 1)
