"""Contributions add up to the change, whatever the tree and whatever the numbers."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.metrics.tree.decompose import Operation, Pair, result_of, split
from dure.metrics.tree.model import Edge, Node, Tree
from dure.metrics.tree.walk import walk

NUMBERS = st.one_of(st.just(0.0), st.floats(-1e4, 1e4, allow_subnormal=False))
PAIRS = st.tuples(NUMBERS, NUMBERS)
BELOW = st.floats(0.01, 1e3) | st.floats(-1e3, -0.01)


def made(operation: Operation, inputs: list[tuple[float, float]]) -> Pair:
    before, after = ([pair[at] for pair in inputs] for at in (0, 1))
    return result_of(operation, before), result_of(operation, after)


def about(expected: float, *sizes: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-9 * max(1.0, *(abs(size) for size in sizes)))


def test_a_products_change_in_the_midpoint_form() -> None:
    found = split("product", (200.0, 360.0), [(100.0, 120.0), (2.0, 3.0)])
    assert [part.contribution for part in found.parts] == [20 * 2.5, 1 * 110]
    assert found.remainder == 0


def test_a_ratios_change_tells_both_apart() -> None:
    found = split("ratio", (0.5, 0.4), [(50.0, 60.0), (100.0, 150.0)])
    more, spread = (part.contribution for part in found.parts)
    assert more == pytest.approx(10 * (1 / 100 + 1 / 150) / 2)
    assert spread == pytest.approx(-0.1 - more)


@settings(max_examples=25, deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=5))
def test_a_products_parts_are_the_mean_over_all_orders(inputs: list[tuple[float, float]]) -> None:
    found = split("product", made("product", inputs), inputs)
    slow = [0.0] * len(inputs)
    orders = list(itertools.permutations(range(len(inputs))))
    for order in orders:
        now = [before for before, _ in inputs]
        for index in order:
            earlier = math.prod(now)
            now[index] = inputs[index][1]
            slow[index] += (math.prod(now) - earlier) / len(orders)
    size = math.prod(max(1.0, abs(a), abs(b)) for a, b in inputs)
    assert [part.contribution for part in found.parts] == [about(one, size) for one in slow]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["sum", "product"]), st.lists(PAIRS, min_size=1, max_size=8), PAIRS)
def test_parts_and_remainder_are_the_measured_change(
    operation: Operation, inputs: list[tuple[float, float]], parent: tuple[float, float]
) -> None:
    found = split(operation, parent, inputs)
    parts = [part.contribution or 0.0 for part in found.parts]
    assert math.fsum([*parts, found.remainder or 0.0]) == about(parent[1] - parent[0], *parent, *parts)


def test_what_does_not_add_is_its_own_part() -> None:
    found = split("sum", (100.0, 130.0), [(60.0, 80.0), (50.0, 65.0)])
    assert (found.remainder, found.why) == (-5, "inputs_do_not_add")


@pytest.mark.parametrize(
    ("operation", "inputs", "contributions", "remainder", "why"),
    [
        ("sum", [(1.0, 3.0), (None, 4.0)], [2, None], 8, "missing_input"),
        ("product", [(1.0, 3.0), (None, 4.0)], [None, None], 10, "missing_input"),
        ("ratio", [(1.0, 3.0), (0.0, 4.0)], [None, None], 10, "divides_by_zero"),
    ],
)
def test_what_cannot_be_told_is_not_told(
    operation: Operation, inputs: list[Pair], contributions: list[float | None], remainder: float, why: str
) -> None:
    found = split(operation, (10.0, 20.0), inputs)
    assert [part.contribution for part in found.parts] == contributions
    assert (found.remainder, found.why) == (remainder, why)


@st.composite
def trees(draw: st.DrawFn) -> tuple[Tree, dict[str, Pair]]:
    """A random tree whose parents are measured a little beside what their inputs give, some of them not at all."""
    nodes, edges, numbers = [], [], {}

    def grow(name: str, depth: int, above_zero: bool) -> tuple[float, float]:
        operation = draw(st.sampled_from([None, "sum", "product", "ratio"])) if depth else None
        if operation is None:
            pair = draw(st.tuples(BELOW, BELOW) if above_zero else PAIRS)
        else:
            count = 2 if operation == "ratio" else draw(st.integers(1, 4))
            below = []
            for number in range(count):
                edges.append(Edge(f"{name}.{number}", name))
                below.append(grow(f"{name}.{number}", depth - 1, operation == "ratio" and number == 1))
            pair = tuple(value or 0.0 for value in made(operation, below))
            aside = draw(st.sampled_from([0.0, 0.0, 5.0]))
            pair = (pair[0], pair[1] + aside)
            if above_zero and 0.0 in pair:
                pair = (1.0, 2.0)
        nodes.append(Node(name, name, operation))
        numbers[name] = pair
        return pair

    grow("r", 3, False)
    for name in draw(st.sets(st.sampled_from(sorted(numbers)), max_size=1)) - {"r"}:
        numbers[name] = (None, 1.0)
    return Tree(id="t", name_ko="t", name_en="t", root="r", nodes=tuple(nodes), edges=tuple(edges)), numbers


@settings(max_examples=60, deadline=None)
@given(trees())
def test_leaves_and_remainders_of_any_tree_add_up_to_the_roots_change(grown: tuple[Tree, dict[str, Pair]]) -> None:
    tree, numbers = grown
    found = walk(tree, numbers)
    parents = {edge.to for edge in tree.edges}
    told = [
        part
        for name, change in found.items()
        for part in (change.to_root if name not in parents else None, change.remainder_to_root)
        if part is not None
    ]
    before, after = numbers["r"]
    assert before is not None
    assert after is not None
    assert math.fsum(told) == pytest.approx(after - before, rel=1e-6, abs=1e-6 * max(1.0, *map(abs, told), abs(before)))


def test_a_contribution_passes_through_a_parent_that_did_not_change() -> None:
    tree = Tree(
        id="t", name_ko="t", name_en="t", root="r",
        nodes=(Node("r", "r", "product"), Node("a", "a", "sum"), Node("b", "b"), Node("x", "x"), Node("y", "y")),
        edges=(Edge("a", "r"), Edge("b", "r"), Edge("x", "a"), Edge("y", "a")),
    )  # fmt: skip
    found = walk(tree, {"r": (20, 20), "a": (10, 10), "b": (2, 2), "x": (4, 7), "y": (6, 3)})
    assert (found["x"].to_root, found["y"].to_root, found["a"].to_root) == (6, -6, 0)
