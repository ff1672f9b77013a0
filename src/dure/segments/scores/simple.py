"""The simple rules that a model has to beat: how long ago, how often, and (for look-alikes) how near the middle.

They fill the same place as the additive model, so that a rule that is not beaten is scored and explained by the same
code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dure.segments.scores.additive import Additive
from dure.segments.scores.model import Floats

RULES = {"recency": "recency", "frequency": "times"}
"""The feature that each rule looks at, and nothing else."""


def by_rule(rule: str, names: Sequence[str], rows: Floats, sign: float) -> Additive:
    """A rule as a model of one feature: the more (or with `sign` -1 the less), the higher. Learned is only where
    people lie on it; what a place means is for the calibration to say."""
    values = rows[:, list(names).index(RULES[rule])]
    knots = np.unique(np.quantile(values, np.linspace(0, 1, 21)))
    # Beyond what was seen it still rises: somebody gone for longer than anybody is not like the last who was seen.
    knots = np.append(knots, knots[-1] * 4 + 1)
    curve = sign * np.arange(len(knots)) / len(knots) * 6
    middle = float(np.interp(values, knots, curve).mean())
    return Additive(
        (RULES[rule],), (tuple(map(float, knots)),), (tuple(map(float, curve)),), (middle,), middle
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Centre:
    """How near somebody is to the middle of a group: the cosine of the angle between both, seen from the average."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    centre: tuple[float, ...]

    def contributions(self, rows: Floats) -> Floats:
        away = (np.log1p(np.maximum(rows, 0)) - self.mean) / self.spread
        length = np.linalg.norm(away, axis=1, keepdims=True) * np.linalg.norm(self.centre)
        shares: Floats = away * np.array(self.centre) / np.maximum(length, 1e-9)
        return shares

    def log_odds(self, rows: Floats) -> Floats:
        nearness: Floats = self.contributions(rows).sum(axis=1)
        return nearness

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "centre", "names": list(self.names), "mean": list(self.mean), "spread": list(self.spread),
            "centre": list(self.centre),
        }  # fmt: skip

    @staticmethod
    def from_json(raw: Any) -> Centre:
        return Centre(tuple(raw["names"]), tuple(raw["mean"]), tuple(raw["spread"]), tuple(raw["centre"]))


def centre_of(names: Sequence[str], rows: Floats, inside: np.ndarray) -> Centre:
    """The middle of those `inside` among all rows."""
    logs = np.log1p(np.maximum(rows, 0))
    mean, spread = logs.mean(axis=0), logs.std(axis=0) + 1e-9
    centre = ((logs[inside] - mean) / spread).mean(axis=0)
    return Centre(tuple(names), *(tuple(map(float, one)) for one in (mean, spread, centre)))


Formula = Additive | Centre


def formula(raw: Any) -> Formula:
    """Either of them out of its JSON."""
    return Centre.from_json(raw) if raw["kind"] == "centre" else Additive.from_json(raw)
