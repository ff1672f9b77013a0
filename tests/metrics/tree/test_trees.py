"""Trees through the doors: periods, contributions, influences, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.catalogue_room import Room, own_database, own_log, room

__all__ = ["own_database", "own_log", "room"]
pytestmark = pytest.mark.anyio

NODES = [
    {"id": "time", "metric": "weekly-listening-time", "operation": "product"},
    {"id": "people", "metric": "weekly-listeners", "operation": "sum"},
    {"id": "often", "metric": "listens-per-listener"},
    {"id": "long", "metric": "time-per-listen"},
    *({"id": state, "metric": f"{state}-listeners"} for state in ("new", "returning", "resurrecting")),
]
EDGES = [
    *({"from": below, "to": "time"} for below in ("people", "often", "long")),
    *({"from": below, "to": "people"} for below in ("new", "returning", "resurrecting")),
]
TREE: dict[str, Any] = {"name_ko": "청취", "name_en": "Listening", "root": "time", "nodes": NODES, "edges": EDGES}


@pytest.fixture(scope="module")
async def begun(room: Room) -> Room:
    await room.ask("POST", "/metrics/starters")
    return room


def by_id(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["id"]: node for node in tree["nodes"]}


async def test_last_week_beside_the_one_before(begun: Room) -> None:
    made = await begun.ask("POST", "/trees", {**TREE, "id": "t-weeks"})
    assert (made["id"], made["version"]) == ("t-weeks", 1)
    tree = await begun.ask("GET", "/trees/t-weeks")
    assert [tree[name] for name in ("from", "to", "compare_from", "compare_to")] == [
        "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15",
    ]  # fmt: skip
    nodes = by_id(tree)
    assert [(nodes[name]["before"], nodes[name]["value"]) for name in ("time", "people", "new", "returning")] == [
        (12_000, 25_200), (10, 12), (10, 4), (0, 8),
    ]  # fmt: skip
    assert (nodes["people"]["remainder"], nodes["time"]["remainder"]) == (0, 0)
    assert sum(nodes[name]["contribution"] for name in ("people", "often", "long")) == pytest.approx(13_200)
    assert sum(nodes[name]["to_root"] for name in ("new", "returning", "resurrecting", "often", "long")) == (
        pytest.approx(13_200)
    )
    assert (nodes["time"]["metric"]["function"], nodes["time"]["good"]) == ("product", True)
    signs = {edge["from"]: edge["sign"] for edge in tree["edges"]}
    assert (signs["people"], signs["new"]) == ("×", "+")


async def test_what_does_not_add_is_shown_and_a_ratio_divides(begun: Room) -> None:
    people = {"kind": "trend", "series": [{"event": "Listen Started", "math": "people"}]}
    for country in ("KR", "US", "US"):
        where = {"event": "Listen Started", "math": "people", "where": [{"prop": "country", "value": country}]}
        await begun.define(f"d-{country}", {**people, "series": [where]})
    await begun.define("d-all", people)
    await begun.define("d-share", {"kind": "formula", "formula": "A/B", "metrics": {"A": "d-KR", "B": "d-all"}})
    body = {
        "name_ko": "몫", "name_en": "Share", "root": "share",
        "nodes": [
            {"id": "share", "metric": "d-share", "operation": "ratio"}, {"id": "kr", "metric": "d-KR"},
            {"id": "all", "metric": "d-all", "operation": "sum"}, {"id": "us", "metric": "d-US"},
        ],
        "edges": [{"from": "kr", "to": "share"}, {"from": "all", "to": "share"}, {"from": "us", "to": "all"}],
    }  # fmt: skip
    await begun.ask("POST", "/trees", {**body, "id": "t-share"})
    tree = await begun.ask("GET", "/trees/t-share", **{"from": "2026-11-16", "to": "2026-11-22"})
    nodes = by_id(tree)
    assert [edge["sign"] for edge in tree["edges"]] == ["×", "÷", "+"]
    assert (nodes["all"]["remainder"], nodes["all"]["why"]) == (1, "inputs_do_not_add")
    told = [nodes["kr"]["to_root"], nodes["us"]["to_root"], nodes["all"]["remainder_to_root"]]
    assert sum(told) + nodes["share"]["remainder_to_root"] == pytest.approx(nodes["share"]["change"])


async def test_a_range_too_short_for_a_weekly_number_says_so(begun: Room) -> None:
    await begun.ask("POST", "/trees", {**TREE, "id": "t-day"})
    tree = await begun.ask("GET", "/trees/t-day", **{"from": "2026-11-18", "to": "2026-11-18"})
    assert {node["value"] for node in tree["nodes"]} == {None}
    assert {node["change"] for node in tree["nodes"]} == {None}


async def test_an_influence_is_a_correlation_with_its_lag_or_says_why_not(begun: Room) -> None:
    days = [(f"2026-{10 + day // 31}-{1 + day % 31:02} 04:00", (day * 7919) % 13) for day in range(52)]
    begun.journeys.write(
        {
            "campaign": [("Ad Seen", at, {"n": n}) for at, n in days],
            **{
                f"q{n}": [("Came", at[:11] + "09:00") for (at, _), (_, count) in zip(days[2:], days, strict=False)
                          if n < count]
                for n in range(13)
            },
        }
    )  # fmt: skip
    await begun.define("e-ads", {"kind": "trend", "series": [{"event": "Ad Seen", "math": "sum", "prop": "n"}]})
    await begun.define("e-came", {"kind": "trend", "series": [{"event": "Came", "math": "people"}]})
    await begun.define("e-sql", {"kind": "sql", "sql": "select 1"})
    nodes = [{"id": name, "metric": f"e-{name}"} for name in ("came", "ads", "sql")]
    edges = [{"from": name, "to": "came", "kind": "influence"} for name in ("ads", "sql")]
    body = {"name_ko": "영향", "name_en": "Influence", "root": "came", "nodes": nodes, "edges": edges}
    await begun.ask("POST", "/trees", {**body, "id": "t-influence"})
    tree = await begun.ask("GET", "/trees/t-influence")
    found = [edge["influence"] for edge in tree["edges"]]
    assert (found[0]["lag"], found[0]["clear"], found[0]["interval"], found[0]["lags"]) == (2, True, "day", 15)
    assert found[0]["low"] < found[0]["r"] < found[0]["high"]
    assert found[1] == {"reason": "no_series"}
    assert by_id(tree)["ads"]["to_root"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"root": "nobody"}, "root"),
        ({"nodes": [*NODES, {"id": "x", "metric": "nobody"}]}, "nodes[7].metric"),
        ({"nodes": [*NODES, {"id": "new", "metric": "gifts"}]}, "nodes[7].id"),
        ({"nodes": [*NODES, {"id": "alone", "metric": "gifts"}]}, "nodes[7]"),
        ({"edges": [*EDGES, {"from": "new", "to": "time"}]}, "edges[6].from"),
        ({"edges": [*EDGES, {"from": "nobody", "to": "time"}]}, "edges[6].from"),
        ({"edges": [*EDGES, {"from": "time", "to": "new", "kind": "influence"}]}, "edges"),
        ({"nodes": [{**NODES[0], "operation": "ratio"}, *NODES[1:]]}, "nodes[0].operation"),
        ({"nodes": [{**NODES[0], "operation": None}, *NODES[1:]]}, "nodes[0].operation"),
        ({"nodes": [{**NODES[0], "operation": "power"}, *NODES[1:]]}, "nodes[0].operation"),
        ({"name_en": " "}, "name_en"),
    ],
)
async def test_a_tree_that_makes_no_sense_names_its_field(begun: Room, change: dict[str, Any], field: str) -> None:
    status, error = await begun.ask("POST", "/trees", {**TREE, **change})
    assert (status, error["field"]) == (422, field)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-11-16"}, "to"),
        ({"from": "2026-11-20", "to": "2026-11-16"}, "from"),
        ({"compare_from": "x", "compare_to": "2026-11-16"}, "compare_from"),
    ],
)
async def test_a_period_that_makes_no_sense_names_its_field(begun: Room, asked: dict[str, str], field: str) -> None:
    status, error = await begun.ask("GET", "/trees/north-star", **asked)
    assert (status, error["field"]) == (422, field)


async def test_a_tree_is_changed_at_the_version_that_was_read_and_removed(begun: Room) -> None:
    await begun.ask("POST", "/trees", {**TREE, "id": "t-kept"})
    changed = await begun.ask("PUT", "/trees/t-kept", {**TREE, "name_en": "Other", "version": 1})
    assert (changed["version"], changed["name_en"]) == (2, "Other")
    status, error = await begun.ask("PUT", "/trees/t-kept", {**TREE, "version": 1})
    assert (status, error["data"]) == (409, {"version": 2})
    headers = {"authorization": f"Bearer {begun.cast.rival_token}"}
    assert (await begun.client.get("/api/v1/trees/t-kept", headers=headers)).status_code == 404
    uses = (await begun.ask("GET", "/metrics/new-listeners"))["uses"]
    assert ("tree", "t-kept") in [(use["kind"], use["id"]) for use in uses]
    assert await begun.ask("DELETE", "/trees/t-kept") is None
    assert (await begun.ask("GET", "/trees/t-kept"))[0] == 404
