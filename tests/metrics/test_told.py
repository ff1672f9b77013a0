"""Answers for readers without a screen: steps that ask and draw, what each kind of question becomes, the drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.kernel.errors import Invalid
from dure.log.api import Log
from dure.metrics import steps
from dure.metrics.telling.chart import chart
from dure.metrics.telling.told import Line, Told, told
from dure.state import State
from tests.metrics.boarding import LISTENERS, Room, listened, listeners, open_room

pytestmark = pytest.mark.anyio
SVG = "{http://www.w3.org/2000/svg}"
WEEK = {"from": "2026-11-16", "to": "2026-11-22"}


@pytest.fixture(scope="module")
async def room(shared_state: State, shared_log: Log) -> AsyncIterator[Room]:
    async with open_room(shared_state, shared_log) as room:
        await room.metrics.create_metric(room.cast.mina, listeners(id="listeners"))
        room.journeys.write(listened(4, "20"))
        room.journeys.write(listened(2, "14"))
        yield room


async def run(room: Room, name: str, key: str = "run:a:1", **given: Any) -> Any:
    kind = next(one for one in steps.steps(room.metrics, room.posting, room.cast.governance) if one.name == name)
    principal = room.cast.governance.system(room.cast.tenant, "automation", "run")
    call = StepCall(room.cast.tenant, principal, "run", "a", key, "s", room.clock.now())
    return await kind.run(call, msgspec.convert(given, kind.inputs))


async def test_a_question_becomes_a_number_rows_and_a_sentence(room: Room) -> None:
    trend = await run(room, "metrics.query", question={**LISTENERS, **WEEK})
    assert (trend.value, len(trend.rows), trend.rows[4]["at"][:10]) == (4, 7, "2026-11-20")
    assert list(trend.rows[4].values())[1] == 4
    assert trend.text_ko.endswith(" 4")
    metric = await run(room, "metrics.query", question={"kind": "metric", "metric": "listeners", **WEEK})
    assert (metric.value, metric.text_ko, metric.text) == (4, "청취자 4", "청취자 4")
    sql = await run(room, "metrics.query", question={"kind": "sql", "sql": "select count() as n from events"})
    assert (sql.value, sql.rows) == (sql.rows[0]["n"], sql.rows)
    with pytest.raises(Invalid):
        await run(room, "metrics.query", question={"kind": "weather"})


async def test_an_answer_is_drawn_once_for_a_run_at_a_signed_address(room: Room) -> None:
    first = await run(room, "metrics.picture", question={**LISTENERS, **WEEK}, title="들은 <사람>")
    again = await run(room, "metrics.picture", question={**LISTENERS, **WEEK}, title="들은 <사람>")
    parts = urlsplit(first.picture)
    assert parts.path == urlsplit(again.picture).path
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    seen = await room.client.get(parts.path, params=query, headers={"authorization": ""})
    texts = [node.text for node in ET.fromstring(seen.text).iter(f"{SVG}text")]
    assert texts[:2] == ["들은 <사람>", "2026-11-16 – 2026-11-22"]
    assert first.blocks[1]["image_url"] == first.picture
    assert first.blocks[0]["text"]["text"].startswith("*들은 &lt;사람&gt;*")
    drawn = [one for one in await room.told() if one.event == "Answer Drawn"]
    assert [one.properties["title"] for one in drawn] == ["들은 <사람>"]


async def test_a_metric_is_drawn_by_its_name(room: Room) -> None:
    drawn = await run(room, "metrics.picture", key="run:b:1", metric="listeners", last=7)
    assert drawn.blocks[0]["text"]["text"].startswith("*청취자*")
    for given in ({}, {"metric": "listeners", "question": LISTENERS}):
        with pytest.raises(Invalid):
            await run(room, "metrics.picture", **given)


STEP = {"average_seconds": None, "median_seconds": None}
ANSWERS: list[tuple[str, dict[str, Any], Any, int, str]] = [
    ("funnel", {"steps": [
        {"index": 0, "event": "Cart", "count": 200, "from_start": 1.0, "from_previous": None, **STEP},
        {"index": 1, "event": "Buy", "count": 50, "from_start": 0.25, "from_previous": 0.25, **STEP}]},
     0.25, 2, "Cart → Buy 25.0% (200 → 50)"),
    ("retention", {"cohorts": [{"start": "2026-11-01", "size": 10, "counts": [10, 4], "complete": [True, True]}],
                   "pooled": [1.0, 0.4]}, 0.4, 1, "리텐션 1: 40.0%"),
    ("lifecycle", {"intervals": ["a", "b"], "new": [1, 2], "returning": [0, 3], "resurrecting": [0, 1],
                   "dormant": [0, -4]}, 6, 2, "새로 2 · 계속 3 · 돌아옴 1 · 떠남 -4"),
    ("stickiness", {"bars": [{"intervals": 1, "people": 7}, {"intervals": 2, "people": 3}]}, 10, 2, "1 7 · 2 3"),
    ("paths", {"edges": [{"from": "1_/", "to": "2_/about", "count": 9}], "nodes": [], "paths": 12}, 12, 1,
     "1_/ → 2_/about 9"),
    ("attribution", {"rows": [{"value": None, "credit": 1.5, "conversions": 2}], "conversions": 2}, 2, 1, "– 1.50"),
    ("groups", {"intervals": ["a"], "series": [{"label": "A", "value": "KR", "values": [3], "total": 3},
                                               {"label": "A", "value": None, "values": [1], "total": 1}]},
     3, 2, "KR 3 · – 1"),
    ("sql", {"columns": ["country", "n"], "rows": [["KR", 3], ["US", 1]]}, None, 2, "2줄"),
    ("another", {"bins": [{"from": 0, "count": 2}]}, None, 1, "1줄"),
    ("nothing", {"intervals": [], "series": []}, None, 0, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "answer", "value", "rows", "text"), ANSWERS, ids=[one[0] for one in ANSWERS])
def test_every_kind_of_answer_is_told_and_drawn(
    kind: str, answer: dict[str, Any], value: Any, rows: int, text: str
) -> None:
    found = told(answer)
    assert (found.value, len(found.rows), found.ko) == (value, rows, text)
    drawing = ET.fromstring(chart(kind, "2026", found))
    assert "script" not in ET.tostring(drawing, encoding="unicode")
    assert drawing.find(f"{SVG}text") is not None


def test_a_line_with_a_gap_is_two_lines_between_round_numbers() -> None:
    values = [10.0, 20.0, None, 87.0, 40.0]
    shown = Told(1, [], "", "", "lines", [f"2026-11-{n}T00:00:00" for n in range(16, 21)], [Line("a", values)])
    drawing = ET.fromstring(chart("a", "b", shown))
    paths = list(drawing.iter(f"{SVG}path"))
    texts = [one.text for one in drawing.iter(f"{SVG}text")]
    assert len(paths) == 2
    assert texts[2:7] == ["0", "25", "50", "75", "100"]
    assert texts[7:] == ["2026-11-16", "2026-11-18", "2026-11-20"]


def test_what_is_counted_has_no_halves_on_its_axis() -> None:
    shown = Told(1, [], "", "", "lines", ["a", "b", "c"], [Line("a", [0, 2, 1])])
    texts = [one.text for one in ET.fromstring(chart("a", "b", shown)).iter(f"{SVG}text")]
    assert texts[2:5] == ["0", "1", "2"]
