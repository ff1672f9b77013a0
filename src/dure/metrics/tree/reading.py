"""A tree read for two periods: the values, the contributions, and the correlations of its influence edges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.metrics.catalogue.measuring import Measuring
from dure.metrics.model import Metric
from dure.metrics.question import MetricQuestion
from dure.metrics.tree.decompose import Operation, Pair
from dure.metrics.tree.influence import CONFIDENCE, FEWEST, influence
from dure.metrics.tree.model import Edge, Node, Tree
from dure.metrics.tree.periods import Days
from dure.metrics.tree.walk import Change, walk

# How much of the past the correlations look at, up to the period's last day.
HISTORY = {"day": timedelta(weeks=12), "week": timedelta(weeks=52)}
# What is divided multiplies; what it is divided by divides.
_SIGNS: Mapping[Operation, str] = {"sum": "+", "product": "×", "ratio": "×"}
_SHOWN = ("id", "name_ko", "name_en", "function", "unit", "currency", "direction", "target", "verified")

DEFINITIONS = [
    "A contribution is what an input's own change did to its parent, averaged over all orders in which the inputs"
    " could have changed (Shapley). Contributions and the remainder add up to the change.",
    "The remainder is what the inputs leave unexplained: distinct people of two groups, for example, do not add.",
    "An influence is a correlation of daily or weekly changes, at the lag where it stands out most, with a"
    f" {CONFIDENCE:.0%} interval that allows for all lags tried. It does not say that one causes the other.",
]


async def read(
    measuring: Measuring, tree: Tree, period: Days, compared: Days, *, influences: bool = True
) -> dict[str, Any]:
    """The tree with the values of both periods; see `docs/how-to/metrics-and-the-north-star.md`. Without `influences`
    the answer does not wait for the correlations."""
    numbers: dict[str, Pair] = {}
    errors: dict[str, str] = {}
    for node in tree.nodes:
        numbers[node.id], error = await _pair(measuring, node, period, compared)
        if error:
            errors[node.id] = error
    changes = walk(tree, numbers)
    root = changes[tree.root].change
    nodes = [
        {**_node(measuring.known.get(node.metric), node, numbers[node.id], changes[node.id], root),
         **({"error": errors[node.id]} if node.id in errors else {})}
        for node in tree.nodes
    ]  # fmt: skip
    return {
        **msgspec.to_builtins(tree),
        "from": period.texts()[0], "to": period.texts()[1],
        "compare_from": compared.texts()[0], "compare_to": compared.texts()[1],
        "nodes": nodes,
        "edges": [
            {**shown, "influence": await _influence(measuring, tree, edge, period) if influences else None}
            if edge.kind == "influence"
            else {**shown, **_arithmetic(tree, edge, changes)}
            for edge, shown in zip(tree.edges, msgspec.to_builtins(tree.edges), strict=True)
        ],
        "definitions": DEFINITIONS,
    }  # fmt: skip


async def _pair(measuring: Measuring, node: Node, period: Days, compared: Days) -> tuple[Pair, str]:
    """The number of the compared period and of the period; an error is told where the node stands."""
    metric = measuring.known.get(node.metric)
    if metric is None:
        return (None, None), "This metric is no longer in the catalogue."
    try:
        before = await measuring.number(metric, *compared.texts())
        return (before, await measuring.number(metric, *period.texts())), ""
    except Invalid as error:
        return (None, None), error.message


def _node(metric: Metric | None, node: Node, pair: Pair, found: Change, root: float | None) -> dict[str, Any]:
    before, value = pair
    good = None
    if metric is not None and found.change:
        good = (found.change > 0) == (metric.direction == "up")
    return {
        **msgspec.to_builtins(node),
        "metric": {name: getattr(metric, name) for name in _SHOWN} if metric else {"id": node.metric},
        "value": value,
        "before": before,
        "change": found.change,
        # A share of something on the other side of zero says nothing.
        "relative": found.change / abs(before) if found.change is not None and before and before > 0 else None,
        "good": good,
        "contribution": found.contribution,
        "to_root": found.to_root,
        "root_share": found.to_root / root if found.to_root is not None and root else None,
        "remainder": found.remainder,
        "remainder_to_root": found.remainder_to_root,
        "why": found.why,
    }


def _arithmetic(tree: Tree, edge: Edge, changes: Mapping[str, Change]) -> dict[str, Any]:
    operation = tree.node(edge.to).operation
    change, contribution = changes[edge.to].change, changes[edge.from_].contribution
    divides = operation == "ratio" and tree.inputs(edge.to)[1] == edge.from_
    return {
        "sign": "÷" if divides else _SIGNS[operation] if operation else "",
        "contribution": contribution,
        "share": contribution / change if contribution is not None and change else None,
    }


async def _influence(measuring: Measuring, tree: Tree, edge: Edge, period: Days) -> dict[str, Any]:
    pair = [measuring.known.get(tree.node(end).metric) for end in (edge.from_, edge.to)]
    source, target = pair
    if source is None or target is None:
        return {"reason": "no_series"}
    grains = {measuring.grain(source), measuring.grain(target)}
    if None in grains:
        return {"reason": "no_series"}
    interval = "week" if "week" in grains else "day"
    first = period.last - HISTORY[interval] + timedelta(days=1)
    asked = MetricQuestion(
        metric=source.id,
        from_=first.isoformat(),
        to=period.last.isoformat(),
        interval=interval,  # type: ignore[arg-type]
    )
    try:
        moved = await measuring.series(source, asked)
        answered = await measuring.series(target, msgspec.structs.replace(asked, metric=target.id))
    except Invalid as error:
        return {"reason": "no_series", "error": error.message}
    starts = sorted(set(moved) & set(answered))
    found = influence(
        [moved[at] for at in starts], [answered[at] for at in starts], interval,  # type: ignore[arg-type]
        first_weekday=first.weekday(),
    )  # fmt: skip
    return {**{name: getattr(found, name) for name in found.__slots__}, "interval": interval, "fewest": FEWEST}
