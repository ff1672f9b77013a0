"""A tree's values: nodes are metrics of the catalogue, edges say how an input goes into its parent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from dure.metrics.tree.decompose import Operation

MOST_NODES = 60


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metric at its place. `operation` says how its arithmetic inputs make it; a leaf needs none."""

    id: str
    metric: str
    operation: Operation | None = None


class Edge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """From an input to its parent. The arithmetic inputs of a ratio are in order: what is divided, then by what."""

    from_: str
    to: str
    kind: Literal["arithmetic", "influence"] = "arithmetic"


class NewTree(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person writes; `id` is made from the English name when it is left out."""

    name_ko: str
    name_en: str
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    about_ko: str = ""
    about_en: str = ""
    id: str | None = None


class ChangedTree(NewTree, frozen=True, kw_only=True):
    """A tree written anew; `version` is the one that was read."""

    version: int | None = None


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """A tree as it is kept."""

    id: str
    name_ko: str
    name_en: str
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    about_ko: str = ""
    about_en: str = ""
    version: int = 1
    created_by: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def node(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)

    def inputs(self, id: str) -> list[str]:
        """The arithmetic inputs of a node, in order."""
        return [edge.from_ for edge in self.edges if edge.to == id and edge.kind == "arithmetic"]

    def influences(self) -> list[Edge]:
        return [edge for edge in self.edges if edge.kind == "influence"]
