"""From signals to a health, without any I/O. The weights are starting values; each part and its points are shown.

Momentum, threads, stage age, slips, open questions, latency and balance follow the project's research on deal health:
momentum halves every seven days and is compared with won deals at the same age in their stage; a stage is long after
the time in which three of four won deals had left it.
"""

from __future__ import annotations

import math
from bisect import bisect_right

from dure.deals.health.model import (
    BALANCE,
    LATENCY,
    MOMENTUM,
    NEXT_STEP,
    OVERDUE,
    QUESTIONS,
    SLIPS,
    STAGE_AGE,
    THREADS,
    Health,
    Norms,
    Part,
    Signals,
)
from dure.deals.health.parts import balance_part, band_of, latency_part, questions_part, reasons, score_of

WEIGHTS = {
    MOMENTUM: 25, THREADS: 15, STAGE_AGE: 15, SLIPS: 10, OVERDUE: 10, QUESTIONS: 10, LATENCY: 5, BALANCE: 5,
    NEXT_STEP: 5,
}  # fmt: skip
YOUNG_DAYS = 3.0

# What a sign is worth to momentum; each halves every HALF_LIFE days.
HALF_LIFE = 7.0
WORTH = {"customer_message": 1.0, "message": 0.3, "meeting": 4.0, "new_contact": 3.0, "forward": 5.0, "back": -5.0,
         "slip": -3.0}  # fmt: skip

# Days in a stage at which the momentum of won deals is kept, and how many of them make a comparison.
GRID = (3, 7, 14, 30, 60)
FEWEST_MOMENTA = 10

_LIVELY = 10.0
_STALLED_RATIO, _STALLED_RANK = 1.5, 0.25
_NEEDS_POWER = 50


def health_of(found: Signals, norms: Norms) -> Health:
    """The health of a deal; what is not known counts neither for nor against it."""
    if found.age_days < YOUNG_DAYS:
        return Health(found.deal, None, None, "young", (), ())
    rank = momentum_rank(found.momentum, found.stage_days, norms)
    parts = (
        _momentum(found, rank),
        _threads(found),
        _stage_age(found, rank, norms),
        Part(SLIPS, WEIGHTS[SLIPS], (1.0, 0.6, 0.3, 0.0)[min(found.slips, 3)], {"slips": found.slips}),
        _overdue(found),
        questions_part(WEIGHTS[QUESTIONS], found.ever_theirs, found.open_questions),
        latency_part(WEIGHTS[LATENCY], found.latency_now, found.latency_before),
        balance_part(WEIGHTS[BALANCE], found.theirs, found.ours),
        Part(NEXT_STEP, WEIGHTS[NEXT_STEP], {"dated": 1.0, "written": 0.5}.get(found.step, 0.0), {"step": found.step}),
    )
    score = score_of(parts)
    return Health(found.deal, score, band_of(score), "", parts, reasons(parts), round(found.momentum, 2))


def momentum_rank(momentum: float, stage_days: float, norms: Norms) -> float | None:
    """The share of won deals that had no more momentum after as long in their stage; None without enough of them."""
    nearest = min(GRID, key=lambda day: abs(math.log((stage_days + 1) / (day + 1))))
    usual = norms.momenta.get(nearest, ())
    if len(usual) < FEWEST_MOMENTA:
        return None
    return bisect_right(usual, momentum) / len(usual)


def _momentum(found: Signals, rank: float | None) -> Part:
    value = rank if rank is not None else min(max(found.momentum / _LIVELY, 0.0), 1.0)
    facts = {"momentum": round(found.momentum, 2), "rank": None if rank is None else round(rank, 3)}
    return Part(MOMENTUM, WEIGHTS[MOMENTUM], value, facts)


def _threads(found: Signals) -> Part:
    """How many at the customer we speak with; without any messages of theirs, how many are named."""
    named_only = found.ever_theirs == 0
    facts: dict[str, float | int | str | None] = {
        "people": found.people, "roles": found.roles, "decision_maker": int(found.decision_maker),
    }  # fmt: skip
    if named_only and found.roles == 0:
        return Part(THREADS, WEIGHTS[THREADS], None, facts)
    value = (0.0, 0.35, 0.75, 1.0)[min(found.roles if named_only else found.people, 3)]
    if found.roles and not found.decision_maker and found.probability >= _NEEDS_POWER:
        value = max(value - 0.25, 0.0)
    return Part(THREADS, WEIGHTS[THREADS], value, facts)


def _stage_age(found: Signals, rank: float | None, norms: Norms) -> Part:
    usual = norms.stage_days.get(found.stage)
    if not usual:
        return Part(STAGE_AGE, WEIGHTS[STAGE_AGE], None, {"days": round(found.stage_days, 1)})
    ratio = found.stage_days / usual
    value = min(max((2.5 - ratio) / 1.5, 0.0), 1.0)
    stalled = ratio > _STALLED_RATIO and rank is not None and rank < _STALLED_RANK
    facts = {"days": round(found.stage_days, 1), "usual": round(usual, 1), "ratio": round(ratio, 2)}
    return Part(STAGE_AGE, WEIGHTS[STAGE_AGE], 0.0 if stalled else value, {**facts, "stalled": int(stalled)})


def _overdue(found: Signals) -> Part:
    days = found.overdue_days
    value = 1.0 if days <= 0 else max(0.4 * (1 - days / 14), 0.0)
    return Part(OVERDUE, WEIGHTS[OVERDUE], value, {"days": max(days, 0)})
