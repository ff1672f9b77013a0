"""Which trees make sense."""

from __future__ import annotations

from dure.kernel.errors import Invalid
from dure.metrics.tree.decompose import MOST_INPUTS
from dure.metrics.tree.model import MOST_NODES, NewTree


def check(tree: NewTree, metrics: set[str]) -> None:
    """Refuses a tree that cannot be read; `metrics` are those of the catalogue."""
    for field in ("name_ko", "name_en"):
        if not getattr(tree, field).strip():
            raise Invalid("A tree has a Korean and an English name.", field=field)
    if not 1 <= len(tree.nodes) <= MOST_NODES:
        raise Invalid(f"A tree has from 1 to {MOST_NODES} nodes.", field="nodes")
    ids: set[str] = set()
    for index, node in enumerate(tree.nodes):
        if not node.id.strip() or node.id in ids:
            raise Invalid("Each node has an id of its own.", field=f"nodes[{index}].id")
        if node.metric not in metrics:
            raise Invalid(f"There is no metric {node.metric!r}.", field=f"nodes[{index}].metric")
        ids.add(node.id)
    if tree.root not in ids:
        raise Invalid("The root is one of the nodes.", field="root")
    _check_edges(tree, ids)
    _check_operations(tree)
    _check_reach(tree)


def _check_edges(tree: NewTree, ids: set[str]) -> None:
    seen: set[tuple[str, str]] = set()
    placed: set[str] = set()
    for index, edge in enumerate(tree.edges):
        for field, end in (("from", edge.from_), ("to", edge.to)):
            if end not in ids:
                raise Invalid(f"There is no node {end!r}.", field=f"edges[{index}].{field}")
        if edge.from_ == edge.to or (edge.from_, edge.to) in seen:
            raise Invalid("Two nodes are joined once, and none to itself.", field=f"edges[{index}]")
        seen.add((edge.from_, edge.to))
        if edge.kind == "arithmetic":
            # With two parents a number would be counted twice on its way to the root.
            if edge.from_ in placed:
                raise Invalid(f"{edge.from_!r} goes into two numbers.", field=f"edges[{index}].from")
            placed.add(edge.from_)


def _check_operations(tree: NewTree) -> None:
    for index, node in enumerate(tree.nodes):
        inputs = sum(edge.to == node.id and edge.kind == "arithmetic" for edge in tree.edges)
        if inputs and node.operation is None:
            raise Invalid("Say how its inputs make it: sum, product or ratio.", field=f"nodes[{index}].operation")
        if node.operation == "ratio" and inputs not in (0, 2):
            raise Invalid("A ratio has two inputs.", field=f"nodes[{index}].operation")
        if inputs > MOST_INPUTS:
            raise Invalid(f"A node has at most {MOST_INPUTS} inputs.", field=f"nodes[{index}]")


def _check_reach(tree: NewTree) -> None:
    """From every node the edges lead to the root, and nowhere in a circle."""
    into: dict[str, list[str]] = {node.id: [] for node in tree.nodes}
    for edge in tree.edges:
        into[edge.to].append(edge.from_)
    done: set[str] = set()

    def descend(id: str, path: tuple[str, ...]) -> None:
        if id in path:
            raise Invalid(f"The edges go in a circle: {' → '.join((*path, id))}.", field="edges")
        if id in done:
            return
        for below in into[id]:
            descend(below, (*path, id))
        done.add(id)

    descend(tree.root, ())
    for index, node in enumerate(tree.nodes):
        if node.id not in done:
            raise Invalid(f"No edge leads from {node.id!r} to the root.", field=f"nodes[{index}]")
