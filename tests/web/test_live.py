"""The hub of live changes: order, resuming, rights, slow readers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.websockets import WebSocket

from dure.web.live import MOST_ASKED, Hub

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Tab:
    """The browser's end of one socket, without a network."""

    def __init__(self) -> None:
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.stuck: asyncio.Event | None = None
        self.code: int | None = None
        self.closed = asyncio.Event()
        self.outbox.put_nowait({"type": "websocket.connect"})

    def socket(self) -> WebSocket:
        return WebSocket({"type": "websocket", "headers": [], "path": "/"}, self.outbox.get, self._send)

    async def _send(self, message: Any) -> None:
        if message["type"] == "websocket.send":
            if self.stuck is not None:
                await self.stuck.wait()
            await self.inbox.put(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.code = message["code"]
            self.closed.set()

    def say(self, **message: object) -> None:
        self.outbox.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    async def hears(self, n: int = 1) -> list[dict[str, Any]]:
        return [await asyncio.wait_for(self.inbox.get(), 10) for _ in range(n)]

    async def joins(self, *topics: str, after: int | None = None) -> list[dict[str, Any]]:
        """Subscribes; everything that came up to the greeting."""
        self.say(sub=list(topics), **({} if after is None else {"after": after}))
        heard = await self.hears()
        while not heard[-1].get("hello"):
            heard += await self.hears()
        return heard


@asynccontextmanager
async def opened(
    hub: Hub, *, workspace: str = "T0", principal: str = "U0MINA", may: Callable[[str], bool] = lambda _: True
) -> AsyncIterator[Tab]:
    tab = Tab()

    async def allowed(topic: str) -> bool:
        return may(topic)

    task = asyncio.create_task(hub.serve(tab.socket(), workspace, allowed, principal=principal))
    try:
        yield tab
    finally:
        tab.outbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(task, 10)


@pytest.fixture
def hub() -> Hub:
    hub = Hub(kept=5, queue=20)
    hub.begin(100)
    return hub


async def test_a_tab_hears_its_topics_in_order(hub: Hub) -> None:
    async with opened(hub) as tab:
        assert await tab.joins("deals") == [{"id": 100, "hello": True}]
        hub.publish(101, "T0", ["pacing"], {"n": 1})
        hub.publish(102, "T0", ["deals"], b'{"n":2}')
        hub.publish(105, "T0", ["deals", "mentions"], {"n": 3})
        assert await tab.hears(2) == [
            {"id": 102, "topic": "deals", "e": {"n": 2}},
            {"id": 105, "topic": "deals", "e": {"n": 3}},
        ]


async def test_an_event_of_two_of_its_topics_comes_once(hub: Hub) -> None:
    async with opened(hub) as tab:
        await tab.joins("deals", "mentions")
        hub.publish(101, "T0", ["mentions", "deals"], {})
        assert await tab.hears() == [{"id": 101, "topic": "mentions", "topics": ["mentions", "deals"], "e": {}}]


async def test_another_workspace_hears_nothing(hub: Hub) -> None:
    async with opened(hub, workspace="T0RIVAL") as tab:
        await tab.joins("deals")
        hub.publish(101, "T0", ["deals"], {"secret": 1})
        hub.publish(102, "T0RIVAL", ["deals"], {"own": 1})
        assert await tab.hears() == [{"id": 102, "topic": "deals", "e": {"own": 1}}]
        assert [m["id"] for m in await tab.joins("deals", after=100)] == [102]


async def test_a_whisper_is_heard_now_or_never(hub: Hub) -> None:
    async with opened(hub) as tab:
        await tab.joins("channel:C1")
        hub.whisper("T0", ["channel:C1", "channel:C2"], {"typing": "U0JOON"})
        hub.whisper("T0RIVAL", ["channel:C1"], {"typing": "U0RINA"})
        hub.publish(101, "T0", ["channel:C1"], {"n": 1})
        assert await tab.hears(2) == [
            {"topic": "channel:C1", "whisper": {"typing": "U0JOON"}},
            {"id": 101, "topic": "channel:C1", "e": {"n": 1}},
        ]
        assert await tab.joins("channel:C1", "channel:C2", after=100) == [{"id": 101, "hello": True}]


async def test_after_a_break_it_gets_what_it_missed(hub: Hub) -> None:
    for n in (101, 102, 103):
        hub.publish(n, "T0", ["deals"], {"n": n})
    async with opened(hub) as tab:
        assert [m["id"] for m in await tab.joins("deals", after=101)] == [102, 103, 103]


async def test_what_is_too_old_asks_to_load_anew(hub: Hub) -> None:
    for n in range(101, 110):
        hub.publish(n, "T0", ["deals"], {})
    async with opened(hub) as tab:
        assert await tab.joins("deals", after=102) == [{"reset": True, "id": 109}, {"id": 109, "hello": True}]
        assert [m["id"] for m in await tab.joins("mentions", after=104)] == [109]


@pytest.mark.parametrize("after", [99, 500])
async def test_an_id_from_before_or_beyond_this_process_asks_to_load_anew(hub: Hub, after: int) -> None:
    async with opened(hub) as tab:
        assert (await tab.joins("deals", after=after))[0] == {"reset": True, "id": 100}


async def test_a_topic_added_later_brings_what_it_had_and_nothing_twice(hub: Hub) -> None:
    async with opened(hub) as tab:
        await tab.joins("deals")
        hub.publish(101, "T0", ["deals"], {})
        hub.publish(102, "T0", ["mentions"], {})
        hub.publish(103, "T0", ["deals", "mentions"], {})
        assert [m["id"] for m in await tab.hears(2)] == [101, 103]
        again = await tab.joins("deals", "mentions", after=100)
        assert [(m["id"], m.get("topic")) for m in again] == [(102, "mentions"), (103, "mentions"), (103, None)]


async def test_what_it_may_not_hear_is_denied(hub: Hub) -> None:
    async with opened(hub, may=lambda topic: topic != "channel:C0SECRET") as tab:
        assert await tab.joins("deals", "channel:C0SECRET") == [
            {"denied": ["channel:C0SECRET"]},
            {"id": 100, "hello": True},
        ]
        hub.publish(101, "T0", ["channel:C0SECRET"], {})
        hub.publish(102, "T0", ["deals"], {})
        assert [m["id"] for m in await tab.hears()] == [102]


async def test_a_right_that_is_lost_ends_the_topic(hub: Hub) -> None:
    rights = {"deals", "channel:C1"}
    async with opened(hub, may=rights.__contains__) as tab:
        await tab.joins("deals", "channel:C1")
        rights.remove("channel:C1")
        await hub.recheck("U0MINA")
        hub.publish(101, "T0", ["channel:C1"], {})
        hub.publish(102, "T0", ["deals"], {})
        assert await tab.hears(2) == [{"denied": ["channel:C1"]}, {"id": 102, "topic": "deals", "e": {}}]


async def test_a_topic_that_is_closed_to_some_is_taken_from_them(hub: Hub) -> None:
    rights = {"deals", "channel:C1"}
    async with opened(hub, may=rights.__contains__) as tab:
        await tab.joins("deals", "channel:C1")
        await hub.recheck_topic("T0", "channel:C1")  # still theirs
        rights.remove("channel:C1")
        await hub.recheck_topic("T1", "channel:C1")  # another workspace's
        hub.publish(101, "T0", ["channel:C1"], {})
        await hub.recheck_topic("T0", "channel:C1")
        hub.publish(102, "T0", ["channel:C1"], {})
        hub.publish(103, "T0", ["deals"], {})
        assert await tab.hears(3) == [
            {"id": 101, "topic": "channel:C1", "e": {}}, {"denied": ["channel:C1"]},
            {"id": 103, "topic": "deals", "e": {}},
        ]  # fmt: skip


async def test_a_repeated_event_is_passed_over(hub: Hub) -> None:
    async with opened(hub) as tab:
        await tab.joins("deals")
        for n in (101, 101, 100, 102):
            hub.publish(n, "T0", ["deals"], {})
        assert [m["id"] for m in await tab.hears(2)] == [101, 102]


async def test_somebody_who_signed_out_is_closed(hub: Hub) -> None:
    async with opened(hub) as tab, opened(hub, principal="U0JOON") as other:
        await tab.joins("deals")
        await other.joins("deals")
        hub.drop("U0MINA")
        await asyncio.wait_for(tab.closed.wait(), 10)
        assert (tab.code, other.code, hub.connections) == (4401, None, 1)


async def test_who_asks_without_end_is_sent_away_and_others_are_not(hub: Hub) -> None:
    async with opened(hub) as loud, opened(hub) as quiet:
        for _ in range(MOST_ASKED + 1):
            loud.say(sub=["deals"])
        await asyncio.wait_for(loud.closed.wait(), 10)
        assert loud.code == 1008
        assert (await quiet.joins("deals"))[-1]["hello"]


async def test_a_slow_reader_is_closed_and_others_are_not_held_up(hub: Hub) -> None:
    async with opened(hub) as slow, opened(hub) as quick:
        await slow.joins("deals")
        await quick.joins("deals")
        slow.stuck = asyncio.Event()
        for n in range(101, 140):
            hub.publish(n, "T0", ["deals"], {})
            assert (await quick.hears())[0]["id"] == n
        await asyncio.wait_for(slow.closed.wait(), 10)
        assert (slow.code, quick.code) == (1013, None)


@pytest.mark.parametrize("text", ["not json", '{"sub": 3}', '{"sub": ["x"], "after": "y"}'])
async def test_what_is_not_understood_closes_the_socket(hub: Hub, text: str) -> None:
    async with opened(hub) as tab:
        tab.outbox.put_nowait({"type": "websocket.receive", "text": text})
        await asyncio.wait_for(tab.closed.wait(), 10)
        assert (tab.code, hub.connections) == (1008, 0)


async def test_a_ping_moves_on_where_to_resume() -> None:
    hub = Hub(ping_seconds=0.001)
    hub.begin(7)
    async with opened(hub) as tab:
        assert await tab.hears() == [{"ping": True, "id": 7}]


async def test_without_a_beginning_only_what_is_surely_whole_is_resumed() -> None:
    hub = Hub()
    hub.publish(50, "T0", ["deals"], {})
    async with opened(hub) as tab:
        assert [m["id"] for m in await tab.joins("deals", after=49)] == [50, 50]
    async with opened(hub) as tab:
        assert (await tab.joins("deals", after=48))[0] == {"reset": True, "id": 50}
