"""A question that makes no sense is answered with 422 and the field that is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.metrics.room import Room, open_room

pytestmark = pytest.mark.anyio

A, B, C = ({"event": name} for name in "abc")
FUNNEL = {"kind": "funnel", "steps": [A, B, C]}
TREND = {"kind": "trend", "series": [A]}
RETENTION = {"kind": "retention", "start": A}
PATHS = {"kind": "paths"}
CREDIT = {"kind": "attribution", "conversion": A, "touch": B}
SESSIONS = {"kind": "sessions"}
VALUE = {"kind": "lifetime_value", "purchase": A, "prop": "amount"}
CORRELATION = {"kind": "correlation", "start": A, "goal": B}

SENSELESS: list[tuple[Any, str | None]] = [
    # Every kind
    ({}, "kind"),
    ({"kind": "pie"}, "kind"),
    ({"kind": 7}, "kind"),
    ({**TREND, "colour": 1}, "colour"),
    ({**TREND, "from": "yesterday"}, "from"),
    ({**TREND, "from": 20260101}, "from"),
    ({**TREND, "from": "2026-02-30"}, "from"),
    ({**TREND, "to": "soon"}, "to"),
    ({**TREND, "from": "2026-02-02", "to": "2026-02-01"}, "from"),
    ({**TREND, "from": "0001-01-01", "to": "0001-01-02"}, "from"),
    ({**TREND, "to": "9999-12-31"}, "to"),
    ({**TREND, "timezone": "Mars/Base"}, "timezone"),
    ({**TREND, "timezone": "../etc/passwd"}, "timezone"),
    ({**TREND, "timezone": ""}, "timezone"),
    ({**TREND, "by": "household"}, "by"),
    ({**TREND, "segment": "nowhere"}, "segment"),
    ({**TREND, "segment": ""}, "segment"),
    ({**TREND, "segment": 5}, "segment"),
    ({**TREND, "where": {"prop": "a"}}, "where"),
    ({**TREND, "where": [{"op": "="}]}, "where[0].prop"),
    ({**TREND, "where": [{"prop": "a", "op": "~", "value": 1}]}, "where[0].op"),
    ({**TREND, "where": [{"prop": "a`b", "op": "set"}]}, "where[0].prop"),
    ({**TREND, "where": [{"prop": "", "op": "set"}]}, "where[0].prop"),
    ({**TREND, "where": [{"prop": "a", "op": "set"}, {"prop": "x" * 300, "op": "set"}]}, "where[1].prop"),
    ({**TREND, "where": [{"prop": "a", "op": "=", "value": {"x": 1}}]}, "where[0].value"),
    ({**TREND, "where": [{"prop": "a", "op": "=", "value": [1]}]}, "where[0].value"),
    ({**TREND, "where": [{"prop": "a", "op": "in", "value": 5}]}, "where[0].value"),
    ({**TREND, "where": [{"prop": "a", "op": "in", "value": [[1]]}]}, "where[0].value"),
    ({**TREND, "where": [{"prop": "a", "op": ">", "value": None}]}, "where[0].value"),
    ({**TREND, "where": [{"prop": "a", "op": "contains", "value": None}]}, "where[0].value"),
    ({**TREND, "where": [{"prop": "a", "op": "="}]}, "where[0].value"),
    # Funnel
    ({"kind": "funnel"}, "steps"),
    ({"kind": "funnel", "steps": []}, "steps"),
    ({"kind": "funnel", "steps": [A] * 21}, "steps"),
    ({"kind": "funnel", "steps": [A] * 7, "order": "any"}, "steps"),
    ({"kind": "funnel", "steps": [{}]}, "steps[0].event"),
    ({"kind": "funnel", "steps": [{"event": ""}]}, "steps[0].event"),
    ({"kind": "funnel", "steps": [A, {"event": 1}]}, "steps[1].event"),
    ({"kind": "funnel", "steps": [A, {"event": "b", "where": [{"prop": "x`"}]}]}, "steps[1].where[0].prop"),
    ({"kind": "funnel", "steps": [{"event": "a", "optional": True}, B]}, "steps[0].optional"),
    ({**FUNNEL, "steps": [A, {"event": "b", "optional": True}], "order": "any"}, "steps[1].optional"),
    ({**FUNNEL, "order": "backwards"}, "order"),
    ({**FUNNEL, "window": "soon"}, "window"),
    ({**FUNNEL, "window": "0d"}, "window"),
    ({**FUNNEL, "window": "-1d"}, "window"),
    ({**FUNNEL, "window": "99999d"}, "window"),
    ({**FUNNEL, "reentry": "never"}, "reentry"),
    ({**FUNNEL, "exclude": [{"event": "x", "from": 1, "to": 1}]}, "exclude[0].to"),
    ({**FUNNEL, "exclude": [{"event": "x", "from": -1, "to": 1}]}, "exclude[0].from"),
    ({**FUNNEL, "exclude": [{"event": "x"}, {"event": "x", "from": 0, "to": 3}]}, "exclude[1].to"),
    ({**FUNNEL, "exclude": [{"event": "x"}], "order": "strict"}, "exclude"),
    ({**FUNNEL, "steps": [A, {"event": "b", "optional": True}, C], "exclude": [{"event": "x"}]}, "exclude[0].to"),
    ({**FUNNEL, "exclude": [{"event": ""}]}, "exclude[0].event"),
    ({**FUNNEL, "breakdown": {}}, "breakdown.prop"),
    ({**FUNNEL, "breakdown": {"prop": "a`"}}, "breakdown.prop"),
    ({**FUNNEL, "breakdown": {"prop": "p", "limit": 0}}, "breakdown.limit"),
    ({**FUNNEL, "breakdown": {"prop": "p", "limit": -5}}, "breakdown.limit"),
    ({**FUNNEL, "breakdown": {"prop": "p", "attribution": "mean"}}, "breakdown.attribution"),
    ({**FUNNEL, "breakdown": {"prop": "p", "attribution": "step", "step": 3}}, "breakdown.step"),
    ({**FUNNEL, "actors": {"step": 3}}, "actors.step"),
    ({**FUNNEL, "actors": {"step": 0, "dropped": True}}, "actors.step"),
    ({**FUNNEL, "actors": {"step": 0, "limit": -1}}, "actors.limit"),
    ({**FUNNEL, "times": {"from": 2, "to": 1}}, "times.to"),
    ({**FUNNEL, "times": {"bins": 0}}, "times.bins"),
    # Trend
    ({"kind": "trend"}, "series"),
    ({"kind": "trend", "series": []}, "series"),
    ({"kind": "trend", "series": [A] * 11}, "series"),
    ({"kind": "trend", "series": [{"event": ""}]}, "series[0].event"),
    ({"kind": "trend", "series": [{"event": "a", "math": "mode"}]}, "series[0].math"),
    ({"kind": "trend", "series": [A, {"event": "a", "math": "sum"}]}, "series[1].prop"),
    ({"kind": "trend", "series": [{"event": "a", "math": "sum", "prop": "x`"}]}, "series[0].prop"),
    ({**TREND, "interval": "minute"}, "interval"),
    ({**TREND, "interval": "hour", "from": "2001-01-01"}, "interval"),
    ({**TREND, "formula": "A/"}, "formula"),
    ({**TREND, "formula": "A/B"}, "formula"),
    ({**TREND, "formula": "__import__('os')"}, "formula"),
    ({**TREND, "compare": "next"}, "compare"),
    ({**TREND, "moving_average": 1}, "moving_average"),
    ({**TREND, "breakdown": {"prop": ""}}, "breakdown.prop"),
    ({**TREND, "week_start": "friday"}, "week_start"),
    # Retention
    ({"kind": "retention"}, "start"),
    ({"kind": "retention", "start": {"event": ""}}, "start.event"),
    ({**RETENTION, "return": {"event": ""}}, "return.event"),
    ({**RETENTION, "intervals": 0}, "intervals"),
    ({**RETENTION, "minimum": 0}, "minimum"),
    ({**RETENTION, "minimum": "many"}, "minimum"),
    ({**RETENTION, "mode": "loose"}, "mode"),
    ({**RETENTION, "measure": "before"}, "measure"),
    ({**RETENTION, "brackets": []}, "brackets"),
    ({**RETENTION, "brackets": [3, 1]}, "brackets"),
    ({**RETENTION, "breakdown": {"prop": "a`"}}, "breakdown.prop"),
    ({**RETENTION, "start": {"event": "a", "where": [{"prop": "x`"}]}}, "start.where[0].prop"),
    # The others
    ({"kind": "lifecycle", "event": ""}, "event"),
    ({"kind": "lifecycle", "event": "a", "interval": "year"}, "interval"),
    ({"kind": "stickiness", "event": ""}, "event"),
    ({**PATHS, "steps": 1}, "steps"),
    ({**PATHS, "edges": 0}, "edges"),
    ({**PATHS, "gap": "long"}, "gap"),
    ({**PATHS, "events": [""]}, "events[0]"),
    ({**PATHS, "prop": "a`"}, "prop"),
    ({"kind": "attribution", "touch": A}, "conversion"),
    ({**CREDIT, "model": "magic"}, "model"),
    ({**CREDIT, "lookback": "30"}, "lookback"),
    ({**CREDIT, "prop": "a`"}, "prop"),
    ({**CREDIT, "touch": {"event": ""}}, "touch.event"),
    ({**SESSIONS, "gap": "0s"}, "gap"),
    ({**SESSIONS, "event": ""}, "event"),
    ({"kind": "lifetime_value", "purchase": A}, "prop"),
    ({**VALUE, "prop": ""}, "prop"),
    ({**VALUE, "intervals": 0}, "intervals"),
    ({**VALUE, "start": {"event": ""}}, "start.event"),
    ({**CORRELATION, "window": "2y"}, "window"),
    ({**CORRELATION, "look": []}, "look"),
    ({**CORRELATION, "limit": 0}, "limit"),
    ({**CORRELATION, "props": ["a`"]}, "props[0]"),
    ({"kind": "metric"}, "metric"),
    ({"kind": "journey"}, "journey"),
    ({"kind": "journey", "journey": ""}, "journey"),
    ({"kind": "sql"}, "sql"),
    ({"kind": "sql", "sql": ""}, "sql"),
    ({"kind": "sql", "sql": "drop table events"}, "sql"),
    ({"kind": "sql", "sql": "select 1", "limit": 0}, "limit"),
    ({"kind": "sql", "sql": "select nonsense from events"}, "sql"),
]
CELLS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (FUNNEL, {"step": 3}, "cell.step"),
    (FUNNEL, {"step": -1}, "cell.step"),
    (FUNNEL, {"dropped": True}, "cell.step"),
    (FUNNEL, {"limit": 0}, "cell.limit"),
    (FUNNEL, {"limit": 5000}, "cell.limit"),
    (FUNNEL, {"stage": 1}, "cell.stage"),
    (FUNNEL, {"after": 5}, "cell.after"),
    (TREND, {"series": 1}, "cell.series"),
    (TREND, {"interval": -1}, "cell.interval"),
    (TREND, {"interval": 400}, "cell.interval"),
    (RETENTION, {"cohort": 99}, "cell.cohort"),
    (RETENTION, {"column": -1}, "cell.column"),
    ({"kind": "lifecycle"}, {"state": "asleep"}, "cell.state"),
    ({"kind": "stickiness"}, {"intervals": 0}, "cell.intervals"),
    ({"kind": "sql", "sql": "select 1"}, {}, "question.kind"),
    ({**FUNNEL, "window": "x"}, {}, "question.window"),
    ({**FUNNEL, "to": "x"}, {}, "question.to"),
    ({**FUNNEL, "segment": "nowhere"}, {}, "question.segment"),
]


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Room]:
    async with open_room(postgres_url, template, run_folder) as room:
        room.journeys.write({"p": [("a", "2026-11-22 00:00")]})
        yield room


async def test_each_names_its_field(room: Room) -> None:
    wrong = []
    for question, field in SENSELESS:
        answer = await room.client.post("/api/v1/query", json=question)
        said = answer.json().get("error", {})
        if answer.status_code != 422 or said.get("field") != field or not said.get("message"):
            wrong.append((question, field, answer.status_code, said))
    assert not wrong, "\n".join(map(str, wrong))


async def test_a_word_that_is_not_among_the_few_is_told_which_there_are(room: Room) -> None:
    for question, field, allowed in (
        ({**FUNNEL, "order": "sideways"}, "order", "ordered, strict, any"),
        ({**TREND, "interval": "year"}, "interval", "hour, day, week, month"),
        ({**TREND, "compare": "next"}, "compare", "previous"),
        ({"kind": "trend", "series": [{"event": "a", "math": "mode"}]}, "series[0].math", "count, people, sum"),
        ({**TREND, "where": [{"prop": "x", "op": "~"}]}, "where[0].op", "=, !=, in, not_in"),
        ({**FUNNEL, "steps": [A, {**B, "where": [{"prop": "x", "op": "~"}]}]}, "steps[1].where[0].op", "=, !=, in"),
        ({**CREDIT, "model": "fair"}, "model", "first, last, last_non_direct"),
        ({**CORRELATION, "look": ["people"]}, "look[0]", "events, properties, traits"),
    ):  # fmt: skip
        said = (await room.client.post("/api/v1/query", json=question)).json()["error"]
        assert (said["field"], f"; there are {allowed}" in said["message"]) == (field, True), said


async def test_each_cell_names_its_field(room: Room) -> None:
    wrong = []
    for question, cell, field in CELLS:
        for door in ("events", "people"):
            body = {"question": question, "cell": cell}
            answer = await room.client.post(f"/api/v1/query/{door}", json=body)
            said = answer.json().get("error", {})
            if answer.status_code != 422 or said.get("field") != field:
                wrong.append((door, question, cell, field, answer.status_code, said))
    assert not wrong, "\n".join(map(str, wrong))


async def test_a_metric_that_is_not_there_is_not_found(room: Room) -> None:
    answer = await room.client.post("/api/v1/query", json={"kind": "metric", "metric": "nothing"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "metric")


async def test_a_body_that_is_no_question(room: Room) -> None:
    assert (await room.client.post("/api/v1/query", json=[1])).status_code == 422
    assert (await room.client.post("/api/v1/query", content=b"{")).status_code in (400, 422)
    assert (await room.client.post("/api/v1/query/events", json={"cell": {}})).json()["error"]["field"] == "question"
