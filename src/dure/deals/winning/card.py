"""The card of a win model: what it learned from, how it did in the test by time, and whether it is used.

`basis` says what chances are made of: `model` where it beat both baselines by more than chance, else `rate` (the share
won of all closed deals), `none` where there are too few closed deals for either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from dure.deals.winning.backtest import Trial, backtest
from dure.deals.winning.learn import FEWEST_LOST, FEWEST_WON, Learned, Unlearned, learn
from dure.deals.winning.past import Past, days, moment

Basis = Literal["model", "rate", "none"]


@dataclass(frozen=True, slots=True)
class Card:
    """`why` is "" or the code of what is missing: too_few, too_young, one_sided, untested or no_better."""

    learned_at: datetime
    basis: Basis
    why: str
    won: int
    lost: int
    rate: float
    facts: Mapping[str, Any]

    def shown(self) -> dict[str, Any]:
        """As JSON, with what the smallest past must hold."""
        return {
            **asdict(self), "facts": dict(self.facts), "fewest_won": FEWEST_WON, "fewest_lost": FEWEST_LOST,
        }  # fmt: skip


def make(past: Past, now: datetime) -> tuple[Card, Learned | None, float]:
    """Learns, tests and judges; with the card come the model and the drift of its days."""
    at = days(now)
    model = learn(past, at)
    if isinstance(model, Unlearned):
        total = model.won + model.lost
        card = Card(now, "none", model.code, model.won, model.lost, model.won / total if total else 0.0, {})
        return card, None, 0.0
    closed = past.closed < at
    won, lost = int((closed & past.won).sum()), int((closed & ~past.won).sum())
    tested = backtest(past, at)
    why = "untested" if tested is None else "" if tested.better else "no_better"
    facts = {
        "examples": model.examples,
        "looks": model.looks,
        "deals": model.deals,
        "ridge": model.ridge,
        "left_out": dict(model.left_out),
        "weights": _weights(model),
        "test": None if tested is None else _told(tested),
    }
    card = Card(now, "rate" if why else "model", why, won, lost, model.rate, facts)
    return card, model, 0.0 if tested is None else tested.drift


def _weights(model: Learned) -> dict[str, float]:
    """How much each name moves chances: the size of its columns' weights together."""
    found: dict[str, float] = {}
    for name, weight in zip(model.shape.columns, model.logistic.weights, strict=True):
        found[name] = found.get(name, 0.0) + abs(float(weight))
    return {name: round(size, 4) for name, size in sorted(found.items(), key=lambda one: -one[1])}


def _told(tested: Trial) -> dict[str, Any]:
    told = asdict(tested)
    for cut in told["cuts"]:
        cut["at"] = moment(cut["at"])
    return told
