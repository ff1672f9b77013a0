"""The page about metrics: its definitions can be saved, and its worked example is what the code computes."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from dure.metrics.catalogue import catalogue, formula
from dure.metrics.model import Metric, NewMetric
from dure.metrics.starters import METRICS
from dure.metrics.tree import rules
from dure.metrics.tree.model import Edge, NewTree, Node, Tree
from dure.metrics.tree.walk import walk
from tests.docs.test_examples import examples
from tests.docs.test_reference import ROOT

PAGE = "how-to/metrics-and-the-north-star.md"
STARTERS = {one.id or "": msgspec.convert(msgspec.to_builtins(one), Metric) for one in METRICS}


def test_its_definitions_can_be_saved() -> None:
    kept: list[str] = []
    for example in examples(PAGE):
        if "nodes" in example:
            rules.check(msgspec.convert(example, NewTree), set(STARTERS))
        else:
            new = msgspec.convert(example, NewMetric)
            catalogue.check(new, new.id or "", STARTERS)
        kept.append(example["id"])
    assert kept == ["my-win-rate", "cost-per-sign-up", "listening"]


def test_the_starters_are_definitions_in_their_order() -> None:
    known: dict[str, Metric] = {}
    for new in METRICS:
        catalogue.check(new, new.id or "", known)
        known[new.id or ""] = STARTERS[new.id or ""]
    assert sum(formula.is_formula(metric.question) for metric in known.values()) >= 3


def test_the_worked_example_is_what_is_computed() -> None:
    nodes = (Node("hours", "h", "product"), Node("people", "p", "sum"), Node("each", "e"), Node("new", "n"),
             Node("back", "b"))  # fmt: skip
    edges = (Edge("people", "hours"), Edge("each", "hours"), Edge("new", "people"), Edge("back", "people"))
    tree = Tree(id="t", name_ko="t", name_en="t", root="hours", nodes=nodes, edges=edges)
    found = walk(tree, {"hours": (200, 360), "people": (100, 120), "each": (2, 3), "new": (50, 70), "back": (50, 55)})
    told: dict[str, Any] = {name: found[name].to_root for name in ("hours", "people", "each", "new", "back")}
    written = rows((ROOT / "docs" / PAGE).read_text(encoding="utf-8"))
    assert written == pytest.approx([*told.values(), found["people"].remainder_to_root])


def rows(text: str) -> list[float]:
    """The contributions of the example's table."""
    table = text.partition("**Example.**")[2].partition("50 + 12.5")[0]
    return [float(found) for found in re.findall(r"([+-][\d.]+)\*{0,2} \|$", table, re.MULTILINE)]
