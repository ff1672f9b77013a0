"""A history: which files it has, and what is in them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from dure.commands.taking_out import rows_of, take_out
from dure.exports.api import Exports, Format, History, Part
from dure.exports.history import parts as parts_of
from dure.feed.api import Event, lines_of
from dure.kernel.clock import StillClock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.ids import person_id
from dure.log.api import Log
from dure.state import State
from tests.conftest import RIVAL
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio


def played(cast: Cast, number: int, at: datetime, **more: Any) -> Event:
    tenant = cast.tenant
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=more.pop("event", "Played"), time=at, received_at=MONDAY_NOON,
        message_id=f"m-{number}", source=more.pop("source", "web"), person=person_id(tenant.workspace, "u"),
        distinct_id="u", properties={"n": number, "price": number / 4, "title": 'q"uote, \n두레'} | more,
    )  # fmt: skip


@pytest.fixture
async def cast(state: State) -> Cast:
    return await found_sori(state)


@pytest.fixture
def exports(state: State, log: Log, cast: Cast) -> Exports:
    return Exports(state, log, StillClock(MONDAY_NOON), {}, b"k")


async def keep(log: Log, events: Sequence[Event]) -> None:
    await log.insert("t", lines_of(events))


async def test_days_are_files_in_the_zone_asked_for(log: Log, cast: Cast) -> None:
    late = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)  # half past midnight of the 2nd in Seoul
    await keep(log, [played(cast, 1, late - timedelta(hours=2)), played(cast, 2, late)])
    [utc] = await parts_of(log, cast.tenant, History())
    assert (utc.day, utc.rows) == ("2026-03-01", 2)
    seoul = await parts_of(log, cast.tenant, History(timezone="Asia/Seoul"))
    assert [(part.day, part.rows) for part in seoul] == [("2026-03-01", 1), ("2026-03-02", 1)]
    only = History(timezone="Asia/Seoul", begin=date(2026, 3, 2), end=date(2026, 3, 2))
    assert [part.rows for part in await parts_of(log, cast.tenant, only)] == [1]


async def test_many_events_are_cut_into_files_that_hold_each_once(log: Log, cast: Cast, exports: Exports) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    events = [played(cast, n, noon) for n in range(2500)]  # all at one moment, as an import without times is
    events += [played(cast, 5000 + n, noon + timedelta(hours=1, seconds=n)) for n in range(700)]
    events += [played(cast, 7000 + n, noon + timedelta(hours=2, seconds=n)) for n in range(700)]
    await keep(log, events)
    parts = await parts_of(log, cast.tenant, History(), 1000)
    assert [part.path(Format.PARQUET) for part in parts] == [f"day=2026-03-01/part-{n:05}.parquet" for n in range(5)]
    found: list[str] = []
    for part in parts:
        rows = parquet.read_table(io.BytesIO(await exports.part(cast.mina, History(), part))).to_pylist()
        assert 0 < len(rows) <= 1100
        assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
        found += [row["message_id"] for row in rows]
    assert sorted(found) == sorted(event.message_id for event in events)


@pytest.mark.parametrize("kind", list(Format))
async def test_a_file_keeps_values_their_types_and_chosen_properties(
    log: Log, cast: Cast, exports: Exports, kind: Format
) -> None:
    await keep(log, [played(cast, 1, MONDAY_NOON), played(cast, 3, MONDAY_NOON, price="none")])
    asked = History(kind, columns={"price": "number", "title": "text", "n": "integer"})
    [part] = await parts_of(log, cast.tenant, asked)
    content = await exports.part(cast.mina, asked, part)
    assert rows_of(content, kind.value) == 2
    if kind is Format.CSV:
        assert '"2026-11-23T03:00:00.000000Z"' in content.decode()
        return
    if kind is Format.NDJSON:
        one, two = [json.loads(line) for line in content.splitlines()]
        assert one["properties"] == {"n": 1, "price": 0.25, "title": 'q"uote, \n두레'}
    else:
        one, two = parquet.read_table(io.BytesIO(content)).to_pylist()
        assert (one["time"], json.loads(one["properties"])["title"]) == (MONDAY_NOON, 'q"uote, \n두레')
    assert (one["price"], one["title"], one["n"]) == (0.25, 'q"uote, \n두레', 1)
    assert (two["price"], two["n"]) == (None, 3)


async def test_only_what_is_asked_for_and_only_ones_own(log: Log, cast: Cast, exports: Exports) -> None:
    await keep(log, [
        played(cast, 1, MONDAY_NOON), played(cast, 2, MONDAY_NOON, event="It's {x:String}"),
        played(cast, 3, MONDAY_NOON, source="app"),
    ])  # fmt: skip

    async def ids(**asked: Any) -> list[str]:
        history = History(Format.NDJSON, **asked)
        parts = await parts_of(log, cast.tenant, history)
        content = b"".join([await exports.part(cast.mina, history, part) for part in parts])
        return [json.loads(line)["message_id"] for line in content.splitlines()]

    assert await ids() == ["m-1", "m-2", "m-3"]
    assert await ids(events=("It's {x:String}",)) == ["m-2"]
    assert await ids(events=("Played",), sources=("app",)) == ["m-3"]
    assert await parts_of(log, RIVAL, History()) == []
    [part] = await parts_of(log, cast.tenant, History())
    rivals = await exports.part(cast.rina, History(Format.NDJSON), part)
    assert rivals == b""
    with pytest.raises(NotAllowed):
        await exports.part(cast.joon, History(), part)
    with pytest.raises(NotAllowed):
        await exports.plan(cast.joon, History())


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (History(timezone="Asia/Soul"), "timezone"),
        (History(begin=date(2026, 1, 2), end=date(2026, 1, 1)), "to"),
        (History(columns={"time": "text"}), "columns"),
        (History(columns={"a`b": "text"}), "columns"),
        (History(columns={"a": "decimal"}), "columns"),
    ],
)
async def test_what_cannot_be_asked_is_said_by_field(cast: Cast, exports: Exports, asked: History, field: str) -> None:
    with pytest.raises(Invalid) as error:
        await exports.part(cast.mina, asked, Part("", 0, 0, 3600, 0, 1, 0))
    assert error.value.field == field


async def test_taking_out_goes_on_where_it_was_stopped_and_follows_what_came_later(tmp_path: Path) -> None:
    asked = {"format": "ndjson"}
    parts = [{"day": f"2026-03-0{day}", "number": 0, "rows": 2} for day in (1, 2, 3)]
    fetched: list[str] = []

    async def plan(_: Any) -> dict[str, Any]:
        return {"parts": parts}

    async def fetch(body: dict[str, Any]) -> bytes:
        if body["part"]["day"] == broken:
            raise ConnectionError
        fetched.append(body["part"]["day"])
        return b"{}\n" * body["part"]["rows"]

    broken = "2026-03-02"
    with pytest.raises(ConnectionError):
        await take_out(tmp_path / "lake", asked, plan, fetch)
    broken = ""
    done = await take_out(tmp_path / "lake", asked, plan, fetch)
    assert (done.files, done.rows, done.known) == (3, 6, 1)
    parts = [parts[0], {**parts[1], "rows": 5}]  # one day grew, one is gone: a person was erased
    done = await take_out(tmp_path / "lake", asked, plan, fetch)
    assert (done.files, done.rows, done.known) == (2, 7, 1)
    assert fetched == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-02"]
    assert not list((tmp_path / "lake").rglob("day=2026-03-03/*"))
