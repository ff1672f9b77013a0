"""Intervals and p-values that stay valid however often one looks (Waudby-Smith and others, arXiv 2103.06476)."""

from __future__ import annotations

import math

from dure.experiments.model import Arm, Interval

# Tightest where about this many people are in both arms together.
TUNED_FOR = 5_000


def half_width(variance: float, people: int, confidence: float = 0.95, tuned_for: int = TUNED_FOR) -> float:
    """Half of the always-valid interval of an estimate with this variance that these people gave."""
    mixed = people * _rho(1 - confidence, tuned_for) ** 2
    return math.sqrt(people * variance) * math.sqrt(
        2 * (mixed + 1) / (people * mixed) * math.log(math.sqrt(mixed + 1) / (1 - confidence))
    )


def p_value(value: float, variance: float, people: int, confidence: float = 0.95, tuned_for: int = TUNED_FOR) -> float:
    """The p of one look: the normal mixture's likelihood ratio, turned over and cut at one.

    Over several looks the smallest so far is the p that holds.
    """
    prior = variance * people * _rho(1 - confidence, tuned_for) ** 2
    exponent = -(value**2) * prior / (2 * variance * (variance + prior))
    return min(1.0, math.sqrt((variance + prior) / variance) * math.exp(exponent))


def anytime(control: Arm, treated: Arm, confidence: float = 0.95, tuned_for: int = TUNED_FOR) -> Interval | None:
    """The always-valid interval of treated's rate minus control's; None where an arm is empty or nothing varies."""
    variance = _variance(control, treated)
    if variance is None or control.rate is None or treated.rate is None:
        return None
    half = half_width(variance, control.people + treated.people, confidence, tuned_for)
    difference = treated.rate - control.rate
    return Interval(difference - half, difference + half)


def anytime_p(control: Arm, treated: Arm, confidence: float = 0.95, tuned_for: int = TUNED_FOR) -> float | None:
    """The always-valid p of this look."""
    variance = _variance(control, treated)
    if variance is None or control.rate is None or treated.rate is None:
        return None
    people = control.people + treated.people
    return p_value(treated.rate - control.rate, variance, people, confidence, tuned_for)


def _variance(control: Arm, treated: Arm) -> float | None:
    if control.rate is None or treated.rate is None:
        return None
    variance = control.rate * (1 - control.rate) / control.people + treated.rate * (1 - treated.rate) / treated.people
    return variance or None


def _rho(alpha: float, tuned_for: int) -> float:
    return math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tuned_for)
