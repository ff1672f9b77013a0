"""The version of what a question reads: it changes whenever the answer may, and stays where it cannot."""

from __future__ import annotations

import asyncio
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.kernel.tenant import Tenant
from dure.kernel.whom import Whom
from dure.log.api import Log, forget
from dure.metrics import asking
from dure.metrics.question import parse
from dure.metrics.serving import freshness
from dure.metrics.serving.freshness import Version
from tests.metrics.journeys import NOW, Journeys

pytestmark = pytest.mark.anyio

RANGE = {"from": "2026-01-01", "to": "2026-01-31"}
KINDS: list[dict[str, Any]] = [
    {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "window": "1d"},
    {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "order": "strict"},
    {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "exclude": [{"event": "c"}]},
    {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "breakdown": {"prop": "person.plan"}},
    {"kind": "retention", "start": {"event": "a", "first_time": True}, "return": {"event": "b"}},
    {"kind": "retention", "start": {"event": "a"}, "interval": "week", "mode": "rolling"},
    {"kind": "trend", "series": [{"event": "a"}, {"event": "*", "math": "people"}], "compare": "previous"},
    {"kind": "trend", "series": [{"event": "a"}], "where": [{"prop": "person.plan", "op": "=", "value": "pro"}]},
    {"kind": "trend", "series": [{"event": "a", "math": "people"}], "segment": "s"},
    {"kind": "lifecycle", "event": "a"},
    {"kind": "stickiness", "event": "a", "interval": "week"},
    {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}], "times": {}, "trend": {"interval": "week"}},
    {"kind": "paths", "events": ["a", "b"]},
    {"kind": "sessions", "event": "a"},
    {"kind": "lifetime_value", "purchase": {"event": "a"}, "prop": "v"},
    {"kind": "correlation", "start": {"event": "a"}, "goal": {"event": "b"}, "minimum": 1},
    {"kind": "attribution", "conversion": {"event": "b"}, "touch": {"event": "a"}, "prop": "v"},
]
_workspaces = itertools.count(1)
DAY = datetime(2026, 1, 1, tzinfo=UTC)

happening = st.tuples(
    st.sampled_from(["p", "q", "r"]),
    st.sampled_from(["a", "a", "b", "c", "Identified", "Segment Entered", "Segment Left"]),
    st.integers(-60, 90).map(lambda days: DAY + timedelta(days=days, minutes=days * 7 % 1440)),
    st.sampled_from([{}, {"v": "x"}, {"plan": "pro"}, {"plan": "free"}]),
)


async def version_of(journeys: Journeys, question: dict[str, Any]) -> Version | None:
    asked = parse({**RANGE, **question})
    period = asking.ruler_for(asked, NOW, "UTC").period
    return await freshness.version(journeys.log, journeys.tenant, freshness.reads(asked, period))


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "meta"}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.sampled_from(KINDS),
    before=st.lists(happening, max_size=8),
    after=st.lists(st.one_of(happening, happening, happening, st.none()), min_size=3, max_size=5),
)
def test_no_answer_changes_under_the_same_version(
    log: Log, question: dict[str, Any], before: list[Any], after: list[Any]
) -> None:
    """One event after another, or a merge (None)."""
    journeys = Journeys(log, Tenant("E0RANDOM000", f"T0FRESH{next(_workspaces)}"))

    def write(*happenings: Any) -> None:
        lines = []
        for who, event, at, props in happenings:
            about = {"object_type": "segment", "object": "s"} if event.startswith("Segment") else {}
            lines.append(journeys.line(who, event, at, props, **about))
        log.insert_now(f"{journeys.tenant.workspace}-{next(_workspaces)}", b"\n".join(lines))

    async def look() -> tuple[Version | None, dict[str, Any]]:
        version = await version_of(journeys, question)
        return version, told(await journeys.ask({**RANGE, **question}))

    write(*(("p", "a", DAY, {"v": "x"}), ("q", "a", DAY, {}), *before))
    version, answer = asyncio.run(look())
    for number, one in enumerate(after, start=1):
        if one is None:
            journeys.merge("p", "q" if number % 2 else "p", version=number)
        else:
            write(one)
        now, changed = asyncio.run(look())
        assert None not in (version, now)
        assert now != version or changed == answer, one
        version, answer = now, changed


async def test_what_a_question_does_not_read_leaves_its_version(journeys: Journeys) -> None:
    question = {"kind": "trend", "series": [{"event": "a"}]}
    journeys.write({"p": [("a", "2026-01-02 00:00")]})
    first = await version_of(journeys, question)
    journeys.write({"p": [("b", "2026-01-02 00:00"), ("a", "2026-02-01 00:00")]})
    Journeys(journeys.log, Tenant("E0RIVAL0000", "T0RIVAL0000")).write({"p": [("a", "2026-01-02 00:00")]})
    assert await version_of(journeys, question) == first
    anything = {"kind": "trend", "series": [{"event": "*"}]}
    first = await version_of(journeys, anything)
    journeys.write({"p": [("c", "2026-02-01 00:00")]})
    assert await version_of(journeys, anything) == first


async def test_a_late_event_a_merge_a_trait_and_an_erasure_change_it(journeys: Journeys) -> None:
    by_plan = {"kind": "trend", "series": [{"event": "a"}], "breakdown": {"prop": "person.plan"}}
    journeys.write({"p": [("a", "2026-01-02 00:00")], "q": [("a", "2026-01-02 00:00")]})
    seen = [await version_of(journeys, by_plan)]
    journeys.write({"p": [("a", "2026-01-31 23:59")]})
    seen.append(await version_of(journeys, by_plan))
    journeys.write({"p": [("Identified", "2026-05-01 00:00", {"plan": "pro"})]})
    seen.append(await version_of(journeys, by_plan))
    journeys.merge("p", "q")
    seen.append(await version_of(journeys, by_plan))
    journeys.merge("p", "p", version=2)
    seen.append(await version_of(journeys, by_plan))
    await forget(journeys.log, Whom(journeys.tenant, people=(journeys.id("q"),)))
    journeys.write({"r": [("a", "2026-01-02 00:00")]})  # as many events as before the erasure
    seen.append(await version_of(journeys, by_plan))
    assert None not in seen
    assert len(set(seen)) == len(seen)


def test_the_tick_meets_every_end_of_an_interval_and_of_a_window() -> None:
    asked = parse({"kind": "funnel", "steps": [{"event": "a"}], "window": "30s"})
    at = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)
    assert freshness.tick_of(asked, at) != freshness.tick_of(asked, at - timedelta(microseconds=1))
    plain = parse({"kind": "lifecycle"})
    kathmandu = datetime(2026, 1, 1, 18, 15, tzinfo=UTC)  # midnight there
    assert freshness.tick_of(plain, kathmandu) != freshness.tick_of(plain, kathmandu - timedelta(seconds=1))
    assert freshness.tick_of(plain, at) == freshness.tick_of(plain, at + timedelta(minutes=10))


@pytest.mark.parametrize("question", KINDS)
def test_a_question_reads_every_event_that_it_names(question: dict[str, Any]) -> None:
    asked = parse({**RANGE, **question})
    found = freshness.reads(asked, asking.ruler_for(asked, NOW, "UTC").period)
    named = {name for name in "abc*" if f'"{name}"' in json.dumps(msgspec.to_builtins(asked))}
    assert found.names is None or set(found.names) == named
    assert found.until is None or found.until.isoformat() == RANGE["to"]
    if "person." in str(question) or "segment" in question:
        assert found.people or found.names is None
