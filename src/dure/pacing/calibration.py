"""How wide the interval has to be: finished flights are forecast from their middle and compared with their ends.

Days follow one another less freely than a model of independent noise believes, so its interval is too narrow by as
much as a workspace's traffic swings. The noise is widened until four of five finished flights end inside their
interval (a split-conformal idea with the flights already over as the calibration set; Vovk et al., Algorithmic
Learning in a Random World, 2005). A wider noise also makes the forecast trust short trends less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from dure.pacing.curve import Curve, Flight
from dure.pacing.forecast import pace

_COVERED = 0.78
_WIDER = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
_LOOKED_FROM = (0.35, 0.65)
_FEWEST, _MOST = 8, 60
_SHORTEST = 10
_PATHS = 200


def calibrated(curve: Curve, finished: Sequence[Flight]) -> Curve:
    """The curve with its noise as wide as finished flights ask for; fewer than eight change nothing."""
    known = [flight for flight in finished if len(flight.impressions) >= _SHORTEST and flight.impressions.any()]
    if len(known) < _FEWEST:
        return curve
    step = -(-len(known) // _MOST)
    for times in _WIDER:
        wider = replace(curve, noise=curve.noise * times)
        if coverage(wider, known[::step]) >= _COVERED:
            return wider
    return wider


def coverage(curve: Curve, finished: Sequence[Flight]) -> float:
    """The share of ends inside their 80 % interval, each flight looked at early and late."""
    inside = []
    for flight in finished:
        days, end = flight.impressions, flight.start + timedelta(days=len(flight.impressions) - 1)
        for share in _LOOKED_FROM:
            seen = max(int(len(days) * share), 3)
            found = pace(flight.start, end, 1, days[:seen], 0, 1.0, curve, paths=_PATHS)
            inside.append(found.low[-1] <= days.sum() <= found.high[-1])
    return float(np.mean(inside))
