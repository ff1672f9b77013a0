"""The model put to the test by time: learned at earlier days and asked about the deals that were open then.

Beside it stand what needs no model: the probability of the deal's stage, and the win rate of all deals closed by then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dure.deals.winning.features import AMOUNT, Seen, seen_at
from dure.deals.winning.learn import Learned, first_close, last_close, learn, ripe_after
from dure.deals.winning.measure import Bin, Quality, calibration, calibration_error, difference, quality
from dure.deals.winning.past import Floats, Ints, Past
from dure.deals.winning.simulate import outcome

CUTS = 4
_FEWEST_CUTS = 3
_A_FEW = 10
_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Cut:
    """One day of the test: how many deals were asked about, how many of them were won, and what was expected."""

    at: float
    deals: int
    won: int
    expected: float
    model: Quality
    stage: Quality
    rate: Quality


@dataclass(frozen=True, slots=True)
class Trial:
    """All days together. `gain` is by how much the Brier score is smaller than that of the better baseline, with its
    90 % interval; `drift` how far the log-odds of whole days were off, as a standard deviation. `covered` is the share
    of `intervals` (what each owner's open deals brought, by day) that held what came; 80 % are meant to."""

    cuts: tuple[Cut, ...]
    model: Quality
    stage: Quality
    rate: Quality
    bins: tuple[Bin, ...]
    stage_bins: tuple[Bin, ...]
    error: float
    gain: float
    gain_low: float
    gain_high: float
    drift: float
    covered: float
    intervals: int

    @property
    def better(self) -> bool:
        """Whether it beats both baselines by more than chance."""
        return self.gain_low > 0


def backtest(past: Past, at: float, cuts: int = CUTS) -> Trial | None:
    """Tests at `cuts` days before `at`; None where fewer than three of them can be tested.

    The days lie so far back that what was open then is decided, and so late that there was something to learn from.
    """
    ripe = ripe_after(past, at)
    latest, earliest = last_close(past, at) - ripe, first_close(past) + ripe
    found, chances, stages, rates, ends, deals, sums = [], [], [], [], [], [], []
    for day in np.linspace(earliest, latest, cuts + 1)[1:]:
        model = learn(past, float(day))
        if not isinstance(model, Learned):
            continue
        seen = seen_at(past, float(day), model.shape, past.closed < at)
        if not seen.deals.size:
            continue
        chance, won = model.chances(seen), past.won[seen.deals]
        rate = np.full(len(won), seen.rate)
        found.append(
            Cut(float(day), len(won), int(won.sum()), float(chance.sum()), quality(chance, won),
                quality(seen.stage, won), quality(rate, won))
        )  # fmt: skip
        chances.append(chance)
        stages.append(seen.stage)
        rates.append(rate)
        ends.append(won)
        deals.append(seen.deals)
        sums.append(_by_owner(past, seen, amounts=AMOUNT not in model.shape.left_out))
    if len(found) < _FEWEST_CUTS:
        return None
    chance, stage, rate = np.concatenate(chances), np.concatenate(stages), np.concatenate(rates)
    won, deal = np.concatenate(ends), np.concatenate(deals)
    of_stage, of_rate = quality(stage, won), quality(rate, won)
    best = stage if of_stage.brier < of_rate.brier else rate
    gain, low, high = difference(chance, best, won, deal, np.random.default_rng(11))
    bins, drift = calibration(chance, won), _drift(found)
    covered = [inside for given, won_, parts in zip(chances, ends, sums, strict=True)
               for inside in _covered(given, won_, parts, drift)]  # fmt: skip
    return Trial(
        tuple(found), quality(chance, won), of_stage, of_rate, tuple(bins), tuple(calibration(stage, won)),
        calibration_error(bins), gain, low, high, drift, float(np.mean(covered)) if covered else 0.0,
        len(covered),
    )  # fmt: skip


def _by_owner(past: Past, seen: Seen, *, amounts: bool) -> list[tuple[Ints, Floats]]:
    """For each owner with enough open deals their places among those seen, and their amounts then; where amounts know
    the outcome, deals are counted instead."""
    owner = past.groups["owner"].of_each(len(past.ids), seen.at)[seen.deals]
    worth = seen.shown[AMOUNT] if amounts else np.ones(len(owner))
    parts = [np.flatnonzero(owner == one) for one in np.unique(owner)]
    return [(part, worth[part]) for part in parts if len(part) >= _A_FEW and worth[part].any()]


def _covered(chance: Floats, won: NDArray[np.bool_], parts: list[tuple[Ints, Floats]], drift: float) -> list[bool]:
    random = np.random.default_rng(12)
    inside = []
    for part, amount in parts:
        found = outcome(chance[part], amount, drift, random, _DRAWS)
        inside.append(bool(found.low <= float(won[part] @ amount) <= found.high))
    return inside


def _drift(cuts: list[Cut]) -> float:
    """How far a whole day was off, in log-odds, beyond what chance alone does to so many deals."""
    off: list[float] = []
    noise: list[float] = []
    for cut in cuts:
        mean, share = cut.expected / cut.deals, (cut.won + 0.5) / (cut.deals + 1)
        off.append(float(np.log(share / (1 - share)) - np.log(mean / (1 - mean))))
        noise.append(1 / (cut.deals * share * (1 - share)))
    squares: Floats = np.array(off) ** 2 - np.array(noise)
    return float(np.sqrt(max(squares.mean(), 0.0)))
