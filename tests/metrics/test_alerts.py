"""Alerts judge each complete interval once, whoever does it, and say on the feed what they saw."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.log.api import Log
from dure.metrics.alerts.api import Alerts
from dure.state import State
from tests.metrics.boarding import Room, listened, listeners, open_room
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio

ABOVE = {"metric": "listeners", "kind": "above", "threshold": 3}
DAY = timedelta(days=1)


@pytest.fixture
async def room(shared_state: State, shared_log: Log) -> AsyncIterator[Room]:
    async with open_room(shared_state, shared_log) as room:
        await room.metrics.create_metric(room.cast.mina, listeners())
        yield room


async def told(room: Room) -> list[dict[str, Any]]:
    return [event.properties for event in await room.told() if event.event.startswith("Metric ") and event.run == ""
            and event.event in ("Metric Crossed", "Metric Unusual")]  # fmt: skip


async def test_a_crossing_is_told_once_with_its_figures_by_however_many_processes(room: Room) -> None:
    # Sunday, the last day that is over, has five listeners; Monday, still running, has nine.
    room.journeys.write(listened(5, "22"))
    room.journeys.write(listened(9, "23", hour=1))
    alert = await room.alerts.create(room.cast.joon, {**ABOVE, "channel": "product"})
    other = Alerts(room.state, room.clock, room.cast.governance, room.metrics)
    await asyncio.gather(room.alerts.tick(), other.tick(), room.alerts.tick())
    (event,) = await told(room)
    assert (event["alert"], event["value"], event["threshold"], event["direction"]) == (alert.id, 5, 3, "above")
    assert (event["interval"][:10], event["channel"], event["name_ko"]) == ("2026-11-22", "product", "청취자")
    assert event["text_en"] == "Listeners (daily) 5: above 3 (11/22)"
    assert await room.alerts.tick() == 0
    (stands,) = await room.alerts.alerts(room.cast.joon, "listeners")
    assert (stands.state, stands.streak) == ("alarming", 1)


async def test_days_that_were_missed_are_judged_in_order_and_only_when_they_are_over(room: Room) -> None:
    room.clock.at = MONDAY_NOON - 5 * DAY
    for day, people in (("17", 1), ("18", 5), ("19", 1), ("20", 6), ("21", 7), ("22", 1)):
        room.journeys.write(listened(people, day))
    alert = await room.alerts.create(room.cast.joon, ABOVE)
    await room.alerts.tick()
    assert await told(room) == []
    room.clock.at = MONDAY_NOON
    await room.alerts.tick()
    assert [(event["interval"][:10], event["value"]) for event in await told(room)] == [
        ("2026-11-18", 5), ("2026-11-20", 6),
    ]  # fmt: skip
    readings = await room.alerts.readings(room.cast.joon, alert.id)
    assert [(one.value, one.verdict, one.fired) for one in readings] == [
        (1, "ordinary", False), (7, "met", False), (6, "met", True), (1, "ordinary", False), (5, "met", True),
        (1, "ordinary", False),
    ]  # fmt: skip


async def test_a_day_is_over_by_the_workspaces_clock(room: Room) -> None:
    room.journeys.write(listened(5, "22"))
    room.clock.at = datetime(2026, 11, 22, 15, 14, tzinfo=UTC)  # fourteen minutes into Seoul's Monday
    await room.alerts.create(room.cast.joon, ABOVE)
    await room.alerts.tick()
    assert await told(room) == []
    room.clock.advance(timedelta(minutes=1))
    await room.alerts.tick()
    assert len(await told(room)) == 1


async def test_a_condition_narrows_what_is_watched_and_a_rehearsal_keeps_nothing(room: Room) -> None:
    room.journeys.write(listened(5, "21", plan="free"))
    room.journeys.write(listened(2, "22", plan="pro"))
    where = [{"prop": "plan", "op": "=", "value": "free"}]
    tried = await room.alerts.rehearse(room.cast.joon, {**ABOVE, "where": where}, last=3)
    assert [(one.value, one.fired) for one in tried["readings"]] == [(0, False), (5, True), (0, False)]
    assert await room.alerts.alerts(room.cast.joon) == []
    assert await told(room) == []


async def test_an_unusual_hour_is_told_with_its_band_and_too_little_history_says_so(room: Room) -> None:
    chance = random.Random(3)
    now = MONDAY_NOON
    lines = []
    for ago in range(7 * 7 * 24, 0, -1):
        at = now - timedelta(hours=ago)
        people = 0 if ago == 1 else 8 + 4 * (at.hour % 12 > 6) + chance.randint(-1, 1)
        lines += [room.journeys.line(f"u{n}", "listen", at + timedelta(minutes=3)) for n in range(people)]
    room.log.insert_now(f"hours-{room.cast.tenant.workspace}", b"\n".join(lines))
    room.clock.at = now + timedelta(minutes=6)
    rule = {"metric": "listeners", "kind": "unusual", "every": "hour", "rate": 0.01}
    await room.alerts.create(room.cast.joon, rule)
    daily = await room.alerts.create(room.cast.joon, {"metric": "listeners", "kind": "unusual"})
    await room.alerts.tick()
    (event,) = await told(room)
    assert (event["value"], event["direction"], event["rate"]) == (0, "below", 0.01)
    assert 0 < event["low"] < event["expected"] < event["high"] < 40
    stands = {one.id: one.state for one in await room.alerts.alerts(room.cast.joon)}
    assert stands[daily.id] == "too_little_history"


async def test_an_alert_that_cannot_be_asked_shows_why_and_holds_up_no_other(room: Room) -> None:
    await room.metrics.create_metric(room.cast.mina, listeners(id="odd"))
    odd = await room.alerts.create(room.cast.joon, {**ABOVE, "metric": "odd"})
    funnel = {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}]}
    await room.metrics.change_metric(room.cast.mina, "odd", listeners(id="odd", question=funnel))
    room.journeys.write(listened(5, "22"))
    await room.alerts.create(room.cast.joon, ABOVE)
    assert await room.alerts.tick() == 2
    assert len(await told(room)) == 1
    stands = {one.id: one for one in await room.alerts.alerts(room.cast.joon)}[odd.id]
    assert (stands.state, "trend" in stands.because) == ("quiet", True)
    with pytest.raises(Invalid, match="trend"):
        await room.alerts.create(room.cast.joon, {**ABOVE, "metric": "odd"})
    await room.metrics.change_metric(room.cast.mina, "odd", listeners(id="odd"))
    room.clock.advance(timedelta(minutes=10))
    await room.alerts.tick()
    assert len(await told(room)) == 2


async def test_a_formula_of_trends_is_watched_and_one_of_a_funnel_is_refused(room: Room) -> None:
    await room.metrics.create_metric(room.cast.mina, listeners(id="all"))
    double = {"kind": "formula", "formula": "A+B", "metrics": {"A": "listeners", "B": "all"}}
    await room.metrics.create_metric(room.cast.mina, listeners(id="double", question=double))
    room.journeys.write(listened(4, "22"))
    await room.alerts.create(room.cast.joon, {**ABOVE, "metric": "double"})
    await room.alerts.tick()
    (event,) = await told(room)
    assert event["value"] == 8
    funnel = {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}]}
    await room.metrics.create_metric(room.cast.mina, listeners(id="rate", question=funnel))
    of_rate = {**double, "metrics": {"A": "listeners", "B": "rate"}}
    await room.metrics.create_metric(room.cast.mina, listeners(id="odd", question=of_rate))
    with pytest.raises(Invalid, match="trend"):
        await room.alerts.create(room.cast.joon, {**ABOVE, "metric": "odd"})


async def test_alerts_over_http_are_of_ones_own_workspace(room: Room) -> None:
    made = await room.client.post("/api/v1/metric-alerts", json=ABOVE)
    assert made.status_code == 201
    path = f"/api/v1/metric-alerts/{made.json()['id']}"
    changed = await room.client.put(path, json={**ABOVE, "kind": "below", "enabled": False})
    assert (changed.json()["kind"], changed.json()["enabled"]) == ("below", False)
    assert await room.alerts.tick() == 0
    refused = await room.client.post("/api/v1/metric-alerts/rehearsal", json={**ABOVE, "metric": "nothing"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (404, "metric")
    for wrong in (room.cast.rina,):
        assert await room.alerts.alerts(wrong) == []
        with pytest.raises(NotFound):
            await room.alerts.remove(wrong, made.json()["id"])
    with pytest.raises(NotAllowed):
        await room.alerts.alerts(room.cast.gil)
    assert (await room.client.delete(path)).status_code == 204
    assert [event.event for event in await room.told()][-3:] == ["Alert Created", "Alert Changed", "Alert Removed"]


async def test_an_alert_that_cannot_be_read_names_its_field(room: Room) -> None:
    for body, field in (
        ({}, "metric"), ({"metric": "listeners"}, "kind"), ({**ABOVE, "colour": 1}, "colour"),
        ({**ABOVE, "threshold": "3"}, "threshold"), ({**ABOVE, "where": [{"op": "="}]}, "where[0].prop"),
        ({**ABOVE, "every": "year"}, "every"),
    ):  # fmt: skip
        for path in ("", "/rehearsal"):
            refused = await room.client.post(f"/api/v1/metric-alerts{path}", json=body)
            assert (refused.status_code, refused.json()["error"].get("field")) == (422, field), body
    refused = await room.client.post("/api/v1/metric-alerts", json={**ABOVE, "every": "year"})
    assert refused.json()["error"]["message"] == "Invalid enum value 'year'; there are hour, day, week."
