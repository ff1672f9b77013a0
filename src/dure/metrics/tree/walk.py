"""A tree's change, walked from the root down: what each node contributed to its parent and to the root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dure.metrics.tree import decompose
from dure.metrics.tree.decompose import Pair
from dure.metrics.tree.model import Tree


@dataclass(frozen=True, slots=True)
class Change:
    """One node's part. `contribution` is in its parent's unit and `to_root` in the root's; None where it has no
    arithmetic way up, or where it cannot be told. `remainder` is what its own inputs leave unexplained."""

    change: float | None
    contribution: float | None = None
    to_root: float | None = None
    remainder: float | None = None
    remainder_to_root: float | None = None
    why: str = ""


def walk(tree: Tree, numbers: Mapping[str, Pair]) -> dict[str, Change]:
    """Every node's change. `to_root` of the leaves and `remainder_to_root` of all add up to the root's change."""
    found: dict[str, Change] = {}

    def descend(id: str, contribution: float | None, weight: float | None) -> None:
        node, inputs, own = tree.node(id), tree.inputs(id), numbers[id]
        change = decompose.difference(own)
        to_root = None if weight is None or change is None else weight * change
        if not inputs or node.operation is None:
            found[id] = Change(change, contribution, to_root)
            return
        split = decompose.split(node.operation, own, [numbers[below] for below in inputs])
        rest = None if weight is None or split.remainder is None else weight * split.remainder
        found[id] = Change(change, contribution, to_root, split.remainder, rest, split.why)
        for below, part in zip(inputs, split.parts, strict=True):
            on = None if weight is None or part.weight is None else weight * part.weight
            descend(below, part.contribution, on)

    descend(tree.root, decompose.difference(numbers[tree.root]), 1.0)
    for edge in tree.influences():
        # What only influences stands at the head of a tree of its own: it contributes, but not to the root.
        if edge.from_ not in found and not _goes_into(tree, edge.from_):
            descend(edge.from_, None, None)
    return found


def _goes_into(tree: Tree, id: str) -> bool:
    return any(edge.from_ == id and edge.kind == "arithmetic" for edge in tree.edges)
