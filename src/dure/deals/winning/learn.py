"""A win model learned from closed deals, as they looked at earlier moments while they were still open.

Every seventh day of the past is a look: each deal that was open then is an example, with what was known then and what
became of it. Looks of the last weeks are not used: of the deals open in them only the quick ones are closed by now, and
quick deals are lost more often than slow ones. A look is used once as much time has passed as nine of ten deals take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dure.deals.winning.features import Seen, Shape, seen_at, shape_of, win_rate
from dure.deals.winning.leaks import leaks
from dure.deals.winning.logistic import Logistic, fit, log_odds
from dure.deals.winning.measure import log_loss
from dure.deals.winning.past import Floats, Ints, Past

FEWEST_WON, FEWEST_LOST = 50, 150

_EVERY = 7.0
_MOST_LOOKS = 60
_RIPE = 0.9
_RIDGES = (3.0, 30.0, 300.0, 3_000.0, 30_000.0)
_HELD_BACK = 0.25
_FEWEST_EXAMPLES = 100


@dataclass(frozen=True, slots=True)
class Learned:
    """`typical` has for each name the middle value over the examples; `rate` is the share won of all closed deals."""

    shape: Shape
    logistic: Logistic
    left_out: Mapping[str, str]
    typical: Mapping[str, float]
    rate: float
    ridge: float
    examples: int
    looks: int
    deals: int

    def chances(self, seen: Seen) -> Floats:
        return self.logistic.probability(seen.columns)


@dataclass(frozen=True, slots=True)
class Unlearned:
    """Why there is no model: `code` is too_few, too_young (no look is old enough) or one_sided."""

    code: str
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Examples:
    columns: Floats
    won: NDArray[np.bool_]
    deal: Ints
    at: Floats
    shown: Mapping[str, Floats]
    looks: int


def learn(past: Past, at: float) -> Learned | Unlearned:
    """The model that could have been learned at a moment, from what was known by then."""
    closed = past.closed < at
    won, lost = int((closed & past.won).sum()), int((closed & ~past.won).sum())
    if won < FEWEST_WON or lost < FEWEST_LOST:
        return Unlearned("too_few", won, lost)
    left_out = leaks(past, at)
    shape = shape_of(past, at, tuple(left_out))
    found = _examples(past, at, shape)
    if found is None or len(found.won) < _FEWEST_EXAMPLES:
        return Unlearned("too_young", won, lost)
    if found.won.all() or not found.won.any():
        return Unlearned("one_sided", won, lost)
    begin = log_odds(win_rate(past, at))
    ridge = _best_ridge(found, begin)
    return Learned(
        shape,
        fit(found.columns, found.won, begin, ridge),
        left_out,
        {name: float(np.median(values)) for name, values in found.shown.items()},
        won / (won + lost),
        ridge,
        len(found.won),
        found.looks,
        len(np.unique(found.deal)),
    )


def ripe_after(past: Past, at: float) -> float:
    """The days in which nine of ten deals, of those closed before `at`, came to their end."""
    before = past.closed < at
    return float(np.quantile((past.closed - past.created)[before], _RIPE))


def first_close(past: Past) -> float:
    """Before the first known end the past is incomplete: it holds only deals that lasted."""
    return float(past.closed.min(initial=np.inf))


def last_close(past: Past, at: float) -> float:
    """Where what is known of ends stops: in a past that was brought in, long before the day it is asked about."""
    return float(past.closed[past.closed < at].max(initial=-np.inf))


def _examples(past: Past, at: float, shape: Shape) -> Examples | None:
    newest, oldest = last_close(past, at) - ripe_after(past, at), first_close(past)
    looks = np.arange(newest, oldest, -_EVERY)[:_MOST_LOOKS]
    closed = past.closed < at
    seen = [one for one in (seen_at(past, float(look), shape, closed) for look in looks[::-1]) if one.deals.size]
    if not seen:
        return None
    deal = np.concatenate([one.deals for one in seen])
    return Examples(
        np.concatenate([one.columns for one in seen]),
        past.won[deal],
        deal,
        np.concatenate([np.full(len(one.deals), one.at) for one in seen]),
        {name: np.concatenate([one.shown[name] for one in seen]) for name in seen[0].shown},
        len(seen),
    )


def _best_ridge(found: Examples, begin: float) -> float:
    """The one that foretells the last quarter of the looks best, learned from the looks before."""
    cut = float(np.quantile(found.at, 1 - _HELD_BACK))
    early, late = found.at < cut, found.at >= cut
    # A deal of the later looks may not be learned from: its end is what is asked.
    early &= ~np.isin(found.deal, found.deal[late])
    if early.sum() < _FEWEST_EXAMPLES or found.won[early].all() or not found.won[early].any():
        return _RIDGES[-2]
    losses = []
    for ridge in _RIDGES:
        model = fit(found.columns[early], found.won[early], begin, ridge)
        losses.append(log_loss(model.probability(found.columns[late]), found.won[late]))
    return _RIDGES[int(np.argmin(losses))]
