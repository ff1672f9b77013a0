"""From a ranking to a probability: a rising step curve learned from what happened (isotonic), or Platt's two numbers
where too little happened for a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dure.segments.scores.model import Floats, Ints

FEWEST_FOR_A_CURVE = 500
_MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class Calibration:
    """`kind` isotonic: probabilities `y` at log-odds `x`, straight between, flat beyond. `kind` platt: the log-odds
    times `x[0]` plus `y[0]` are the true ones."""

    kind: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    def __call__(self, log_odds: Floats) -> Floats:
        if self.kind == "platt":
            return 1 / (1 + np.exp(-np.clip(self.x[0] * log_odds + self.y[0], -40, 40)))
        return np.interp(log_odds, self.x, self.y)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "x": list(self.x), "y": list(self.y)}

    @staticmethod
    def from_json(raw: Any) -> Calibration:
        return Calibration(raw["kind"], tuple(raw["x"]), tuple(raw["y"]))


def calibrate(log_odds: Floats, labels: Ints) -> Calibration:
    """Of log-odds that the model gave to people it was not fitted on."""
    rarer = int(min(labels.sum(), len(labels) - labels.sum()))
    if rarer < FEWEST_FOR_A_CURVE:
        return _platt(log_odds, labels)
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip").fit(log_odds, labels)
    x, y = fitted.X_thresholds_, fitted.y_thresholds_
    if len(x) > _MOST_POINTS:
        chosen = np.unique(np.linspace(0, len(x) - 1, _MOST_POINTS).round().astype(int))
        x, y = x[chosen], y[chosen]
    return Calibration("isotonic", tuple(map(float, x)), tuple(map(float, y)))


def _platt(log_odds: Floats, labels: Ints) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e4).fit(log_odds.reshape(-1, 1), labels)
    slope = float(model.coef_[0][0])
    if slope <= 0:  # a ranking that is no better than chance says the average, never the opposite
        share = float(np.clip(labels.mean(), 0.001, 0.999))
        return Calibration("platt", (0.0,), (float(np.log(share / (1 - share))),))
    return Calibration("platt", (slope,), (float(model.intercept_[0]),))
