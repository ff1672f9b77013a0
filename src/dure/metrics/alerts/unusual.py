"""Whether a metric's newest interval is unusual: a rule that knows the week and states how often it is wrong.

Each interval is foretold from those before it only: the median of the same slot of the week (hour of the week, or day
of the week) over the last weeks, moved by the level at which the last days ran against that profile. How far the value
lies from it, measured in what is common at that time of day, is its *score*. It is unusual when its score is larger
than all but the stated share of the scores of the past intervals (a split-conformal quantile: Vovk, Gammerman and
Shafer 2005). Nothing is taken to be normally distributed. Where there are too few past scores to state the rate, the
verdict says so and there is no alarm.

What the rate means: of intervals like those of the past, at most that share is called unusual although nothing
happened. It holds as far as the past weeks resemble the next; holidays do not, and are found, rightly or not.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

Season = Literal["hour", "day"]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

_WEEKS, _LEAST_WEEKS = 6, 3
_DAYS_OF_SCALE, _LEAST_DAYS_OF_SCALE = 28, 14
# A score beyond this lies outside of any ordinary day: it must not teach the rule that such days are ordinary. Where
# more than a twentieth of the scores are that large, they are how this metric behaves, and are kept.
_EXTREME, _FEW = 12.0, 0.05


@dataclass(frozen=True, slots=True)
class Rule:
    """`rate` is the stated share of false alarms an interval; `level` over how many intervals the level is taken;
    `memory` how many past scores are compared; `history` how many intervals must be read for all of it."""

    season: Season
    rate: float
    level: int
    memory: int
    history: int

    @property
    def needed(self) -> int:
        """How many past scores the rate can be stated from."""
        return math.ceil(1 / self.rate) - 1


def hourly(rate: float = 0.01) -> Rule:
    return Rule("hour", rate, level=72, memory=28 * 24, history=16 * 7 * 24)


def daily(rate: float = 0.02) -> Rule:
    return Rule("day", rate, level=7, memory=182, history=52 * 7)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One interval judged. Without `enough` history there is no band and nothing is unusual; `known` of `needed` past
    scores says how far off that is. A value inside low..high, both included, is ordinary."""

    value: float | None
    enough: bool
    unusual: bool = False
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    score: float | None = None
    known: int = 0
    needed: int = 0

    @property
    def direction(self) -> Literal["above", "below"]:
        return "above" if (self.value or 0) > (self.expected or 0) else "below"


def judge(values: Sequence[float | None], starts: Sequence[datetime], rule: Rule, last: int = 1) -> list[Verdict]:
    """Judges each of the `last` intervals by those before it. `starts` are their beginnings in the reader's zone, so
    that an hour of the week stays the same hour when clocks change. A None value is no verdict and teaches nothing."""
    raw = np.array([math.nan if value is None else float(value) for value in values])
    scaled: Numbers = np.arcsinh(
        raw
    )  # differences are ratios for large numbers, plain for small, and zero is no trouble
    hours = rule.season == "hour"
    profile = _from_same([at.weekday() * 24 + (at.hour if hours else 0) for at in starts], scaled, _WEEKS, _LEAST_WEEKS)
    foretold = profile + _level(scaled - profile, rule.level)
    off = np.abs(scaled - foretold)
    common = _from_same([at.hour if hours else 0 for at in starts], off, _DAYS_OF_SCALE, _LEAST_DAYS_OF_SCALE)
    common = np.maximum(common, _grain(raw, foretold, off))
    scores: Numbers = off / common
    return [_verdict(raw, foretold, common, scores, at, rule) for at in range(len(raw) - last, len(raw))]


def _verdict(raw: Numbers, foretold: Numbers, common: Numbers, scores: Numbers, at: int, rule: Rule) -> Verdict:
    value = None if np.isnan(raw[at]) else float(raw[at])
    past = scores[max(0, at - rule.memory) : at]
    past = past[~np.isnan(past)]
    extreme = past > _EXTREME
    if extreme.sum() <= _FEW * len(past):
        past = past[~extreme]
    known, needed = len(past), rule.needed
    if known < needed or np.isnan(foretold[at]) or np.isnan(common[at]):
        return Verdict(value, False, known=known, needed=needed)
    limit = float(np.sort(past)[math.ceil((known + 1) * (1 - rule.rate)) - 1])
    reach = limit * float(common[at])
    low, expected, high = (math.sinh(float(foretold[at]) + by) for by in (-reach, 0.0, reach))
    if value is None:
        return Verdict(None, True, False, expected, low, high, None, known, needed)
    score = float(scores[at])
    return Verdict(value, True, score > limit, expected, low, high, score, known, needed)


def _from_same(slots: Sequence[int], values: Numbers, most: int, least: int) -> Numbers:
    """The median of the last `most` values of the same slot before each; NaN where there were fewer than `least`."""
    before: dict[int, list[float]] = defaultdict(list)
    found = np.full(len(values), math.nan)
    for at, (slot, value) in enumerate(zip(slots, values, strict=True)):
        known = before[slot]
        if len(known) >= least:
            found[at] = np.median(known[-most:])
        if not np.isnan(value):
            known.append(float(value))
    return found


def _level(deviations: Numbers, span: int) -> Numbers:
    """The median deviation of the last `span` intervals before each: a lasting shift is followed within half of it."""
    found = np.full(len(deviations), math.nan)
    for at in range(len(deviations)):
        recent = deviations[max(0, at - span) : at]
        recent = recent[~np.isnan(recent)]
        if len(recent) >= span // 2:
            found[at] = np.median(recent)
    return found


def _grain(raw: Numbers, foretold: Numbers, off: Numbers) -> Numbers:
    """The least that counts as a difference: one more of what is counted, else a tenth of what is common at all.

    Without it a metric that is nearly always the same would find every other value endlessly far away."""
    known = raw[~np.isnan(raw)]
    if len(known) and np.all(known == np.floor(known)):
        size = np.abs(np.sinh(foretold))
        one: Numbers = np.arcsinh(size + 1) - np.arcsinh(size)
        return one
    usual = off[~np.isnan(off)]
    return np.full(len(raw), max(0.1 * float(np.median(usual)) if len(usual) else 0.0, 1e-9))
