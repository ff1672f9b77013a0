"""Metrics in the conditions and templates of automations: `metric.<id>.value`, asked once for all runs of a beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from dure.automation.api import Automation
from dure.feed.api import Event, append
from dure.kernel.clock import StillClock
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.metrics import lookups
from dure.state import Tx
from tests.metrics.catalogue_room import Room, own_database, own_log, room

__all__ = ["own_database", "own_log", "room"]
pytestmark = pytest.mark.anyio
WEEKLY = {"kind": "trend", "series": [{"event": "Listen Started", "math": "people"}], "interval": "week"}


async def test_a_metric_decides_and_is_asked_once_for_many_runs(room: Room) -> None:
    await room.define("weekly-listeners", WEEKLY)
    look = lookups.metrics(room.metrics, room.cast.governance)
    asked: list[list[str]] = []

    async def counted(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        asked.append(list(ids))
        return await look(tx, tenant, ids)

    clock = StillClock(datetime(2026, 11, 23, 3, tzinfo=UTC))
    automation = Automation(room.state, clock, room.cast.governance, lookups={"metric": counted})
    nodes = [{"id": "said", "kind": "set", "with": {"values": {"text": "{{ metric.weekly-listeners.value }}"}}}]
    made = {}
    for name, line in (("fell", 13), ("stands", 12)):
        doc = {
            "trigger": {"event": "Listen Started"}, "nodes": nodes,
            "conditions": [{"prop": "metric.weekly-listeners.value", "op": "<", "value": line}],
        }  # fmt: skip
        made[name] = (await automation.create(room.cast.mina, name, doc, enabled=True)).id
    async with room.state.begin(room.cast.tenant) as tx:
        await append(tx, *(
            Event(
                org=room.cast.tenant.org, workspace=room.cast.tenant.workspace, event="Listen Started",
                time=clock.now(), received_at=clock.now(), message_id=str(uuid7()), source="test",
            )
            for _ in range(3)
        ))  # fmt: skip
    await automation.settle()
    assert len(await automation.runs(room.cast.mina, made["stands"])) == 0
    runs = await automation.runs(room.cast.mina, made["fell"])
    assert [(await automation.run(room.cast.mina, one.id))[0].state["said"]["text"] for one in runs] == [12, 12, 12]
    assert asked == [["weekly-listeners"]] * 2  # where they begin, and where they move


async def test_the_last_week_that_is_over_stands_beside_the_one_before(room: Room) -> None:
    await room.define("of-the-week", WEEKLY)
    look = lookups.metrics(room.metrics, room.cast.governance)
    async with room.state.begin(room.cast.tenant) as tx:
        found = await look(tx, room.cast.tenant, ["of-the-week", "nothing"])
    shown = found["of-the-week"]
    assert (shown["value"], shown["previous"], shown["change"]) == (12, 10, pytest.approx(0.2))
    assert "value" not in found["nothing"]
    assert "nothing" in found["nothing"]["error"]
