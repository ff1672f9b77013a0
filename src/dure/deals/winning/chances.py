"""What a learned model says of the deals that are open now, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dure.deals.winning.features import YOUNG, seen_at
from dure.deals.winning.learn import Learned
from dure.deals.winning.logistic import sigmoid
from dure.deals.winning.past import Past

REASONS = 3
_BEYOND = 1.25
_TELLS = 0.005


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moves a deal's chance: what it is here, what it usually is, and by how much (of 1) it moves it."""

    name: str
    value: float
    typical: float
    effect: float


@dataclass(frozen=True, slots=True)
class Chance:
    """A deal's chance of being won, None where there is none to tell: `why` is then young or beyond (older than deals
    that ever ended)."""

    deal: str
    chance: float | None
    why: str = ""
    reasons: tuple[Reason, ...] = ()


def chances(past: Past, at: float, model: Learned, *, tells_apart: bool) -> list[Chance]:
    """Every open deal's chance. A model that does not tell deals apart gives each the overall win rate, without
    reasons."""
    is_open = ~past.decided & (past.created <= at)
    young = np.flatnonzero(is_open & (past.created > at - YOUNG)).tolist()
    seen = seen_at(past, at, model.shape)
    beyond = (at - past.created[seen.deals]) > model.shape.oldest * _BEYOND
    given = model.chances(seen) if tells_apart else np.full(len(seen.deals), seen.rate)
    shares = model.logistic.shares(seen.columns) if tells_apart else None
    found = [Chance(past.ids[number], None, "young") for number in young]
    for row, number in enumerate(seen.deals.tolist()):
        if beyond[row]:
            found.append(Chance(past.ids[number], None, "beyond"))
            continue
        reasons: tuple[Reason, ...] = ()
        if shares is not None:
            shown = {name: float(values[row]) for name, values in seen.shown.items()}
            reasons = _reasons(model, shares[row], float(given[row]), shown)
        found.append(Chance(past.ids[number], float(given[row]), "", reasons))
    return found


def _reasons(model: Learned, shares: Sequence[float], chance: float, shown: dict[str, float]) -> tuple[Reason, ...]:
    """The three that move it most: what the chance would be without each."""
    by_name: dict[str, float] = {}
    for name, share in zip(model.shape.columns, shares, strict=True):
        by_name[name] = by_name.get(name, 0.0) + float(share)
    odds = float(np.log(chance / (1 - chance)))
    effects = {name: chance - float(sigmoid(np.array(odds - share))) for name, share in by_name.items()}
    most = sorted(effects, key=lambda name: -abs(effects[name]))[:REASONS]
    return tuple(
        Reason(name, shown[name], model.typical[name], effects[name]) for name in most if abs(effects[name]) >= _TELLS
    )
