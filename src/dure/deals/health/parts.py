"""What the health of a deal and that of a relationship have in common: parts that both know, the score made of parts,
its band and its reasons."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dure.deals.health.model import BALANCE, LATENCY, QUESTIONS, Band, Part

REASONS = 3

_FEWEST_MESSAGES = 4
_HARDLY = 3.0


def score_of(parts: Sequence[Part]) -> int:
    """From 0 to 100; what is not known counts neither for nor against."""
    known = [part for part in parts if part.value is not None]
    return round(100 * sum(part.weight - part.lost for part in known) / sum(part.weight for part in known))


def band_of(score: int) -> Band:
    return "good" if score >= 70 else "fair" if score >= 40 else "poor"


def reasons(parts: Sequence[Part]) -> tuple[str, ...]:
    """The three parts that cost most; where none costs much, the three that carry most."""
    costly = sorted((part for part in parts if part.lost >= _HARDLY), key=lambda part: -part.lost)
    if costly:
        return tuple(part.name for part in costly[:REASONS])
    carrying = sorted(
        (part for part in parts if part.value is not None), key=lambda part: -(part.weight * (part.value or 0.0))
    )
    return tuple(part.name for part in carrying[:REASONS])


def questions_part(weight: int, ever_theirs: int, still_open: int) -> Part:
    value = None if ever_theirs == 0 else (1.0, 0.5, 0.2, 0.0)[min(still_open, 3)]
    return Part(QUESTIONS, weight, value, {"open": still_open})


def latency_part(weight: int, now: float | None, before: float | None) -> Part:
    """How the customer's median hours to answer changed."""
    facts = {"hours": None if now is None else round(now, 1), "before": None if before is None else round(before, 1)}
    if now is None or before is None:
        return Part(LATENCY, weight, None, facts)
    # A minute at least, so that an answer at once does not make the next one look endless.
    trend = math.log(max(now, 1 / 60) / max(before, 1 / 60))
    return Part(LATENCY, weight, min(max(1 - trend / math.log(4), 0.0), 1.0), {**facts, "trend": round(trend, 3)})


def balance_part(weight: int, theirs: int, ours: int) -> Part:
    facts = {"theirs": theirs, "ours": ours}
    if theirs + ours < _FEWEST_MESSAGES:
        return Part(BALANCE, weight, None, facts)
    share = min(theirs, ours) / max(theirs, ours)
    return Part(BALANCE, weight, min(share / 0.5, 1.0), {**facts, "share": round(share, 3)})
