"""Boards by the tile, within a bar; saved views; annotations."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dure.kernel.errors import NotAllowed, NotFound
from dure.log.api import Log
from dure.state import State
from tests.metrics.boarding import LISTENERS, Room, listened, listeners, open_room

pytestmark = pytest.mark.anyio

WEEK = {"from": "2026-11-16", "to": "2026-11-22"}
TILES = [
    {"metric": "listeners"},
    {"metric": "listeners", "look": "chart", "size": 2},
    {"question": LISTENERS, "title_ko": "들은 사람", "title_en": "Who listened"},
    {"text": "# 이번 분기"},
]


@pytest.fixture
async def room(shared_state: State, shared_log: Log) -> AsyncIterator[Room]:
    async with open_room(shared_state, shared_log) as room:
        await room.metrics.create_metric(room.cast.mina, listeners(target=10))
        await room.metrics.create_board(
            room.cast.mina, {"id": "b", "name_ko": "보드", "name_en": "Board", "tiles": TILES}
        )
        room.journeys.write(listened(4, "20", plan="pro"))
        room.journeys.write(listened(3, "12", plan="free"))
        yield room


async def test_each_tile_answers_for_itself_within_the_bar(room: Room) -> None:
    async def tile(number: int, **bar: Any) -> dict[str, Any]:
        shown: dict[str, Any] = (await room.client.get(f"/api/v1/boards/b/tiles/{number}", params=bar)).json()
        return shown

    number = await tile(0, **WEEK)
    assert (number["value"], number["previous"], number["target_met"]) == (4, 3, False)
    free = json.dumps([{"prop": "plan", "op": "=", "value": "free"}])
    narrowed = await tile(0, last=14, where=free)
    assert (narrowed["value"], narrowed["question"]["from"]) == (3, "2026-11-10")
    chart = await tile(1, **WEEK, compare="previous")
    assert (chart["value"], chart["answer"]["previous"]["series"][0]["total"]) == (4, 3)
    split = await tile(0, last=14, breakdown="plan")
    assert {line["value"]: line["total"] for line in split["answer"]["series"]} == {"pro": 4, "free": 3}
    question = await tile(2, **WEEK)
    assert question["answer"]["series"][0]["total"] == 4
    assert (await tile(3))["text"] == "# 이번 분기"


async def test_a_bar_without_sense_is_refused_by_its_field(room: Room) -> None:
    for path, params, status, field in (
        ("tiles/9", {}, 404, "tile"), ("tiles/0", {"where": "plan=pro"}, 422, "where"),
        ("tiles/0", {"where": '[{"op": "="}]'}, 422, "where[0].prop"), ("tiles/0", {"last": 0}, 422, "last"),
        ("tiles/0", {"last": 3, "to": "2026-11-20"}, 422, "last"), ("tiles/0", {"from": "yesterday"}, 422, "from"),
        ("tiles/0", {"compare": "never"}, 422, "compare"),
    ):  # fmt: skip
        answer = await room.client.get(f"/api/v1/boards/b/{path}", params=params)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["error"].get("field")) == (status, field), (path, params)


async def test_a_range_that_ends_before_it_begins_is_kept_under_no_name(room: Room) -> None:
    for from_, to, status in (
        ("2026-11-20", "2026-11-10", 422), ("2026-11-20", "2026-11-20", 201),
        ("2026-11-20T10:00:00+09:00", "2026-11-20T00:00:00Z", 422), ("2026-11-22T23:00:00-05:00", "2026-11-22", 201),
    ):  # fmt: skip
        for path, more in (("views", {"name": "v"}), ("shares", {})):
            body = {"bar": {"from": from_, "to": to}, **more}
            answer = await room.client.post(f"/api/v1/boards/b/{path}", json=body)
            assert answer.status_code == status, (path, from_, to)
            assert status == 201 or answer.json()["error"]["field"] == "from"


async def test_a_tile_is_one_thing_with_a_place(room: Room) -> None:
    tiles: list[tuple[dict[str, Any], str]] = [
        ({}, "tiles[0]"), ({"metric": "listeners", "text": "x"}, "tiles[0]"),
        ({"question": LISTENERS}, "tiles[0].title_ko"), ({"text": " "}, "tiles[0].text"),
        ({"metric": "listeners", "size": 4}, "tiles[0].size"),
        ({"metric": "listeners", "look": "pie"}, "tiles[0].look"),
    ]  # fmt: skip
    for tile, field in tiles:
        body = {"name_ko": "보드", "name_en": "Board", "tiles": [tile]}
        answer = await room.client.put("/api/v1/boards/b", json=body)
        assert (answer.status_code, answer.json()["error"].get("field")) == (422, field), tile


async def test_a_personal_view_is_ones_own_and_a_shared_one_everybodys(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    bar = {"last": 7, "where": [{"prop": "plan", "op": "=", "value": "pro"}]}
    own = await room.boards.save_view(joon, "b", "내 것", bar)
    await room.boards.save_view(joon, "b", "모두의 것", {"last": 90}, shared=True)
    assert [view.name for view in await room.boards.views(joon, "b")] == ["내 것", "모두의 것"]
    assert [view.name for view in await room.boards.views(mina, "b")] == ["모두의 것"]
    with pytest.raises(NotFound):
        await room.boards.remove_view(mina, "b", own.id)
    renamed = await room.client.put(f"/api/v1/boards/b/views/{own.id}", json={"name": "x", "bar": {}})
    assert renamed.status_code == 404
    again = await room.boards.save_view(joon, "b", "프로", bar, id=own.id)
    assert (again.id, again.bar.last, again.created_by) == (own.id, 7, joon.user)
    await room.boards.remove_view(joon, "b", own.id)
    assert [view.name for view in await room.boards.views(joon, "b")] == ["모두의 것"]
    assert [event.event for event in await room.told()][-4:] == [
        "Board View Saved", "Board View Saved", "Board View Saved", "Board View Removed",
    ]  # fmt: skip
    empty = await room.client.post("/api/v1/boards/b/views", json={"name": " ", "bar": {}})
    assert (empty.status_code, empty.json()["error"]["field"]) == (422, "name")


async def test_what_happened_is_noted_at_its_time_and_listed_over_a_range(room: Room) -> None:
    async def listed(**params: str) -> list[str]:
        answer = await room.client.get(
            "/api/v1/annotations", params={"from": "2026-11-20", "to": "2026-11-21", **params}
        )
        return [one["text"] for one in answer.json()["annotations"]]

    for at, text, more in (
        ("2026-11-20", "2.0 배포", {"function": "product"}),
        ("2026-11-21T23:30:00", "광고 시작", {"metric": "listeners"}),
        ("2026-11-22", "다음 날", {}), ("2026-11-20T10:00:00+09:00", "이 보드만", {"board": "b"}),
    ):  # fmt: skip
        made = await room.client.post("/api/v1/annotations", json={"at": at, "text": text, **more})
        assert made.status_code == 201, made.text
    assert made.json()["at"] == "2026-11-20T01:00:00Z"
    assert await listed() == ["2.0 배포", "이 보드만", "광고 시작"]
    assert await listed(metric="other", board="b") == ["2.0 배포", "이 보드만"]
    assert await room.boards.annotations(room.cast.rina, "2026-11-01", "2026-11-30") == []
    with pytest.raises(NotAllowed):
        await room.boards.remove_annotation(room.cast.joon, made.json()["id"])
    changed = await room.client.put(
        f"/api/v1/annotations/{made.json()['id']}", json={"at": "2026-11-21", "text": "모두"}
    )
    assert (changed.json()["text"], changed.json()["board"]) == ("모두", None)
    assert (await room.client.delete(f"/api/v1/annotations/{made.json()['id']}")).status_code == 204
    for wrong, field in (({"at": "soon", "text": "x"}, "at"), ({"at": "2026-11-21", "text": ""}, "text"),
                         ({"at": "2026-11-21", "text": "x", "metric": "none"}, "metric"),
                         ({"at": "2026-11-21", "text": "x", "function": "kitchen"}, "function")):  # fmt: skip
        refused = await room.client.post("/api/v1/annotations", json=wrong)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


async def test_a_board_that_is_removed_takes_its_belongings_along(room: Room) -> None:
    await room.boards.save_view(room.cast.joon, "b", "내 것", {"last": 7})
    assert (await room.client.delete("/api/v1/boards/b")).status_code == 204
    assert (await room.client.get("/api/v1/boards/b/views")).status_code == 404
    with pytest.raises(NotFound):
        await room.boards.remove(room.cast.rina, "b")
