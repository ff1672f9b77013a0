"""Live changes for open screens: one socket a tab, topics, events in the order of their ids, resumed after a break.

The socket speaks JSON. The browser says `{"sub": [topic, …], "after": id}` (all its topics, each time they change);
it gets `{"id", "topic", "e"}` for each event (and `"topics"` when more than one of its topics is meant), then
`{"id": N, "hello": true}` once everything after `after` has been sent, `{"denied": [topic]}` for what it may not see,
`{"reset": true, "id": N}` when `after` is older than what is kept here and it must load anew, and now and then
`{"ping": true, "id": N}`, which moves on where it would resume. `{"topic", "whisper": {…}}` is said to whoever listens
at the moment and is kept nowhere.

Close codes: 1012 connect again, 1013 too slow, 1008 not understood or asked too often, 4401 no longer signed in.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

May = Callable[[str], Awaitable[bool]]

MAX_TOPICS = 300
# A screen says what it listens to when it opens and when it is left. Each time every topic is asked about anew, so that
# who says it without end is sent away.
MOST_ASKED = 600
ASKED_WITHIN = 10.0  # seconds
COME_AGAIN = 1012


class _Subscribe(msgspec.Struct):
    sub: list[str]
    after: int | None = None


@dataclass(frozen=True, slots=True)
class _Event:
    id: int
    workspace: str
    topics: tuple[str, ...]
    body: str


@dataclass(eq=False, slots=True)
class _Tab:
    """One socket: what it hears, what waits to be written to it, and why it must close."""

    workspace: str
    principal: str
    may: May
    topics: set[str] = field(default_factory=set)
    waiting: deque[str] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    close: int | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, text: str) -> None:
        self.waiting.append(text)
        self.wake.set()

    def end(self, code: int) -> None:
        self.close = self.close or code
        self.ended.set()


class Hub:
    """The events of one process for its tabs. All methods belong to the event loop's thread."""

    def __init__(self, *, kept: int = 10_000, queue: int = 1_000, ping_seconds: float = 25) -> None:
        self.kept = kept
        self.queue = queue
        self.ping_seconds = ping_seconds
        self.last_id = 0
        self._floor: int | None = None  # everything after this id is in the ring
        self._ring: deque[_Event] = deque()
        self._heard: dict[tuple[str, str], set[_Tab]] = defaultdict(set)
        self._tabs: set[_Tab] = set()

    @property
    def connections(self) -> int:
        return len(self._tabs)

    def begin(self, after: int) -> None:
        """Says where the caller starts to publish: all events after this id will come through here."""
        if self._floor is None:
            self._floor = self.last_id = after

    def publish(self, id: int, workspace: str, topics: Sequence[str], payload: bytes | Mapping[str, object]) -> None:
        """Sends an event to the tabs of a workspace that listen to any of its topics.

        Ids rise; one that was seen is passed over, so a follower may repeat itself. `payload` is JSON, or is made it.
        """
        if self._floor is None:
            self._floor = id - 1
        if id <= self.last_id:
            return
        self.last_id = id
        body = payload.decode() if isinstance(payload, bytes) else msgspec.json.encode(payload).decode()
        event = _Event(id, workspace, tuple(topics), body)
        self._ring.append(event)
        if len(self._ring) > self.kept:
            self._floor = self._ring.popleft().id
        listeners = {tab for topic in event.topics for tab in self._heard.get((workspace, topic), ())}
        for tab in listeners:
            if len(tab.waiting) >= self.queue:
                tab.end(1013)
            else:
                tab.say(_text(event, tab.topics))

    def whisper(self, workspace: str, topics: Sequence[str], payload: Mapping[str, object]) -> None:
        """Sends what is not kept: it has no id, and a tab that was away does not hear it later."""
        tabs = {tab for topic in topics for tab in self._heard.get((workspace, topic), ())}
        if not tabs:
            return
        body = msgspec.json.encode(payload).decode()
        for tab in tabs:
            topic = next(topic for topic in topics if topic in tab.topics)
            if len(tab.waiting) < self.queue:
                tab.say(f'{{"topic":{msgspec.json.encode(topic).decode()},"whisper":{body}}}')

    def drop(self, principal: str, code: int = 4401) -> None:
        """Closes every tab of somebody who is no longer signed in or whose rights are gone (code 4401), or who is to
        come back with other rights."""
        for tab in self._tabs:
            if tab.principal == principal:
                tab.end(code)

    async def recheck(self, principal: str) -> None:
        """Asks again what somebody may hear, after they left a channel or changed role."""
        for tab in [tab for tab in self._tabs if tab.principal == principal]:
            lost = {topic for topic in tab.topics if not await tab.may(topic)}
            if lost:
                self._listen(tab, tab.topics - lost)
                tab.say(msgspec.json.encode({"denied": sorted(lost)}).decode())

    async def recheck_topic(self, workspace: str, topic: str) -> None:
        """Asks again who may hear a topic, after it was closed to some: a channel that was made private."""
        for tab in [tab for tab in self._tabs if tab.workspace == workspace and topic in tab.topics]:
            if not await tab.may(topic):
                self._listen(tab, tab.topics - {topic})
                tab.say(msgspec.json.encode({"denied": [topic]}).decode())

    async def serve(self, ws: WebSocket, workspace: str, may: May, *, principal: str = "") -> None:
        """Holds one socket until either side ends it. The caller has checked who it is and the Origin."""
        await ws.accept()
        tab = _Tab(workspace, principal, may)
        self._tabs.add(tab)
        tasks = [asyncio.ensure_future(job) for job in (self._read(ws, tab), self._write(ws, tab), tab.ended.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._tabs.discard(tab)
            self._listen(tab, set())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if tab.close is not None:
            # A reader that is stuck would also keep the close frame waiting.
            with contextlib.suppress(Exception):
                await asyncio.wait_for(ws.close(tab.close), 5)

    async def _read(self, ws: WebSocket, tab: _Tab) -> None:
        decoder, lately = msgspec.json.Decoder(_Subscribe), deque[float](maxlen=MOST_ASKED)
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                try:
                    asked = decoder.decode(await ws.receive_text())
                except (msgspec.DecodeError, UnicodeError, KeyError):
                    tab.end(1008)
                    return
                now = asyncio.get_running_loop().time()
                often = len(lately) == MOST_ASKED and now - lately[0] < ASKED_WITHIN
                lately.append(now)
                if often or len(asked.sub) > MAX_TOPICS:
                    tab.end(1008)
                    return
                await self._subscribe(tab, asked)

    async def _subscribe(self, tab: _Tab, asked: _Subscribe) -> None:
        wanted = set(asked.sub)
        denied = sorted([topic for topic in wanted - tab.topics if not await tab.may(topic)])
        # From here on nothing is awaited, so no event comes between what is replayed and what is heard live.
        topics = wanted - set(denied)
        fresh = topics - tab.topics
        if asked.after is not None:
            self._replay(tab, fresh, topics, asked.after)
        self._listen(tab, topics)
        if denied:
            tab.say(msgspec.json.encode({"denied": denied}).decode())
        tab.say(f'{{"id":{self._now(asked.after)},"hello":true}}')

    def _replay(self, tab: _Tab, fresh: set[str], topics: set[str], after: int) -> None:
        known = self._floor is not None and self._floor <= after <= self.last_id
        if not known and fresh:
            tab.say(f'{{"reset":true,"id":{self._now(after)}}}')
            return
        missed: list[str] = []
        for event in reversed(self._ring):
            if event.id <= after:
                break
            # What an old topic of this socket already brought is not brought again.
            if event.workspace == tab.workspace and fresh.intersection(event.topics):
                if not tab.topics.intersection(event.topics):
                    missed.append(_text(event, topics))
                else:
                    missed.append(_text(event, fresh))
        if len(missed) >= self.queue:
            tab.say(f'{{"reset":true,"id":{self._now(after)}}}')
            return
        for text in reversed(missed):
            tab.say(text)

    def _now(self, after: int | None) -> int:
        return self.last_id if self._floor is not None else after or 0

    def _listen(self, tab: _Tab, topics: set[str]) -> None:
        for topic in tab.topics - topics:
            listeners = self._heard.get((tab.workspace, topic))
            if listeners is not None:
                listeners.discard(tab)
                if not listeners:
                    del self._heard[tab.workspace, topic]
        for topic in topics - tab.topics:
            self._heard[tab.workspace, topic].add(tab)
        tab.topics = topics

    async def _write(self, ws: WebSocket, tab: _Tab) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            clock = asyncio.get_running_loop().time
            ping_at = clock() + self.ping_seconds
            while True:
                while tab.waiting:
                    await ws.send_text(tab.waiting.popleft())
                tab.wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(tab.wake.wait(), max(0, ping_at - clock()))
                if clock() >= ping_at:
                    # All that this tab hears up to `last_id` was queued before, so it may resume from there.
                    tab.say(f'{{"ping":true,"id":{self._now(None)}}}')
                    ping_at = clock() + self.ping_seconds


def _text(event: _Event, topics: set[str]) -> str:
    meant = [topic for topic in event.topics if topic in topics]
    head = msgspec.json.encode(meant[0]).decode()
    many = f',"topics":{msgspec.json.encode(meant).decode()}' if len(meant) > 1 else ""
    return f'{{"id":{event.id},"topic":{head}{many},"e":{event.body}}}'
