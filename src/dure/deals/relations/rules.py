"""From measures to a standing, without any I/O. The weights are starting values; each part and its points are shown.

A steady relationship has about the momentum of its own last quarter; how much is usual for one that led to a deal is
told by accounts with a won deal, at the same age.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from statistics import median

from dure.deals.health.model import BALANCE, LATENCY, MOMENTUM, QUESTIONS, THREADS, Part
from dure.deals.health.parts import balance_part, band_of, latency_part, questions_part, reasons, score_of
from dure.deals.relations.model import LAST_TOUCH, PEERS, Measures, Peers, Standing

WEIGHTS = {MOMENTUM: 25, PEERS: 15, THREADS: 15, QUESTIONS: 15, LATENCY: 10, BALANCE: 10, LAST_TOUCH: 10}
YOUNG_DAYS = 14.0
FEWEST_MESSAGES = 10

# Weeks of its own that a relationship is compared with, and how many of them make a comparison.
WEEKS = 13
FEWEST_WEEKS = 4
# Ages in days at which the momentum of accounts with a won deal is kept, and how many of them make a comparison.
GRID = (14, 30, 60, 90, 180, 365, 730)
FEWEST_PEERS = 8

_RECENT_DAYS, _SILENT_DAYS = 7.0, 45.0


def standing_of(found: Measures, peers: Peers) -> Standing:
    """What is not known counts neither for nor against."""
    why = "young" if found.age_days < YOUNG_DAYS else "quiet_data" if found.ever_theirs < FEWEST_MESSAGES else ""
    if why:
        return Standing(found.account, found.momentum, None, None, why, (), ())
    parts = (
        _momentum(found),
        _peers(found, peers),
        Part(THREADS, WEIGHTS[THREADS], (0.0, 0.35, 0.75, 1.0)[min(found.people, 3)], {"people": found.people}),
        questions_part(WEIGHTS[QUESTIONS], found.ever_theirs, found.open_questions),
        latency_part(WEIGHTS[LATENCY], found.latency_now, found.latency_before),
        balance_part(WEIGHTS[BALANCE], found.theirs, found.ours),
        _last_touch(found),
    )
    score = score_of(parts)
    return Standing(found.account, found.momentum, score, band_of(score), "", parts, reasons(parts))


def peer_rank(momentum: float, age_days: float, peers: Peers) -> tuple[float | None, int]:
    """The share of accounts with a won deal that had no more momentum at this age, None without enough of them; and
    how many there are."""
    nearest = min(GRID, key=lambda day: abs(math.log((age_days + 1) / (day + 1))))
    usual = peers.momenta.get(nearest, ())
    rank = bisect_right(usual, momentum) / len(usual) if len(usual) >= FEWEST_PEERS else None
    return rank, len(usual)


def _momentum(found: Measures) -> Part:
    """Against what was usual in the account's own last quarter."""
    known = [one for one in found.weeks if one is not None]
    facts: dict[str, float | int | str | None] = {"momentum": round(found.momentum, 2), "weeks": len(known)}
    usual = median(known) if len(known) >= FEWEST_WEEKS else 0.0
    if usual <= 0:
        return Part(MOMENTUM, WEIGHTS[MOMENTUM], None, {**facts, "usual": None})
    value = min(max(found.momentum / usual, 0.0), 1.0)
    return Part(MOMENTUM, WEIGHTS[MOMENTUM], value, {**facts, "usual": round(usual, 2)})


def _peers(found: Measures, peers: Peers) -> Part:
    rank, among = peer_rank(found.momentum, found.age_days, peers)
    return Part(PEERS, WEIGHTS[PEERS], rank, {"rank": None if rank is None else round(rank, 3), "among": among})


def _last_touch(found: Measures) -> Part:
    days = found.touch_days
    if days is None:
        return Part(LAST_TOUCH, WEIGHTS[LAST_TOUCH], None, {"days": None})
    value = min(max((_SILENT_DAYS - days) / (_SILENT_DAYS - _RECENT_DAYS), 0.0), 1.0)
    return Part(LAST_TOUCH, WEIGHTS[LAST_TOUCH], value, {"days": round(days, 1)})
