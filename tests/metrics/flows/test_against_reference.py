"""Random histories with repeats, ties, merges and events at the very edges: the SQL says what the reference says."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from tests.metrics.flows import reference
from tests.metrics.flows.reference import Walk
from tests.metrics.journeys import Journeys

START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = {"from": "2026-01-01T00:00:00+00:00", "to": "2026-01-01T05:59:59.999999+00:00"}
_workspaces = itertools.count(1)
# Few examples of many people each: a person costs little, a question much.
QUICK = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
Person = list[tuple[int, str, dict[str, Any]]]

names = st.sampled_from(["A", "A", "B", "B", "C", "D"])
walked = st.lists(st.tuples(st.integers(0, 30), names), max_size=10)


@QUICK
@given(
    walk=st.builds(
        Walk,
        start=st.sampled_from([None, None, "A", "B"]),
        end=st.sampled_from([None, None, "A", "C"]),
        steps=st.integers(2, 5),
        gap=st.integers(1, 6),
        align=st.just("start"),
    ),
    histories=st.lists(walked, min_size=15, max_size=40),
    align=st.sampled_from(["start", "end"]),
    merged=st.booleans(),
)
def test_paths(flows_log: Log, walk: Walk, histories: list[Any], align: str, merged: bool) -> None:
    walk = Walk(walk.start, walk.end, walk.steps, walk.gap, align if walk.end else "start")
    journeys = _written(flows_log, [[(at, name, {}) for at, name in history] for history in histories], merged=merged)
    question = {
        "kind": "paths", "start": walk.start, "end": walk.end, "steps": walk.steps, "gap": f"{walk.gap}m",
        "align": walk.align, "edges": 1000, "events": ["A", "B", "C", "D"], **HOURS,
    }  # fmt: skip
    answer = asyncio.run(journeys.ask(question))
    flow = reference.paths(walk, _together(histories, merged=merged), _hashes(journeys, "ABCD"))
    assert Counter({(edge["from"], edge["to"]): edge["count"] for edge in answer["edges"]}) == flow.edges
    assert Counter({node["node"]: node["count"] for node in answer["nodes"]}) == flow.nodes
    assert Counter({node["node"]: node["ended"] for node in answer["nodes"]}) == flow.ended
    assert answer["paths"] == flow.paths


MODELS = ["first", "last", "last_non_direct", "linear", "participation", "u", "j", "inverse_j", "time_decay"]


@QUICK
@given(
    models=st.lists(st.sampled_from(MODELS), min_size=2, max_size=3, unique=True),
    lookback=st.integers(1, 60),
    which=st.sampled_from(["every", "every", "first", "last"]),
    themselves=st.booleans(),
    merged=st.booleans(),
    histories=st.lists(
        st.lists(
            st.tuples(
                st.integers(-60, 40), st.sampled_from(["touch", "touch", "buy"]), st.sampled_from(["", "x", "y", "z"])
            ),
            max_size=9,
        ),
        min_size=15,
        max_size=40,
    ),
)
def test_attribution(
    flows_log: Log, models: list[str], lookback: int, which: str, themselves: bool, merged: bool, histories: list[Any]
) -> None:
    """`themselves`: a conversion is a touch too."""
    rows = [[(at, name, {"s": value} if value else {}) for at, name, value in history] for history in histories]
    journeys = _written(flows_log, rows, merged=merged)
    order = _hashes(journeys, "xyz")
    for model in models:
        answer = asyncio.run(
            journeys.ask(
                {
                    "kind": "attribution", "conversion": {"event": "buy"}, "model": model, "lookback": f"{lookback}m",
                    "touch": {"event": "*" if themselves else "touch"}, "prop": "s", "which": which, **HOURS,
                }
            )
        )  # fmt: skip
        credit: Counter[str] = Counter()
        took_part: Counter[str] = Counter()
        for history in _together(histories, merged=merged):
            touches = [(at, value) for at, name, value in history if themselves or name == "touch"]
            conversions = [at for at, name, _ in history if name == "buy" and at >= 0]
            given_, took = reference.credit(model, lookback, touches, conversions, order, which)
            credit.update(given_)  # type: ignore[arg-type]
            took_part.update(took)
        told = {row["value"]: row for row in answer["rows"]}
        assert {value: told[value or "(direct)"]["conversions"] for value in took_part} == took_part, model
        assert len(told) == len(took_part)
        for value, wanted in credit.items():
            assert abs(told[value or "(direct)"]["credit"] - wanted) < 1e-6, (model, value)


@QUICK
@given(
    own_start=st.booleans(),
    merged=st.booleans(),
    people=st.lists(
        st.lists(
            st.tuples(st.integers(-60, 359), st.sampled_from(["start", "pay", "pay"]), st.integers(0, 999)), max_size=8
        ),
        min_size=15,
        max_size=40,
    ),
)
def test_lifetime_value(flows_log: Log, own_start: bool, merged: bool, people: list[Any]) -> None:
    rows = [[(at, name, {"amount": cents / 100}) for at, name, cents in history] for history in people]
    journeys = _written(flows_log, rows, merged=merged)
    question = {
        "kind": "lifetime_value", "purchase": {"event": "pay"}, "prop": "amount", "interval": "hour", "intervals": 4,
        "start": {"event": "start"} if own_start else None, **HOURS,
    }  # fmt: skip
    answer = asyncio.run(journeys.ask(question))
    told = reference.lifetime(
        own_start,
        [
            ([at for at, name, _ in history if name == "start"], [(at, n) for at, name, n in history if name == "pay"])
            for history in _together(people, merged=merged)
        ],
    )
    assert [cohort["size"] for cohort in answer["cohorts"]] == [told.size[hour] for hour in range(6)]
    for hour, cohort in enumerate(answer["cohorts"]):
        columns = range(min(4, 6 - hour))
        assert cohort["buyers"] == [told.buyers[hour, column] for column in columns]
        paid = list(itertools.accumulate(told.cents[hour, column] for column in columns))
        wanted = [cents / 100 / cohort["size"] if cohort["size"] else None for cents in paid]
        assert cohort["value"] == wanted or _close(cohort["value"], wanted)
    assert answer["total"]["revenue"] == sum(told.cents.values()) / 100
    repurchase = answer["repurchase"]
    assert {one["orders"]: one["people"] for one in repurchase["orders"]} == told.orders
    assert repurchase["buyers"] == sum(told.orders.values())
    for one in repurchase["next"]:
        assert one["people"] == sum(n for orders, n in told.orders.items() if orders >= one["order"])
        assert one["again"] == len(told.waits[one["order"]])
        assert one["median_seconds"] == told.median_wait(one["order"])


@QUICK
@given(
    window=st.integers(1, 30),
    merged=st.booleans(),
    histories=st.lists(
        st.lists(st.tuples(st.integers(-5, 80), st.sampled_from(["S", "S", "G", "A", "B", "C"])), max_size=9),
        min_size=15,
        max_size=40,
    ),
)
def test_correlation(flows_log: Log, window: int, merged: bool, histories: list[Any]) -> None:
    journeys = _written(flows_log, [[(at, name, {}) for at, name in history] for history in histories], merged=merged)
    question = {
        "kind": "correlation", "start": {"event": "S"}, "goal": {"event": "G"}, "window": f"{window}m", "minimum": 1,
        "look": ["events"], **HOURS, "to": "2026-01-01T00:59:59.999999+00:00",
    }  # fmt: skip
    answer = asyncio.run(journeys.ask(question))
    started, reached, did = reference.earlier(window, _together(histories, merged=merged))
    assert (answer["base"]["started"], answer["base"]["reached"]) == (started, reached)
    found = {row["name"]: (row["people"], row["reached"]) for row in answer["rows"]}
    assert found == {name: table for name, table in did.items() if table[0] < started}


def _written(log: Log, histories: list[Person], *, merged: bool) -> Journeys:
    """The histories as people of a workspace of their own; the last one is merged into the first where asked."""
    journeys = Journeys(log, Tenant("E0FLOWS0000", f"T0CHANCE{next(_workspaces)}"))
    people: dict[str, Any] = {
        f"p{number}": [(name, START + timedelta(minutes=at), properties) for at, name, properties in history]
        for number, history in enumerate(histories)
    }
    people["anchor"] = [("nothing", START - timedelta(days=400))]
    journeys.write(people)
    if merged:
        journeys.merge(f"p{len(histories) - 1}", into="p0")
    return journeys


def _together(histories: list[Any], *, merged: bool) -> list[Any]:
    return [histories[0] + histories[-1], *histories[1:-1]] if merged else histories


def _hashes(journeys: Journeys, letters: str) -> reference.Order:
    """Ties are taken in the order of the log's own hash."""
    rows = journeys.log.query_now(
        journeys.tenant, f"select {', '.join(f'cityHash64({letter!r})' for letter in letters)}"
    )
    hashes = dict(zip(letters, rows.rows[0], strict=True))
    return lambda text: int(hashes[text])


def _close(found: list[float | None], wanted: list[float | None]) -> bool:
    return all(
        one == other or (one is not None and other is not None and abs(one - other) < 1e-9)
        for one, other in zip(found, wanted, strict=True)
    )
