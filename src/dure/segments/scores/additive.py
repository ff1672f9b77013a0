"""An additive model: the log-odds are a sum of one curve for each feature, so that every score can be explained.

A curve is piecewise linear between knots at quantiles of what was seen in training, and flat beyond them: outside of
what it has seen it stays at the last it knew. Fitted as a logistic regression with a penalty (scikit-learn); kept as
knots and weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dure.segments.scores.model import Floats, Ints

_KNOTS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)


@dataclass(frozen=True, slots=True)
class Additive:
    """`curves[i]` are the knots of feature `names[i]` and the log-odds it adds at each; `middle` what it adds on the
    average, so that a contribution is against a person like all others."""

    names: tuple[str, ...]
    knots: tuple[tuple[float, ...], ...]
    curves: tuple[tuple[float, ...], ...]
    middle: tuple[float, ...]
    base: float

    def contributions(self, rows: Floats) -> Floats:
        """What each feature adds for each person, against the average."""
        return np.column_stack(
            [
                np.interp(rows[:, number], self.knots[number], self.curves[number]) - self.middle[number]
                for number in range(len(self.names))
            ]
        )

    def log_odds(self, rows: Floats) -> Floats:
        odds: Floats = self.base + self.contributions(rows).sum(axis=1)
        return odds

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "additive", "names": list(self.names), "knots": [list(one) for one in self.knots],
            "curves": [list(one) for one in self.curves], "middle": list(self.middle), "base": self.base,
        }  # fmt: skip

    @staticmethod
    def from_json(raw: Any) -> Additive:
        return Additive(
            tuple(raw["names"]), tuple(tuple(one) for one in raw["knots"]), tuple(tuple(one) for one in raw["curves"]),
            tuple(raw["middle"]), float(raw["base"]),
        )  # fmt: skip


def fit(names: Sequence[str], rows: Floats, labels: Ints, strength: float = 0.3) -> Additive:
    """Fits the curves; `strength` is the inverse of the penalty (scikit-learn's C)."""
    from sklearn.linear_model import LogisticRegression  # heavy, and only the process that trains needs it

    knots = [_knots(rows[:, number]) for number in range(len(names))]
    kept = [number for number, one in enumerate(knots) if len(one) > 1]
    basis = [_basis(rows[:, number], knots[number]) for number in kept]
    width = [one.shape[1] for one in basis]
    matrix = np.column_stack(basis) if basis else np.zeros((len(labels), 1))
    model = LogisticRegression(C=strength, max_iter=400)
    model.fit(matrix, labels)
    weights, at, curves, middle = model.coef_[0], 0, [], []
    for number, wide, columns in zip(kept, width, basis, strict=True):
        curve = np.concatenate([[0.0], weights[at : at + wide]])
        curves.append(tuple(float(one) for one in curve))
        middle.append(float((columns @ weights[at : at + wide]).mean()))
        at += wide
        del number
    base = float(model.intercept_[0]) + sum(middle)
    return Additive(
        tuple(names[number] for number in kept), tuple(tuple(map(float, knots[number])) for number in kept),
        tuple(curves), tuple(middle), base,
    )  # fmt: skip


def _knots(values: Floats) -> Floats:
    return np.unique(np.quantile(values, _KNOTS))


def _basis(values: Floats, knots: Floats) -> Floats:
    """Hats over all knots but the first, each 1 at its own knot and 0 at the others."""
    return np.column_stack([np.interp(values, knots, np.eye(len(knots))[number]) for number in range(1, len(knots))])
