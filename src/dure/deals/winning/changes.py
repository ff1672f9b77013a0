"""What moved a forecast since a day: each deal then and now, and the kinds of change in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Then:
    """A deal as it was: `stage` "" where it was not there yet."""

    stage: str
    probability: int
    amount: int
    close_date: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    deal: str
    name: str
    owner: str
    currency: str
    created_at: datetime
    outcome: str
    then: Then
    now: Then


def kinds_of(one: Moved, positions: Mapping[str, int]) -> list[str]:
    """new, won, lost, forward, back, more, less, later, earlier: a deal may have changed in several ways."""
    if not one.then.stage:
        return ["new", *([one.outcome] if one.outcome else [])]
    kinds = []
    if one.now.stage != one.then.stage:
        further = positions.get(one.now.stage, 0) > positions.get(one.then.stage, 0)
        kinds.append(one.outcome or ("forward" if further else "back"))
    if one.now.amount != one.then.amount:
        kinds.append("more" if one.now.amount > one.then.amount else "less")
    if one.now.close_date and one.then.close_date and one.now.close_date != one.then.close_date:
        kinds.append("later" if one.now.close_date > one.then.close_date else "earlier")
    return kinds


def told(moves: Sequence[Moved], positions: Mapping[str, int]) -> dict[str, Any]:
    """The changed deals, the largest effect on the weighted sum first, and how many of each kind there are."""
    items = []
    counts: dict[str, int] = {}
    for one in moves:
        kinds = kinds_of(one, positions)
        if not kinds:
            continue
        before = round(one.then.amount * one.then.probability / 100) if one.then.stage else 0
        after = round(one.now.amount * one.now.probability / 100)
        for kind in kinds:
            counts[kind] = counts.get(kind, 0) + 1
        items.append(
            {
                "deal": one.deal,
                "name": one.name,
                "owner": one.owner,
                "currency": one.currency,
                "kinds": kinds,
                "then": {"stage": one.then.stage, "amount": one.then.amount, "close_date": one.then.close_date},
                "now": {"stage": one.now.stage, "amount": one.now.amount, "close_date": one.now.close_date},
                "weighted": after - before,
            }
        )
    items.sort(key=lambda item: (-abs(int(str(item["weighted"]))), str(item["deal"])))
    return {"items": items, "counts": counts}
