"""Deals, deliveries and mentions are about no person, and are counted all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dure.feed.api import Event, lines_of
from dure.governance.api import Governance
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.state import State
from tests.people_of import MONDAY_NOON, found_sori

pytestmark = pytest.mark.anyio


async def test_an_event_of_nobody_counts_as_an_event_and_not_as_a_person(state: State, log: Log) -> None:
    cast = await found_sori(state)
    clock = StillClock(MONDAY_NOON)
    won = Event(
        org=cast.tenant.org, workspace=cast.tenant.workspace, event="Deal Won", source="deals", message_id="w-1",
        time=datetime(2026, 11, 22, 1, tzinfo=UTC), received_at=MONDAY_NOON, object_type="deal", object="006A",
        properties={"amount": 500},
    )  # fmt: skip
    await log.insert("one", lines_of([won]))
    metrics = Metrics(state, log, clock, Governance(state, clock))
    question = {
        "kind": "trend", "from": "2026-11-20", "to": "2026-11-23",
        "series": [{"event": "Deal Won"}, {"event": "Deal Won", "math": "sum", "prop": "amount"},
                   {"event": "Deal Won", "math": "people"}],
    }  # fmt: skip
    answer = await metrics.ask(cast.mina, question)
    assert [series["total"] for series in answer["series"]] == [1, 500, 0]
    behind = await metrics.rows_behind(cast.mina, question, {"series": 0})
    assert [event["object"] for event in behind["events"]] == ["006A"]
