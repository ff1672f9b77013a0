"""How good a ranking and its probabilities were, once it is known what happened."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dure.segments.scores.model import Floats, Ints


@dataclass(frozen=True, slots=True)
class Measures:
    """`auc` and `ap` of the ranking, `brier` of the probabilities (nothing where only a ranking was given), `lift` how
    many times the average share the top tenth has."""

    auc: float
    ap: float
    brier: float | None
    lift: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(values: Floats, labels: Ints, *, probabilities: bool = True) -> Measures:
    """Of values and what happened; both outcomes are among the labels."""
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    return Measures(
        float(roc_auc_score(labels, values)), float(average_precision_score(labels, values)),
        float(brier_score_loss(labels, np.clip(values, 0, 1))) if probabilities else None, _lift(values, labels),
    )  # fmt: skip


def reliability(values: Floats, labels: Ints, bins: int = 10) -> list[dict[str, float]]:
    """What was foretold and what happened, in `bins` of equally many people."""
    order = np.argsort(values, kind="stable")
    return [
        {"said": float(values[part].mean()), "happened": float(labels[part].mean()), "people": len(part)}
        for part in np.array_split(order, min(bins, len(order)))
        if len(part)
    ]


def shares(values: Floats, edges: Floats) -> Floats:
    """Which part of the values lies between which edges."""
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return counts / max(len(values), 1)


def drift_of_shares(then: Floats, now: Floats) -> float:
    """The population stability index: below 0.1 alike, above 0.25 another world."""
    a, b = np.maximum(then, 1e-4), np.maximum(now, 1e-4)
    return float(((b - a) * np.log(b / a)).sum())


def _lift(values: Floats, labels: Ints) -> float:
    """People with the same value share their places, so that the order they came in decides nothing."""
    share = labels.mean()
    most = max(1, round(len(values) / 10))
    edge = np.partition(values, len(values) - most)[len(values) - most]
    above, level = values > edge, values == edge
    hits = labels[above].sum() + labels[level].mean() * (most - above.sum())
    return float(hits / most / share) if share else 0.0
