"""Paths: what a Sankey is drawn from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from tests.metrics.journeys import Happening, Journeys, at_utc

pytestmark = pytest.mark.anyio

VIEWS = {"kind": "paths", "events": ["view"], "prop": "path", "from": "2020-01-01", "to": "2020-01-02"}


@pytest.fixture
def case_p1(journeys: Journeys) -> Journeys:
    """The second person came under two distinct ids."""
    journeys.write({"1": views("/ /about"), "3": views("/pricing /"), "4": views("/ /pricing")})
    journeys.write({"2a": views("/"), "2b": views("/pricing /about", "2020-01-01 00:01")})
    journeys.merge("2a", into="2b")
    return journeys


async def test_p1(case_p1: Journeys) -> None:
    answer = await case_p1.ask(VIEWS)
    assert edges(answer) == {
        "1_/ 2_/pricing": 2, "1_/ 2_/about": 1, "1_/pricing 2_/": 1, "2_/pricing 3_/about": 1,
    }  # fmt: skip
    assert answer["edges"][0] == {"from": "1_/", "to": "2_/pricing", "count": 2}
    assert answer["paths"] == 4


async def test_p1_without_a_person(case_p1: Journeys) -> None:
    case_p1.write({"1": [("Identified", "2019-12-01", {"internal": True})]})
    where = [{"prop": "person.internal", "op": "!=", "value": True}]
    assert len(edges(await case_p1.ask({**VIEWS, "where": where}))) == 3


async def test_p1_where_nothing_happened(case_p1: Journeys) -> None:
    answer = await case_p1.ask({**VIEWS, "from": "2021-01-01", "to": "2021-01-02"})
    assert (answer["edges"], answer["nodes"], answer["paths"]) == ([], [], 0)


async def test_p1_a_range_that_ends_before_it_begins_makes_no_sense(case_p1: Journeys) -> None:
    with pytest.raises(Invalid) as error:
        await case_p1.ask({**VIEWS, "from": "2020-01-03"})
    assert error.value.field == "from"


async def test_nodes_say_how_many_paths_came_and_stopped(case_p1: Journeys) -> None:
    nodes = (await case_p1.ask(VIEWS))["nodes"]
    assert {node["node"]: (node["count"], node["ended"]) for node in nodes} == {
        "1_/": (3, 0), "1_/pricing": (1, 0), "2_/pricing": (2, 1), "2_/about": (1, 1), "2_/": (1, 1),
        "3_/about": (1, 1),
    }  # fmt: skip


async def test_paths_that_were_cut_did_not_stop(journeys: Journeys) -> None:
    journeys.write({"long": views("a b c"), "short": views("a b"), "one": views("a")})
    answer = await journeys.ask({**VIEWS, "steps": 2})
    assert edges(answer) == {"1_a 2_b": 2}
    assert {node["node"]: node["ended"] for node in answer["nodes"]} == {"1_a": 1, "2_b": 1}


async def test_paths_from_a_node_on(journeys: Journeys) -> None:
    journeys.write({"1": views("/ /about"), "2": views("/ /pricing /about"), "3": views("/pricing / /about"),
                    "4": views("/ /pricing"), "5": views("/pricing /about /pricing /help")})  # fmt: skip
    assert edges(await journeys.ask({**VIEWS, "start": "/pricing"})) == {
        "1_/pricing 2_/about": 2, "1_/pricing 2_/": 1, "2_/ 3_/about": 1, "2_/about 3_/pricing": 1,
        "3_/pricing 4_/help": 1,
    }  # fmt: skip
    assert edges(await journeys.ask({**VIEWS, "start": "/"})) == {
        "1_/ 2_/about": 2, "1_/ 2_/pricing": 2, "2_/pricing 3_/about": 1,
    }  # fmt: skip


async def test_paths_that_lead_to_a_node(journeys: Journeys) -> None:
    journeys.write({"1": views("a b end c"), "2": views("b end end"), "3": views("a c"), "4": views("x y z a b end")})
    to_end = {**VIEWS, "end": "end", "steps": 3}
    assert edges(await journeys.ask(to_end)) == {
        "1_a 2_b": 2, "2_b 3_end": 2, "1_b 2_end": 1,
    }  # fmt: skip
    aligned = await journeys.ask({**to_end, "align": "end"})
    assert edges(aligned) == {"1_a 2_b": 2, "2_b 3_end": 3}
    assert [node for node in aligned["nodes"] if node["node"] == "3_end"] == [{"node": "3_end", "count": 3, "ended": 0}]
    assert aligned["paths"] == 3


async def test_paths_from_one_node_to_another_and_back_to_the_same(journeys: Journeys) -> None:
    journeys.write({"1": views("x a b c"), "2": views("c a"), "3": views("a c a b")})
    assert edges(await journeys.ask({**VIEWS, "start": "a", "end": "c"})) == {"1_a 2_b": 1, "2_b 3_c": 1, "1_a 2_c": 1}
    assert edges(await journeys.ask({**VIEWS, "start": "a", "end": "a"})) == {"1_a 2_c": 1, "2_c 3_a": 1}


async def test_a_pause_ends_a_path_and_one_as_long_as_the_gap_does_not(journeys: Journeys) -> None:
    first = at_utc("2020-01-01")
    for person, pause in (("a", 1800), ("b", 1801)):
        journeys.write({person: [("in", first), ("out", first + timedelta(seconds=pause))]})
    answer = await journeys.ask({**VIEWS, "events": [], "prop": None, "gap": "30m"})
    assert (edges(answer), answer["paths"]) == ({"1_in 2_out": 1}, 3)


async def test_the_same_node_twice_running_is_one_stay(journeys: Journeys) -> None:
    journeys.write({"p": views("a a b b a")})
    assert edges(await journeys.ask(VIEWS)) == {"1_a 2_b": 1, "2_b 3_a": 1}


async def test_one_person_may_walk_several_paths(journeys: Journeys) -> None:
    for day in ("2020-01-01", "2020-01-02"):
        journeys.write({"p": views("/ /about", day)})
    assert edges(await journeys.ask(VIEWS)) == {"1_/ 2_/about": 2}


async def test_what_is_beyond_the_limit_is_said(journeys: Journeys) -> None:
    journeys.write({"1": views("a b"), "2": views("a b"), "3": views("a c"), "4": views("a d")})
    answer = await journeys.ask({**VIEWS, "edges": 1})
    assert edges(answer) == {"1_a 2_b": 2}
    assert answer["meta"]["warnings"] == ["2 more edges, walked 2 times, are not shown."]


async def test_of_edges_as_frequent_as_each_other_the_first_by_name_are_shown(journeys: Journeys) -> None:
    journeys.write({f"p{n}": views(f"a to{n}") for n in range(9)})
    assert list(edges(await journeys.ask({**VIEWS, "edges": 3}))) == ["1_a 2_to0", "1_a 2_to1", "1_a 2_to2"]


async def test_an_accounts_paths_run_through_its_people(journeys: Journeys) -> None:
    journeys.write({"a": views("x"), "b": views("y", "2020-01-01 00:01")}, account="acme")
    assert edges(await journeys.ask({**VIEWS, "by": "account"})) == {"1_x 2_y": 1}


async def test_a_start_that_is_not_among_the_events_belongs_to_them(journeys: Journeys) -> None:
    journeys.write({"p": [("in", "2020-01-01 00:00"), ("noise", "2020-01-01 00:01"), ("out", "2020-01-01 00:02")]})
    answer = await journeys.ask({**VIEWS, "prop": None, "events": ["out"], "start": "in"})
    assert edges(answer) == {"1_in 2_out": 1}


async def test_paths_are_aligned_at_an_end_only(journeys: Journeys) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask({**VIEWS, "align": "end"})
    assert error.value.field == "align"


def views(paths: str, start: str = "2020-01-01") -> list[Happening]:
    first = at_utc(start)
    return [("view", first + timedelta(minutes=n), {"path": path}) for n, path in enumerate(paths.split())]


def edges(answer: dict[str, Any]) -> dict[str, int]:
    return {f"{edge['from']} {edge['to']}": edge["count"] for edge in answer["edges"]}
