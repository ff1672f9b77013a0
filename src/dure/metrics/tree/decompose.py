"""How much each input contributed to a change, exactly.

The method is the Shapley decomposition: an input's contribution is what the result changes when that input moves from
its old to its new value, averaged over all orders in which the inputs could have moved (A. Shorrocks, *Decomposition
procedures for distributional analysis: a unified framework based on the Shapley value*, 1999, J. Economic Inequality
11, 2013; for products the same as J. W. Sun, *Changes in energy consumption and energy intensity: a complete
decomposition model*, Energy Economics 20, 1998). It was chosen over the logarithmic mean (LMDI) because it needs no
logarithm: zeros and negative numbers decompose like any others. For two factors it is the midpoint form
Δ(xy) = Δx·(y₀+y₁)/2 + Δy·(x₀+x₁)/2.

A contribution is always the input's own change times a *weight* that depends on the other inputs. Weights multiply
along a path, which is how a contribution travels from a leaf to the root, also through a node that did not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, fsum, isfinite, prod
from typing import Literal

Operation = Literal["sum", "product", "ratio"]
Pair = tuple[float | None, float | None]
"""A number before and after; None where there was none."""

MOST_INPUTS = 12
# Below this share of the figures a difference is the dust of floating point.
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """One input of one parent: its weight, and what it contributed in the parent's unit."""

    weight: float | None
    contribution: float | None


@dataclass(frozen=True, slots=True)
class Split:
    """A parent's change: the parts of its inputs, and the remainder that they do not explain.

    `why` names the remainder: `inputs_do_not_add` where the measured parent is not what its inputs give (distinct
    people of two groups, for example), `missing_input` where an input has no value, `divides_by_zero`.
    """

    parts: tuple[Part, ...]
    remainder: float | None
    why: Literal["", "inputs_do_not_add", "missing_input", "divides_by_zero"] = ""


def split(operation: Operation, parent: Pair, inputs: Sequence[Pair]) -> Split:
    """Splits a parent's change over its inputs; contributions and remainder add up to the change.

    A ratio has two inputs, first what is divided. Where the parent itself has no change to split, nothing is told.
    """
    change = difference(parent)
    if change is None or not inputs:
        return Split(tuple(Part(None, None) for _ in inputs), None, "missing_input" if inputs else "")
    known = [pair for pair in (whole(pair) for pair in inputs) if pair is not None]
    if len(known) < len(inputs):
        return _some_missing(operation, change, inputs)
    weights = weights_of(operation, known)
    if weights is None:
        return Split(tuple(Part(None, None) for _ in inputs), change, "divides_by_zero")
    parts = tuple(
        Part(weight, weight * (after - before)) for weight, (before, after) in zip(weights, known, strict=True)
    )
    remainder = change - fsum(part.contribution or 0.0 for part in parts)
    size = max(
        abs(number) for number in (*(parent[0] or 0.0, parent[1] or 0.0), *(p.contribution or 0.0 for p in parts))
    )
    if abs(remainder) <= _DUST * size:
        return Split(parts, 0.0)
    return Split(parts, remainder, "inputs_do_not_add")


def weights_of(operation: Operation, inputs: Sequence[tuple[float, float]]) -> list[float] | None:
    """What one unit of each input's change is worth in the parent; None where a ratio divides by zero."""
    match operation:
        case "sum":
            return [1.0] * len(inputs)
        case "product":
            return [_in_product([pair for j, pair in enumerate(inputs) if j != i]) for i in range(len(inputs))]
        case "ratio":
            (above0, above1), (below0, below1) = inputs
            if below0 == 0 or below1 == 0:
                return None
            weights = [(1 / below0 + 1 / below1) / 2, -(above0 + above1) / 2 / below0 / below1]
            return weights if all(map(isfinite, weights)) else None


def result_of(operation: Operation, inputs: Sequence[float | None]) -> float | None:
    """What the inputs give: the parent as the formula has it."""
    known = [value for value in inputs if value is not None]
    if len(known) < len(inputs):
        return None
    match operation:
        case "sum":
            return fsum(known)
        case "product":
            return prod(known)
        case "ratio":
            return known[0] / known[1] if known[1] != 0 else None


def difference(pair: Pair) -> float | None:
    found = whole(pair)
    return None if found is None else found[1] - found[0]


def whole(pair: Pair) -> tuple[float, float] | None:
    """A pair whose both numbers are there."""
    before, after = pair
    if before is None or after is None or not (isfinite(before) and isfinite(after)):
        return None
    return before, after


def _some_missing(operation: Operation, change: float, inputs: Sequence[Pair]) -> Split:
    """A sum still tells what the known inputs did; a product or a ratio with a hole tells nothing."""
    if operation != "sum":
        return Split(tuple(Part(None, None) for _ in inputs), change, "missing_input")
    differences = [difference(pair) for pair in inputs]
    parts = tuple(Part(None if found is None else 1.0, found) for found in differences)
    return Split(parts, change - fsum(found for found in differences if found is not None), "missing_input")


def _in_product(others: Sequence[tuple[float, float]]) -> float:
    """The mean, over all orders, of the product of the others, each old or new as it has moved already or not.

    The coefficient of tˢ in Π(oldⱼ + newⱼ·t) sums the products in which s of the others have moved; in a random order
    each number s of movers before this one is equally likely, and so is each choice of them.
    """
    coefficients = [1.0]
    for before, after in others:
        moved = [0.0, *(after * coefficient for coefficient in coefficients)]
        stayed = [*(before * coefficient for coefficient in coefficients), 0.0]
        coefficients = [a + b for a, b in zip(moved, stayed, strict=True)]
    n = len(others)
    return fsum(coefficient / comb(n, s) for s, coefficient in enumerate(coefficients)) / (n + 1)
