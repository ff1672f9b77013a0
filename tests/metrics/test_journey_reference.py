"""Random ways through random journeys (ties, repeats, falls, merges, edges of windows): as the plain reference says."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import asking, behind
from dure.metrics.asking import Reading
from dure.metrics.question import parse
from tests.metrics import reference_journey as reference
from tests.metrics.journeys import NOW, Journeys
from tests.metrics.reference_journey import Clause, Event, Stage

START = datetime(2026, 1, 1, tzinfo=UTC)
TICK = 600_000_000  # ten minutes, so that six of them are an interval
HOURS = 5
FUNCTIONS = ("marketing", "marketing", "product", "")
_workspaces = itertools.count(1)
QUICK = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

events = st.sampled_from([("A", None), ("A", None), ("B", None), ("C", None), ("z", None), ("Identified", "plus"),
                          ("Identified", "free"), ("Identified", None)])  # fmt: skip
histories = st.lists(st.tuples(st.integers(-4, HOURS * 6), events), max_size=9)
windows = st.none() | st.integers(1, 8).map(lambda n: n * TICK)
clauses = st.builds(Clause, event=st.sampled_from(["A", "A", "B", "C"]), at_least=st.integers(1, 3), within=windows)
stages = st.builds(
    Stage,
    clauses=st.lists(clauses | st.just(Clause()), min_size=1, max_size=2).map(tuple),
    holds=st.sampled_from(["once", "while"]),
    patience=st.none() | st.integers(3, 12).map(lambda n: n * TICK),
    function=st.sampled_from(FUNCTIONS),
)


@QUICK
@given(
    course=st.lists(stages, min_size=1, max_size=4),
    people=st.lists(histories, min_size=4, max_size=14),
    merges=st.lists(st.tuples(st.integers(0, 3), st.integers(4, 13)), max_size=2, unique_by=lambda pair: pair[0]),
    picked=st.tuples(st.integers(0, 3), st.sampled_from(["in", "active", "waiting", "dropped", "entered", "left"])),
)
def test_a_journey_is_what_the_plain_reference_says(
    log: Log, course: list[Stage], people: list[list[Any]], merges: list[tuple[int, int]], picked: tuple[int, str]
) -> None:
    journeys = Journeys(log, Tenant("E0RANDOM000", f"T0JOURNEY{next(_workspaces)}"))
    journeys.write({f"p{n}": [_line(one) for one in history] for n, history in enumerate(people)})
    whose = {f"p{n}": [_event(one) for one in history] for n, history in enumerate(people)}
    for merged, into in merges:
        journeys.merge(f"p{merged}", f"p{into}")
        whose.setdefault(f"p{into}", []).extend(whose.pop(f"p{merged}", []))
    answer = asyncio.run(journeys.ask(question(course)))
    start = _us(START + timedelta(hours=1))
    ends = [start + hour * 6 * TICK for hour in range(1, HOURS)]
    wanted = reference.journey(course, list(whose.values()), start, ends)
    assert shown(answer) == wanted
    # Every person in exactly one stage: the stages add up to all who ever met a rule.
    met = {name for name, history in whose.items() if reference.moves(course, history, ends[-1])}
    assert sum(stage["people"] for stage in answer["stages"]) == len(met) == answer["people"]

    number, standing = picked[0] % len(course), picked[1]
    found = asyncio.run(_whose(journeys, course, {"stage": f"s{number}", "standing": standing}))
    assert found == {str(journeys.id(name)) for name in whose if _counts(course, whose[name], number, standing, ends)}


def test_the_reference_tells_once_from_while_and_an_edge_from_beyond_it() -> None:
    """The reference itself, by hand: three within three ticks; the end of the window is included."""
    habit = Stage((Clause("A", 3, 3 * TICK),), "while")
    history: list[Event] = [(0, "A", None), (TICK, "A", None), (3 * TICK, "A", None)]
    first = Stage((Clause("A"),))
    assert reference.moves([first, habit], history, 9 * TICK) == [(-1, 0, 0), (0, 1, 3 * TICK), (1, 0, 3 * TICK + 1)]
    assert reference.moves([habit], history[:2], 9 * TICK) == []


def question(course: list[Stage], **more: Any) -> dict[str, Any]:
    last = START + timedelta(hours=HOURS, microseconds=-1)
    return {
        "kind": "journey", "interval": "hour", "map": {"stages": [_stage(n, one) for n, one in enumerate(course)]},
        "from": (START + timedelta(hours=1)).isoformat(), "to": last.isoformat(), **more,
    }  # fmt: skip


def shown(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the reference writes it: numbers for ids, and to the microsecond."""
    number = {stage["id"]: n for n, stage in enumerate(answer["stages"])}
    flows = [_numbered(flow, number, ("from", "to", "people", "median_seconds")) for flow in answer["flows"]]
    kept = ("people", "active", "waiting", "dropped", "median_wait_seconds", "p90_wait_seconds", "entered", "left")
    return {
        "people": answer["people"],
        "stages": [{name: _exact(stage[name]) for name in kept} for stage in answer["stages"]],
        "flows": flows,
        "handovers": [
            _numbered(one, number, ("from", "to", "people", "median_seconds", "rate")) for one in answer["handovers"]
        ],
        "series": list(answer["series"]["stages"].values()),
    }


def _numbered(flow: dict[str, Any], number: dict[str, int], kept: tuple[str, ...]) -> dict[str, Any]:
    return {name: number[flow[name]] if name in ("from", "to") and flow[name] else _exact(flow[name]) for name in kept}


def _exact(value: Any) -> Any:
    return pytest.approx(value, abs=1e-6) if isinstance(value, float) else value


def _counts(course: list[Stage], history: list[Event], number: int, standing: str, ends: list[int]) -> bool:
    start, end = ends[0] - 6 * TICK, ends[-1]
    way = reference.moves(course, history, end)
    inside = [move for move in way if move[2] >= start]
    if standing == "entered":
        return any(to == number for _, to, _ in inside)
    if standing == "left":
        return any(came == number for came, _, _ in inside)
    stands = reference.standing(course, history, end)
    return stands is not None and stands[0] == number and standing in ("in", stands[1])


async def _whose(journeys: Journeys, course: list[Stage], cell: dict[str, Any]) -> set[str]:
    reading = Reading(journeys.log, journeys.tenant)
    ask, ruler = await asking.prepare(reading, parse(question(course)), NOW, "UTC")
    found = await behind.rows(reading, ask, ruler, behind.Cell(**cell))
    assert found["total"] == len(found["people"])
    return {one["person_id"] for one in found["people"]}


def _stage(number: int, stage: Stage) -> dict[str, Any]:
    rules = [_rule(clause) for clause in stage.clauses]
    return {
        "id": f"s{number}", "name_ko": f"단계 {number}", "name_en": f"Stage {number}", "function": stage.function,
        "holds": stage.holds, "patience": _duration(stage.patience),
        "rule": rules[0] if len(rules) == 1 else {"any": rules},
    }  # fmt: skip


def _rule(clause: Clause) -> dict[str, Any]:
    if clause.event is None:
        return {"trait": {"prop": "person.plan", "op": "=", "value": "plus"}}
    return {"event": clause.event, "at_least": clause.at_least, "within": _duration(clause.within)}


def _duration(us: int | None) -> str | None:
    return None if us is None else f"{us // 1_000_000}s"


def _event(one: tuple[int, tuple[str, str | None]]) -> Event:
    return _us(START) + one[0] * TICK, *one[1]


def _line(one: tuple[int, tuple[str, str | None]]) -> tuple[Any, ...]:
    tick, (name, plan) = one
    told: dict[str, Any] = {}
    if name == "Identified":
        told = {"plan": plan} if plan else {"removed_traits": ["plan"]}
    return name, START + timedelta(microseconds=tick * TICK), told


def _us(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000
