"""Logistic regression with a ridge around what is known without it, by Newton's method. Columns are centred and scaled.

The model begins at given log-odds (those of the win rate) and learns how deals differ from them, so that where there is
nothing to learn it says what the win rate says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dure.deals.winning.past import Floats

_STEPS = 50
_CLOSE = 1e-8
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Logistic:
    middle: Floats
    scale: Floats
    weights: Floats
    intercept: float
    begin: float

    def shares(self, columns: Floats) -> Floats:
        """What each column adds to the log-odds, beside the intercept."""
        return (columns - self.middle) / self.scale * self.weights

    def probability(self, columns: Floats) -> Floats:
        return sigmoid(self.shares(columns).sum(axis=1) + self.intercept + self.begin)


def fit(columns: Floats, won: NDArray[np.bool_], begin: float, ridge: float) -> Logistic:
    """`begin` are the log-odds without a model; `ridge` is the penalty on squared weights, the intercept's too."""
    middle, scale = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    design = np.column_stack([np.ones(len(columns)), (columns - middle) / scale])
    penalty = np.full(design.shape[1], ridge)
    target = won.astype(float)
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = sigmoid(design @ weights + begin)
        slope = design.T @ (target - chance) - penalty * weights
        curve = (design * np.maximum(chance * (1 - chance), 1e-9)[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < _CLOSE:
            break
    return Logistic(middle, scale, weights[1:], float(weights[0]), begin)


def log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def sigmoid(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(value, -_FARTHEST, _FARTHEST)))
