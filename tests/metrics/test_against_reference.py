"""Random histories, with ties, repeats and tight windows: the SQL says what the plain reference says."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import asking, funnel
from dure.metrics.asking import Reading
from dure.metrics.question import Funnel, parse
from tests.metrics import reference
from tests.metrics.journeys import NOW, Journeys
from tests.metrics.reference import Cohorts, Spec

START = datetime(2026, 1, 1, tzinfo=UTC)
_workspaces = itertools.count(1)
QUICK = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

history = st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["A", "A", "B", "B", "C", "x", "z"])), max_size=9)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    order = draw(st.sampled_from(["ordered", "ordered", "strict", "any"]))
    steps = draw(st.sampled_from([("A", "B"), ("A", "B", "C"), ("A", "A", "B"), ("A", "B", "A"), ("A", "*", "B")]))
    exclusions: list[tuple[str, int, int]] = []
    if order != "strict":
        first = draw(st.integers(0, len(steps) - 2))
        some = st.tuples(st.sampled_from(["x", "z"]), st.just(first), st.integers(first + 1, len(steps) - 1))
        exclusions = draw(st.lists(some, max_size=2))
    return Spec(
        steps, order, draw(st.integers(1, 6)), draw(st.sampled_from(["any", "any", "first"])), tuple(exclusions)
    )


@QUICK
@given(spec=specs(), histories=st.lists(history, min_size=10, max_size=30))
def test_funnels(log: Log, spec: Spec, histories: list[list[tuple[int, str]]]) -> None:
    journeys = _written(log, histories, 1)
    question = parse(
        {
            "kind": "funnel", "steps": [{"event": name} for name in spec.steps], "order": spec.order,
            "window": f"{spec.window}s", "reentry": spec.reentry, "from": "2026-01-01", "to": "2026-01-02",
            "exclude": [{"event": name, "from": first, "to": last} for name, first, last in spec.exclude],
        }
    )  # fmt: skip
    assert isinstance(question, Funnel)
    found = asyncio.run(_reached(journeys, question))
    for number, events in enumerate(histories):
        wanted = reference.funnel(spec, events)
        assert found.get(str(journeys.id(f"p{number}")), (0, 0)) == wanted, (events, spec)


@QUICK
@given(
    spec=st.builds(
        Cohorts,
        hours=st.just(6),
        mode=st.sampled_from(["calendar", "rolling"]),
        measure=st.sampled_from(["on", "on_or_after", "bracket"]),
        brackets=st.sampled_from([(1, 3), (2,), (1, 2, 5)]),
        minimum=st.integers(1, 3),
        first_time=st.booleans(),
    ),
    histories=st.lists(
        st.lists(st.tuples(st.integers(-120, 359), st.sampled_from(["in", "in", "back", "back", "z"])), max_size=12),
        min_size=5,
        max_size=25,
    ),
)
def test_retention(log: Log, spec: Cohorts, histories: list[list[tuple[int, str]]]) -> None:
    journeys = _written(log, histories, 60)
    question = {
        "kind": "retention", "start": {"event": "in", "first_time": spec.first_time}, "return": {"event": "back"},
        "interval": "hour", "intervals": spec.hours, "mode": spec.mode, "measure": spec.measure,
        "brackets": list(spec.brackets), "minimum": spec.minimum, "from": "2026-01-01T00:00:00+00:00",
        "to": (START + timedelta(hours=spec.hours, microseconds=-1)).isoformat(),
    }  # fmt: skip
    answer = asyncio.run(journeys.ask(question))
    assert [cohort["counts"] for cohort in answer["cohorts"]] == reference.retention(spec, histories)


def _written(log: Log, histories: list[list[tuple[int, str]]], seconds: int) -> Journeys:
    """The histories as people of a workspace of their own."""
    journeys = Journeys(log, Tenant("E0RANDOM000", f"T0RANDOM{next(_workspaces)}"))
    people: dict[str, Any] = {
        f"p{number}": [(name, START + timedelta(seconds=at * seconds)) for at, name in events]
        for number, events in enumerate(histories)
    }
    people["anchor"] = [("nothing", START)]
    journeys.write(people)
    return journeys


async def _reached(journeys: Journeys, question: Funnel) -> dict[str, tuple[int, int]]:
    reading = Reading(journeys.log, journeys.tenant)
    ask, _ = await asking.prepare(reading, question, NOW, "UTC")
    rows = await reading.rows_of(
        f"select toString(unit), reached, times[1] from ({funnel.statement(ask, question)}) where reached > 0", ask
    )
    origin = int(START.timestamp()) * 1_000_000
    return {unit: (int(reached), (int(began) - origin) // 1_000_000) for unit, reached, began in rows}
