"""Random worlds: questions over time count what the plain reference counts."""

from __future__ import annotations

import asyncio
import statistics
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dure.log.api import Log
from tests.metrics import reference_time as reference
from tests.metrics.reference_time import Calendar, Session
from tests.metrics.worlds import Drawn, worlds

Json = dict[str, Any]
# A world is drawn from a seed, and there is nothing to shrink in a seed.
QUICK = settings(
    max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
breakdowns = st.sampled_from(
    [{}, {}, *({"breakdown": {"prop": prop}} for prop in ("plan", "person.country", "account.tier"))]
)
names = st.sampled_from(["in", "back", "*"])


@QUICK
@given(
    drawn=worlds(),
    start=st.fixed_dictionaries({"event": names, "first_time": st.booleans()}),
    back=names,
    counted=st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["calendar", "calendar", "calendar", "rolling"]),
            "brackets": st.sampled_from([[1, 3], [2], [1, 2, 9]]),
            "minimum": st.sampled_from([1, 1, 1, 2, 3]),
            "intervals": st.sampled_from([1, 3, 8, 30]),
        }
    ),
    breakdown=breakdowns,
    passed=st.sampled_from([0.4, 1.0]),
)
def test_retention(
    shared_log: Log, drawn: Drawn, start: Json, back: str, counted: Json, breakdown: Json, passed: float
) -> None:  # fmt: skip
    common = {**drawn.common, "kind": "retention", "start": start, "return": {"event": back}, **counted, **breakdown}
    calendar, journeys = Calendar(common), drawn.written(shared_log)
    now = calendar.start + (calendar.end - calendar.start) * passed
    for measure in ("on", "on_or_after", "bracket"):
        question = {**common, "measure": measure}
        answer = asyncio.run(journeys.ask(question, now=now))
        wanted = reference.retention(question, drawn.world, now)
        assert triangle(answer) == (wanted["cohorts"], pytest.approx(wanted["pooled"])), question
        if breakdown:
            groups = {group["value"]: triangle(group) for group in answer["groups"]}
            assert groups == {
                value: (group["cohorts"], pytest.approx(group["pooled"])) for value, group in wanted["groups"].items()
            }, question


def triangle(body: Json) -> tuple[Any, Any]:
    return [(cohort["counts"], cohort["complete"]) for cohort in body["cohorts"]], body["pooled"]


@QUICK
@given(
    drawn=worlds(),
    series=st.lists(
        st.fixed_dictionaries(
            {
                "event": names,
                "math": st.sampled_from(
                    ["count", "people", "sum", "average", "median", "p90", "min", "max", "per_person"]
                ),
                "prop": st.just("amount"),
            }
        ),
        min_size=1,
        max_size=3,
    ),
    breakdown=breakdowns,
)
def test_trends(shared_log: Log, drawn: Drawn, series: list[Json], breakdown: Json) -> None:
    question = {**drawn.common, "kind": "trend", "series": series, **breakdown}
    answer = asyncio.run(drawn.written(shared_log).ask(question))
    assert len(answer["intervals"]) == len(Calendar(question).marks)
    wanted = reference.trend(question, drawn.world)
    groups = len(answer["series"]) // len(series)
    seen = {
        (number // groups, line.get("value")): (line["values"], line["total"])
        for number, line in enumerate(answer["series"])
    }
    for place, (values, total) in seen.items():
        assert (values, total) == (pytest.approx(wanted[place][0]), pytest.approx(wanted[place][1])), place
    # A group that no series has an event of is not shown.
    missing = {value for number, value in wanted if (number, value) not in seen}
    assert not any(wanted[number, value][1] for number, value in wanted if value in missing)


@QUICK
@given(drawn=worlds(), event=names, gap=st.sampled_from(["7m", "30m", "90m"]), breakdown=breakdowns)
def test_activity(shared_log: Log, drawn: Drawn, event: str, gap: str, breakdown: Json) -> None:
    """Lifecycle, stickiness and sessions of the same events."""
    journeys, common = drawn.written(shared_log), {**drawn.common, "event": event}
    lines = asyncio.run(journeys.ask({**common, "kind": "lifecycle"}))
    wanted = reference.lifecycle(common, drawn.world)
    assert {name: lines[name] for name in wanted} == wanted
    bars = asyncio.run(journeys.ask({**common, "kind": "stickiness"}))["bars"]
    assert [bar["intervals"] for bar in bars] == list(range(1, len(bars) + 1))
    assert [bar["people"] for bar in bars] == reference.stickiness(common, drawn.world)
    question = {**common, "kind": "sessions", "gap": gap, **breakdown}
    answer = asyncio.run(journeys.ask(question))
    compare(answer, reference.sessions({**question, "breakdown": {}}, drawn.world).get(None, []))
    if breakdown:
        groups = reference.sessions(question, drawn.world)
        assert {group["value"] for group in answer["groups"]} == set(groups)
        for group in answer["groups"]:
            compare(group, groups[group["value"]])


def compare(body: Json, wanted: list[list[Session]]) -> None:
    for place, sessions in enumerate(wanted):
        assert {name: body[name][place] for name in body["total"]} == measured(sessions)
    every = [session for sessions in wanted for session in sessions]
    assert body["total"] == measured(every)
    for bin_ in body["durations"]:
        low, high = bin_["from"], bin_["to"] or 10**9
        assert bin_["count"] == sum(low <= session.seconds < high for session in every)


def measured(sessions: list[Session]) -> Json:
    many = len(sessions)
    return {
        "sessions": many,
        "people": len({session.unit for session in sessions}),
        "average_seconds": pytest.approx(statistics.fmean(s.seconds for s in sessions)) if many else None,
        "median_seconds": pytest.approx(statistics.median(s.seconds for s in sessions)) if many else None,
        "events_per_session": pytest.approx(sum(s.depth for s in sessions) / many) if many else None,
        "single_event_rate": pytest.approx(sum(s.depth == 1 for s in sessions) / many) if many else None,
    }
