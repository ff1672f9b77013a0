"""The forecast: open deals and those won, by category, period, owner and currency; by stage and by chance.

Months and quarters are those of the close date, for closed deals of the day they were closed. What is open and past its
close date has a period of its own: it will not be closed in the past.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from dure.deals.winning.simulate import Outcome, outcome

Period = Literal["month", "quarter"]

# What Salesforce calls a stage's forecast category, and the rows of a forecast.
CATEGORIES = {
    "Closed": "closed", "Forecast": "commit", "MostLikely": "most_likely", "BestCase": "best_case",
    "Pipeline": "pipeline", "Omitted": "omitted",
}  # fmt: skip
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Standing:
    """A deal as a forecast sees it. `chance` is None where there is none to tell; won deals are `closed`."""

    deal: str
    owner: str
    currency: str
    stage: str
    category: str
    amount: int
    probability: int
    chance: float | None
    day: date
    closed: bool


def period_of(one: Standing, today: date, period: Period) -> str:
    """2026-11, 2026-Q4 or overdue."""
    if not one.closed and one.day < today:
        return OVERDUE
    if period == "quarter":
        return f"{one.day.year}-Q{(one.day.month + 2) // 3}"
    return f"{one.day.year}-{one.day.month:02}"


def forecast(standings: Sequence[Standing], today: date, period: Period, drift: float) -> dict[str, Any]:
    """For each currency its sums, and the same by period, owner and stage."""
    by_currency = _by(standings, lambda one: one.currency)
    return {
        "currencies": [
            {
                "currency": currency,
                **_sums(found, drift),
                "periods": _parts(found, lambda one: period_of(one, today, period), "period", drift),
                "owners": _parts(found, lambda one: one.owner, "owner", drift),
                "stages": _parts(found, lambda one: one.stage, "stage", drift),
            }
            for currency, found in sorted(by_currency.items(), key=lambda one: -len(one[1]))
        ]
    }


def _parts(standings: Sequence[Standing], key: Any, name: str, drift: float) -> list[dict[str, Any]]:
    return [{name: value, **_sums(found, drift)} for value, found in sorted(_by(standings, key).items())]


def _sums(standings: Sequence[Standing], drift: float) -> dict[str, Any]:
    """Amounts by category, weighted by probability, and what the chances make of them.

    `weighted` and `expected` hold what is closed already; omitted stages count in neither.
    """
    categories: dict[str, int] = dict.fromkeys(CATEGORIES.values(), 0)
    for one in standings:
        categories[one.category] += one.amount
    closed = sum(one.amount for one in standings if one.closed)
    counted = [one for one in standings if not one.closed and one.category != "omitted"]
    told = [(one.chance, one.amount) for one in counted if one.chance is not None]
    return {
        "deals": len(counted),
        "open": sum(one.amount for one in counted),
        "weighted": closed + sum(round(one.amount * one.probability / 100) for one in counted),
        "categories": categories,
        "model": _moved(_simulated(told, drift), closed) if told else None,
        "untold": len(counted) - len(told),
        "untold_amount": sum(one.amount for one in counted if one.chance is None),
    }


def _simulated(told: Sequence[tuple[float, int]], drift: float) -> Outcome:
    # The same draws for the same deals: a figure that changes must mean that something changed.
    random = np.random.default_rng(len(told))
    chance, amount = np.array([one for one, _ in told]), np.array([float(money) for _, money in told])
    return outcome(chance, amount, drift, random)


def _moved(found: Outcome, by: int) -> dict[str, int]:
    return {name: round(getattr(found, name)) + by for name in Outcome.__slots__}


def _by(standings: Iterable[Standing], key: Any) -> Mapping[str, list[Standing]]:
    found: dict[str, list[Standing]] = defaultdict(list)
    for one in standings:
        found[key(one)].append(one)
    return found
