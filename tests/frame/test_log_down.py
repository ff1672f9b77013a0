"""ClickHouse is away: events are taken all the same, everybody is told, and nothing is missing when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dure.kernel.clock import StillClock
from dure.kernel.errors import Unavailable
from dure.log.api import Log
from dure.main import House, compose
from dure.settings import Settings
from dure.state import State
from tests.ingest.conftest import track
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio


@dataclass
class Shop:
    """A house without its loops but for the door's, a client, and a log that can be sent away."""

    house: House
    cast: Cast
    key: str
    http: httpx.AsyncClient
    log: Log
    home: str

    async def send(self, *messages: str) -> int:
        answer = await self.http.post("/v1/batch", json={"batch": [track(messageId=m) for m in messages]},
                                      auth=(self.key, ""))  # fmt: skip
        return answer.status_code

    def send_log_away(self) -> None:
        """The URL points nowhere from now on, and no connection is left from before."""
        self.log.close()
        self.log._closed, self.log._made = False, 0
        self.log.dsn = "clickhouse://127.0.0.1:9"

    def bring_log_back(self) -> None:
        self.log._made, self.log.dsn = 0, self.home

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path, headers={"authorization": f"Bearer {self.cast.token}"})
        assert answer.status_code == 200, answer.text
        return answer.json() if "json" in answer.headers["content-type"] else answer.text

    async def pass_minutes(self, minutes: int) -> None:
        """What lies in the feed lay there that much longer."""
        async with self.house.state.begin_system() as tx:
            await tx.run("update feed.batch set written_at = written_at - %s * interval '1 minute'", (minutes,))

    async def messages(self) -> list[str]:
        rows = await self.log.query(
            self.cast.tenant, "select message_id from events where workspace = {workspace:String} and source = 'web'"
            " order by 1",
        )  # fmt: skip
        return [message for (message,) in rows.rows]


@pytest.fixture
async def shop(state: State, log: Log, tmp_path: Path) -> AsyncIterator[Shop]:
    cast = await found_sori(state)
    house = compose(Settings(data=tmp_path), StillClock(MONDAY_NOON), state, log)
    running = asyncio.create_task(house.ingest.run())
    source = await house.ingest.create_source(cast.mina, "web")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://shop") as http:
        yield Shop(house, cast, source.write_key, http, log, log.dsn)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_events_are_taken_while_the_log_is_away_and_are_in_it_once_when_it_is_back(shop: Shop) -> None:
    assert await shop.send("m-1", "m-2") == 200
    await shop.house.settle_log()
    fine = await shop.get("/api/v1/status")
    assert (fine["ok"], fine["accepting"], fine["answers_behind_seconds"]) == (True, True, 0)

    shop.send_log_away()
    assert await shop.send("m-3") == 200
    with pytest.raises(Exception, match=r"[Cc]onnect"):
        await shop.house.log_writer.step()
    await shop.pass_minutes(5)
    assert await shop.send("m-4", "m-1") == 200, "still taken"

    ready = await shop.get("/readyz")
    assert (ready["ok"], ready["parts"]["state"]["ok"], ready["parts"]["log"]["ok"]) == (True, True, False)
    assert "log is 30" in ready["parts"]["followers"]["detail"]
    status = await shop.get("/api/v1/status")
    assert (status["ok"], status["accepting"]) == (False, True)
    assert status["answers_behind_seconds"] >= 300
    assert [one["late"] for one in status["followers"] if one["name"] == "log"] == [True]
    assert status["feed"]["bytes"] > 0
    figures = await shop.get("/metrics")
    assert 'dure_up{part="log"} 0.0' in figures
    assert 'dure_up{part="state"} 1.0' in figures
    assert 'dure_feed_behind_batches{follower="log"} 2.0' in figures
    with pytest.raises(Unavailable):
        await shop.messages()

    shop.bring_log_back()
    await shop.house.settle_log()
    assert await shop.messages() == ["m-1", "m-2", "m-3", "m-4"]
    assert (await shop.get("/api/v1/status"))["ok"]


async def test_figures_tell_what_came_and_how_large_the_feed_is(shop: Shop) -> None:
    await shop.send("m-1")
    await shop.http.post("/v1/batch", json={"batch": [track(user="null")]}, auth=(shop.key, ""))
    figures = await shop.get("/metrics")
    assert 'dure_ingest_events_total{outcome="taken",reason=""} 1.0' in figures
    assert 'dure_ingest_events_total{outcome="refused",reason="junk_id"} 1.0' in figures
    assert 'dure_ingest_request_seconds_bucket{le="+Inf"} 2.0' in figures
    for name in ("dure_feed_batches", "dure_feed_events", "dure_feed_bytes", "dure_disk_free_bytes"):
        [value] = [line.split()[1] for line in figures.splitlines() if line.startswith(name + " ")]
        assert float(value) > 0, name


async def test_a_guest_is_not_told_the_status(shop: Shop) -> None:
    assert (await shop.http.get("/api/v1/status")).status_code == 401
    token = await shop.cast.governance.create_token(shop.cast.mina, "user", "gil@partner.example", ["*"])
    answer = await shop.http.get("/api/v1/status", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403
