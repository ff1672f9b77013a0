"""Answers that are kept, shared and cancelled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.governance.api import Principal
from dure.kernel.errors import Cancelled, Conflict, Invalid, NotFound, TooLarge
from dure.log.api import progress
from dure.metrics.api import Bounds, Metrics
from tests.metrics.journeys import Journeys
from tests.metrics.room import Room, open_room

pytestmark = pytest.mark.anyio

# Would take minutes over a few hundred events.
LONG = "select count() from events a, events b, events c, events d where cityHash64(a.time, b.time, c.time, d.time) = 3"
SQL = {"kind": "sql", "sql": LONG}


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Room]:
    async with open_room(postgres_url, template, run_folder) as room:
        room.journeys.write({"long": [("long", f"2026-11-01 00:{n // 60:02}:{n % 60:02}") for n in range(400)]})
        yield room


def listens(event: str, **more: Any) -> dict[str, Any]:
    """How often in the week."""
    return {"kind": "trend", "series": [{"event": event}], "from": "2026-11-16", "to": "2026-11-22", **more}


async def total(room: Room, question: dict[str, Any]) -> tuple[float, bool]:
    answer = await room.metrics.ask(room.cast.mina, question)
    return answer["series"][0]["total"], answer["meta"]["cached"]


async def runs(asked: asyncio.Task[Any], metrics: Metrics, who: Principal, name: str) -> None:
    """Returns when the question has read something."""
    while not asked.done():
        await asyncio.sleep(0)
        try:
            found = await metrics.progress(who, name)
        except NotFound:
            continue
        if found["state"] == "running" and found["rows_read"]:
            return
    raise AssertionError(asked.result())


async def until(holds: Callable[[], bool]) -> None:
    """Lets others go on until it holds."""
    for _ in range(100_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never held")


async def nothing_runs(room: Room, who: Principal, name: str) -> bool:
    org, workspace = who.tenant.org, who.tenant.workspace
    return await progress(room.log, f"dure/{org}/{workspace}/{who.actor}/{name}") is None


async def test_a_repeated_question_is_served_from_memory_until_an_event_comes(room: Room) -> None:
    room.journeys.write({"p": [("once", "2026-11-17 00:00")]})
    first = await room.metrics.ask(room.cast.mina, listens("once"))
    before = len(room.log.marks)
    again = await room.metrics.ask(room.cast.joon, listens("once"))
    assert len(room.log.marks) == before, "no statement of a question ran"
    assert (first["meta"]["cached"], again["meta"]["cached"]) == (False, True)
    assert again["series"] == first["series"]
    assert again["meta"]["as_of"] == first["meta"]["as_of"] == "2026-11-23T03:00:00Z"
    assert again["meta"]["computed"] == {name: first["meta"][name] for name in ("elapsed_ms", "rows_read")}
    assert again["meta"]["rows_read"] == 0
    room.journeys.write({"p": [("once", "2026-11-18 00:00")]})
    assert await total(room, listens("once")) == (2, False)


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "funnel", "steps": [{"event": "kinds"}]},
        {"kind": "retention", "start": {"event": "kinds"}},
        {"kind": "trend", "series": [{"event": "kinds"}]},
        {"kind": "lifecycle"},
        {"kind": "stickiness"},
        {"kind": "paths"},
        {"kind": "attribution", "conversion": {"event": "kinds"}, "touch": {"event": "kinds"}},
        {"kind": "sql", "sql": "select count() from events"},
    ],
)
async def test_every_kind_repeats_its_question_and_says_how_it_counted_and_what_it_cost(
    room: Room, question: dict[str, Any]
) -> None:
    answer = (await room.client.post("/api/v1/query", json=question)).json()
    assert answer["question"]["kind"] == question["kind"]
    assert answer["question"]["by"] == "person"
    if question["kind"] != "sql":
        assert (answer["question"]["timezone"], answer["question"]["from"][:4]) == ("Asia/Seoul", "2026")
    meta = answer["meta"]
    assert meta["definitions"]
    assert all(isinstance(said, str) for said in meta["definitions"] + meta["warnings"])
    assert meta["elapsed_ms"] > 0
    assert isinstance(meta["rows_read"], int)


async def test_an_event_that_another_process_wrote_counts_too(room: Room) -> None:
    other = Metrics(room.state, room.log, room.clock, room.cast.governance)
    room.journeys.write({"p": [("two", "2026-11-17 00:00")]})
    assert await total(room, listens("two")) == (1, False)
    assert (await other.ask(room.cast.mina, listens("two")))["meta"]["cached"] is False
    room.journeys.write({"p": [("two", "2026-11-17 00:00")]})
    assert await total(room, listens("two")) == (2, False)
    assert (await other.ask(room.cast.mina, listens("two")))["series"][0]["total"] == 2


async def test_a_range_up_to_today_moves_with_the_day_and_completeness_with_the_hour(room: Room) -> None:
    room.journeys.write({"p": [("moving", "2026-11-23 02:30")]})
    today = {"from": "2026-11-23", "to": "2026-11-23"}
    hourly = {"kind": "retention", "start": {"event": "moving"}, "interval": "hour", "intervals": 2, **today}
    lately = {"kind": "trend", "series": [{"event": "moving"}]}

    async def ask(question: dict[str, Any]) -> dict[str, Any]:
        return await room.metrics.ask(room.cast.mina, question)

    at_noon, range_at_noon = await ask(hourly), (await ask(lately))["question"]["to"]
    assert [one["complete"][0] for one in at_noon["cohorts"]].count(True) == 12
    assert (await ask(hourly))["meta"]["cached"]
    room.clock.advance(timedelta(hours=1))
    try:
        later = await ask(hourly)
        assert not later["meta"]["cached"]
        assert [one["complete"][0] for one in later["cohorts"]].count(True) == 13
        assert (await ask(lately))["question"]["to"] == range_at_noon
        room.clock.advance(timedelta(days=1))
        assert (await ask(lately))["question"]["to"] > range_at_noon
    finally:
        room.clock.advance(-timedelta(days=1, hours=1))


async def test_nothing_is_served_across_workspaces_and_sql_never(room: Room) -> None:
    room.journeys.write({"p": [("ours", "2026-11-17 00:00")]})
    await total(room, listens("ours"))
    theirs = await room.metrics.ask(room.cast.rina, listens("ours"))
    assert (theirs["series"][0]["total"], theirs["meta"]["cached"]) == (0, False)
    # Where both logs hold as much, nothing but whose question it is tells the answers apart.
    rivals = Journeys(room.log, room.cast.rina.tenant)
    rivals.write({"q": [("alike", "2026-11-17 00:00"), ("alike", "2026-11-17 01:00")]})
    room.journeys.write({"p": [("alike", "2026-11-17 00:00"), ("alike", "2026-11-17 01:00")]})
    await total(room, listens("alike"))
    assert not (await room.metrics.ask(room.cast.rina, listens("alike")))["meta"]["cached"]
    moment = {"kind": "sql", "sql": "select now64(6)"}
    one, two = [await room.metrics.ask(room.cast.mina, moment) for _ in range(2)]
    assert one["rows"] != two["rows"]


async def test_memory_is_bounded_and_what_was_asked_longest_ago_goes_first(room: Room) -> None:
    room.journeys.write({"p": [("small", "2026-11-17 00:00")]})
    metrics = Metrics(room.state, room.log, room.clock, room.cast.governance)
    answers = metrics._answers

    async def cached(day: int) -> bool:
        answer = await metrics.ask(room.cast.mina, listens("small", to=f"2026-11-{day}"))
        return bool(answer["meta"]["cached"])

    await cached(28)
    answers._memory = int(answers._bytes * 8.5)
    assert not any([await cached(day) for day in range(17, 28)])
    assert 0 < answers._bytes <= answers._memory
    assert await cached(27)
    assert not await cached(28)
    answers._memory = answers._bytes // 3  # one answer would be too large a part of it
    assert not await cached(29)
    assert not await cached(29)


async def test_the_same_question_of_several_people_runs_once_and_each_may_leave(room: Room) -> None:
    room.journeys.write({"p": [("shared", "2026-11-17 00:00")]})
    answers, mina, joon = room.metrics._answers, room.cast.mina, room.cast.joon
    async with answers.turn(room.metrics._inquiries.unnamed(mina)), answers.turn(room.metrics._inquiries.unnamed(mina)):
        before = len(room.log.marks)
        first = asyncio.create_task(room.metrics.ask(mina, listens("shared"), "s-1"))
        await until(lambda: bool(answers._flights))
        second = asyncio.create_task(room.metrics.ask(joon, listens("shared"), "s-1j"))
        third = asyncio.create_task(room.metrics.ask(joon, listens("shared")))
        await until(lambda: next(iter(answers._flights.values())).waiting == 3)
        assert (await room.metrics.progress(joon, "s-1j"))["state"] == "waiting"
        await room.metrics.cancel(mina, "s-1")
        third.cancel()
        with pytest.raises(Cancelled):
            await first
    assert (await second)["series"][0]["total"] == 1
    assert len(set(room.log.marks[before:])) == 1
    assert not answers._flights
    assert answers._turns.running.total() == 0


async def test_when_the_last_one_leaves_nothing_is_computed(room: Room) -> None:
    answers, mina = room.metrics._answers, room.cast.mina
    inquiries = room.metrics._inquiries
    async with answers.turn(inquiries.unnamed(mina)), answers.turn(inquiries.unnamed(mina)):
        only = asyncio.create_task(room.metrics.ask(mina, listens("nobody's")))
        await until(lambda: bool(answers._flights))
        only.cancel()
        with pytest.raises(asyncio.CancelledError):
            await only
        assert not answers._flights
    assert answers._turns.running.total() == 0


async def test_cancelling_ends_the_query_inside_clickhouse_and_only_its_asker_may(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    headers = {"x-query-id": "q-1"}
    asked = asyncio.create_task(room.client.post("/api/v1/query", json=SQL, headers=headers))
    await runs(asked, room.metrics, mina, "q-1")
    far = (await room.client.get("/api/v1/query/progress/q-1")).json()
    assert far["state"] == "running"
    assert far["elapsed_ms"] > 0
    assert far["rows_total"] >= far["rows_read"] > 0
    for other in (joon, room.cast.rina):
        with pytest.raises(NotFound):
            await room.metrics.cancel(other, "q-1")
        with pytest.raises(NotFound):
            await room.metrics.progress(other, "q-1")
    with pytest.raises(Conflict):
        await room.metrics.ask(joon, SQL, "q-1")
    assert (await room.client.delete("/api/v1/query/q-1")).status_code == 204
    assert await nothing_runs(room, mina, "q-1")
    answer = await asked
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "cancelled")
    assert (await room.client.delete("/api/v1/query/q-1")).status_code == 404


async def test_another_process_of_the_same_log_cancels_it_too(room: Room) -> None:
    other = Metrics(room.state, room.log, room.clock, room.cast.governance)
    asked = asyncio.create_task(room.metrics.ask(room.cast.mina, SQL, "q-2"))
    await runs(asked, other, room.cast.mina, "q-2")
    await other.cancel(room.cast.mina, "q-2")
    with pytest.raises(Cancelled):
        await asked
    assert await nothing_runs(room, room.cast.mina, "q-2")


async def test_a_client_that_goes_away_ends_its_question(room: Room) -> None:
    gone, body = asyncio.Event(), json.dumps(SQL).encode()
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    headers = [(b"authorization", f"Bearer {room.cast.token}".encode()), (b"content-type", b"application/json"),
               (b"x-query-id", b"q-3")]  # fmt: skip
    scope = {"type": "http", "method": "POST", "path": "/api/v1/query", "raw_path": b"/api/v1/query",
             "query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http", "root_path": "",
             "server": ("dure", 80), "client": ("x", 1), "state": {}}  # fmt: skip
    served = asyncio.create_task(room.app(scope, receive, send))
    await runs(served, room.metrics, room.cast.mina, "q-3")
    gone.set()
    await served
    assert await nothing_runs(room, room.cast.mina, "q-3")


async def test_bounds_are_settings_and_name_themselves(room: Room) -> None:
    room.journeys.write({"p": [("bounded", "2026-11-17 00:00", {"v": n}) for n in range(50)]})
    question = listens("bounded", breakdown={"prop": "v"})
    for bounds, limit in ((Bounds(rows=1), "rows"), (Bounds(result_rows=10), "result_rows")):
        metrics = Metrics(room.state, room.log, room.clock, room.cast.governance, bounds=bounds)
        with pytest.raises(TooLarge, match="shorter range") as error:
            await metrics.ask(room.cast.mina, question)
        assert error.value.data["limit"] == limit


async def test_a_query_id_is_a_plain_name(room: Room) -> None:
    with pytest.raises(Invalid) as error:
        await room.metrics.ask(room.cast.mina, listens("once"), "a/b")
    assert error.value.field == "X-Query-Id"
