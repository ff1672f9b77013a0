"""Several comparisons at once: p-values raised by how many chances there were to be wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Literal, get_args

Correction = Literal["none", "bonferroni", "holm", "hommel", "hochberg", "bh", "by"]
CORRECTIONS: tuple[Correction, ...] = get_args(Correction)


def corrected(values: Sequence[float], method: Correction) -> list[float]:
    """Adjusted p-values in the order given. Holm (1979), Hochberg (1988), Hommel (1988) and Bonferroni hold the chance
    of any false finding; Benjamini-Hochberg and -Yekutieli the share of false ones among the findings."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    rising = [values[place] for place in order]
    adjusted = [0.0] * len(values)
    for place, value in zip(order, _METHODS[method](rising), strict=True):
        adjusted[place] = min(1.0, value)
    return adjusted


def _bonferroni(p: list[float]) -> list[float]:
    return [len(p) * value for value in p]


def _holm(p: list[float]) -> list[float]:
    return list(accumulate(((len(p) - place) * value for place, value in enumerate(p)), max))


def _from_the_top(p: list[float], factor: Callable[[int], float]) -> list[float]:
    raised = (factor(place) * p[place] for place in reversed(range(len(p))))
    return list(accumulate(raised, min))[::-1]


def _hochberg(p: list[float]) -> list[float]:
    return _from_the_top(p, lambda place: len(p) - place)


def _bh(p: list[float]) -> list[float]:
    return _from_the_top(p, lambda place: len(p) / (place + 1))


def _by(p: list[float]) -> list[float]:
    harmonic = sum(1 / (place + 1) for place in range(len(p)))
    return _from_the_top(p, lambda place: harmonic * len(p) / (place + 1))


def _hommel(p: list[float]) -> list[float]:
    """Wright's algorithm (1992)."""
    n = len(p)
    adjusted = list(p)
    for m in range(n, 1, -1):
        smallest = min(m * p[n - m + k] / (k + 1) for k in range(m))
        for place in range(n - m, n):
            adjusted[place] = max(adjusted[place], smallest)
        for place in range(n - m):
            adjusted[place] = max(adjusted[place], min(smallest, m * p[place]))
    return adjusted


_METHODS: dict[Correction, Callable[[list[float]], list[float]]] = {
    "none": list, "bonferroni": _bonferroni, "holm": _holm, "hommel": _hommel, "hochberg": _hochberg, "bh": _bh,
    "by": _by,
}  # fmt: skip
