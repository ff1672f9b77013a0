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
from tests.metrics import reference
from tests.metrics.journeys import Journeys
from tests.metrics.reference import Cohorts

START = datetime(2026, 1, 1, tzinfo=UTC)
_workspaces = itertools.count(1)
QUICK = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


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
