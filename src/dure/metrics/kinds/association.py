"""How surely two things go together: a 2×2 table's odds ratio and exact p-value, and many of them corrected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# So far from the expected count, in standard deviations and in people, a p-value is nothing a float can hold.
_FAR, _FAR_COUNT = 40.0, 2000


@dataclass(frozen=True, slots=True)
class Table:
    """Of `total` people `reached` reached the goal; of the `people` with the thing, `both` did."""

    both: int
    people: int
    reached: int
    total: int

    @property
    def rate(self) -> float:
        return self.both / self.people

    @property
    def lift(self) -> float | None:
        """The rate of those with the thing over everybody's; None where nobody reached the goal."""
        return self.rate / (self.reached / self.total) if self.reached else None

    @property
    def odds_ratio(self) -> float:
        """Odds with over odds without. Where a cell is zero, a half is added to all four (Haldane and Anscombe)."""
        cells: tuple[float, ...] = (
            self.both,
            self.people - self.both,
            self.reached - self.both,
            self.total - self.people - self.reached + self.both,
        )
        if 0 in cells:
            cells = tuple(cell + 0.5 for cell in cells)
        return cells[0] * cells[3] / (cells[1] * cells[2])


def fisher(table: Table) -> float:
    """The two-sided p-value of Fisher's exact test: the chance of all tables with the same margins that are no likelier
    than this one. For tables of any size: probabilities are summed around the likeliest table, from the ratio of each
    to the next, as far out as a float can tell them from zero."""
    people, reached, total = table.people, table.reached, table.total
    least, most = max(0, people + reached - total), min(people, reached)
    expected = people * reached / total
    spread = math.sqrt(expected * (1 - reached / total) * (total - people) / max(total - 1, 1))
    if abs(table.both - expected) > _FAR * spread + _FAR_COUNT:
        return 0.0
    reach = int(12 * spread) + 60
    low = max(least, min(table.both, int(expected)) - reach)
    high = min(most, max(table.both, int(expected)) + reach)
    k = np.arange(low, high, dtype=np.float64)
    steps = np.log((reached - k) * (people - k)) - np.log((k + 1) * (total - people - reached + k + 1))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    # The tolerance keeps tables that are exactly as likely, which rounding would tell apart.
    extreme = logs <= logs[table.both - low] + 1e-7
    chances = np.exp(logs - logs.max())
    return min(1.0, float(chances[extreme].sum() / chances.sum()))


def corrected(p_values: Sequence[float]) -> list[float]:
    """Each p-value's own false discovery rate (Benjamini and Hochberg 1995): the smallest rate at which it is found."""
    count = len(p_values)
    order = sorted(range(count), key=lambda index: p_values[index], reverse=True)
    adjusted = [1.0] * count
    least = 1.0
    for place, index in enumerate(order):
        least = min(least, p_values[index] * count / (count - place))
        adjusted[index] = least
    return adjusted
