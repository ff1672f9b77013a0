"""An interval that stays valid however often it is looked at (Waudby-Smith and others, arXiv 2103.06476)."""

from __future__ import annotations

import math

from dure.experiments.model import Arm, Interval

# Tightest where about this many people are in both halves together.
TUNED_FOR = 5_000


def anytime(control: Arm, treated: Arm, confidence: float = 0.95, tuned_for: int = TUNED_FOR) -> Interval | None:
    """The always-valid interval of treated's rate minus control's; None where a half is empty or nothing varies."""
    variance = _variance(control, treated)
    if variance is None or control.rate is None or treated.rate is None:
        return None
    alpha = 1 - confidence
    people = control.people + treated.people
    mixed = people * _rho(alpha, tuned_for) ** 2
    half = math.sqrt(people * variance) * math.sqrt(
        2 * (mixed + 1) / (people * mixed) * math.log(math.sqrt(mixed + 1) / alpha)
    )
    difference = treated.rate - control.rate
    return Interval(difference - half, difference + half)


def anytime_p(control: Arm, treated: Arm, confidence: float = 0.95, tuned_for: int = TUNED_FOR) -> float | None:
    """The always-valid p of this look: the normal mixture's likelihood ratio, turned over and cut at one."""
    variance = _variance(control, treated)
    if variance is None or control.rate is None or treated.rate is None:
        return None
    prior = variance * (control.people + treated.people) * _rho(1 - confidence, tuned_for) ** 2
    difference = treated.rate - control.rate
    exponent = -(difference**2) * prior / (2 * variance * (variance + prior))
    return min(1.0, math.sqrt((variance + prior) / variance) * math.exp(exponent))


def _variance(control: Arm, treated: Arm) -> float | None:
    if control.rate is None or treated.rate is None:
        return None
    variance = control.rate * (1 - control.rate) / control.people + treated.rate * (1 - treated.rate) / treated.people
    return variance or None


def _rho(alpha: float, tuned_for: int) -> float:
    return math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tuned_for)
