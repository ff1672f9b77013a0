"""Socket Mode: the sockets that are open in this process, and how what is due for their apps gets to them.

A row of the queue is sent by the process that marked it sent, to one of the app's sockets in turn. It is the app's
until it is acknowledged, or three seconds have passed, or its socket is gone: then it is due again.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import uuid4

import structlog
from starlette.websockets import WebSocket

from dure.channels.delivery import notices
from dure.channels.delivery.line import Line, Reason
from dure.channels.delivery.rules import SOCKETS
from dure.channels.store import deliveries
from dure.channels.store import sockets as store
from dure.kernel.clock import Clock
from dure.state import State, Tx

log = structlog.get_logger("dure.channels.delivery")

# How long a socket is meant to live; each is asked to come again some time around it, so that not all come at once.
_LIFE = 18_060
# How long a socket that was asked to leave may still acknowledge what it has.
_GRACE = 10.0
_DRAIN = 1.5
_A_CLAIM = 200


class Sockets:
    """The sockets of one process."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._process = str(uuid4())
        self._host = socket.gethostname()
        self._lines: dict[str, deque[Line]] = defaultdict(deque)
        self._rung: set[str] = set()
        self._ring = asyncio.Event()
        self._answers: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        self._answered = asyncio.Event()
        self._moved = asyncio.Event()  # something was answered, or a socket went
        self.draining = False

    @property
    def lines(self) -> list[Line]:
        return [line for own in self._lines.values() for line in own]

    @property
    def apps(self) -> list[str]:
        return [*self._lines]

    # -- one socket -------------------------------------------------------------------------------------------------

    async def serve(self, ws: WebSocket, ticket: bytes) -> None:
        """Holds a socket until either side ends it; one that comes without a good ticket is not even opened."""
        line = None if self.draining else await self._open(ws, ticket)
        if line is None:
            await ws.close(4401)
            return
        try:
            await ws.accept()
            self._lines[line.app].append(line)
            self.ring([line.app])
            await self._hold(line)
        finally:
            await asyncio.shield(self._close(line))
        with suppress(Exception):  # it is gone already, or does not read the last word either
            await asyncio.wait_for(ws.close(), 1)

    async def _open(self, ws: WebSocket, digest: bytes) -> Line | None:
        """A socket for a ticket, which greets its app; the oldest gives way where there are too many."""
        async with self._state.begin_system() as tx:
            ticket = await store.take_ticket(tx, digest, self._clock.now())
            if ticket is None:
                return None
            line = Line(str(uuid4()), ticket.app, ticket.token, ws, asyncio.get_running_loop().time() + _life())
            number, beyond = await store.open_socket(tx, line.id, line.app, self._process, SOCKETS)
            for oldest in beyond:
                await notices.tell(tx, close=oldest, reason="too_many_websockets")
        line.say(_hello(line, number, self._host))
        return line

    async def _hold(self, line: Line) -> None:
        jobs = [asyncio.ensure_future(job) for job in (self._read(line), line.write(), line.ended.wait())]
        try:
            await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        finally:
            line.ended.set()
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _read(self, line: Line) -> None:
        while (found := await line.read()) is not None:
            line.in_hand.pop(found[0], None)
            self._moved.set()
            self._answers[line.app].append(found)
            self._answered.set()
            if line.leaving and not line.in_hand:
                return

    async def _close(self, line: Line) -> None:
        """Whatever it had and did not acknowledge is due at once, for another."""
        line.ended.set()
        own = self._lines[line.app]
        if line in own:
            own.remove(line)
        if not own:
            del self._lines[line.app]
        self._moved.set()
        await self._note_answers()
        left = [(sent.id, sent.attempts) for sent, _ in line.in_hand.values()]
        async with self._state.begin_system() as tx:
            await store.close_socket(tx, line.id)
            await self.missed(tx, left, "connection_failed", at_once=True)

    async def missed(self, tx: Tx, tries: Sequence[tuple[int, int]], why: str, *, at_once: bool = False) -> None:
        """Notes tries that came to nothing, and wakes who sends them again or waited for their answer."""
        if not tries:
            return
        found = await deliveries.missed(tx, tries, why, self._clock.now(), at_once=at_once)
        await notices.due(tx, {(one.app, one.way) for one in found if one.state == "waiting"})
        given_up = [one.id for one in found if one.kind != "events_api"]
        if given_up:
            await notices.tell(tx, answered=given_up)

    # -- all of them ------------------------------------------------------------------------------------------------

    def ring(self, apps: Sequence[str]) -> None:
        """Something may be due for these apps."""
        here = [app for app in apps if app in self._lines]
        if here:
            self._rung.update(here)
            self._ring.set()

    def close(self, id: str, reason: Reason) -> None:
        for line in self.lines:
            if line.id == id:
                self._leave(line, reason)

    def revoke(self, token: str) -> None:
        """Ends the sockets that were opened on a token."""
        for line in self.lines:
            if line.token == token:
                self._leave(line, "link_disabled", grace=0.2)

    def _leave(self, line: Line, reason: Reason, grace: float = _GRACE) -> None:
        line.ask_to_leave(reason, self._host)
        asyncio.get_running_loop().call_later(grace, line.ended.set)

    async def drain(self) -> None:
        """Before the server stops: sends every app away, waits a moment for what it has in hand, closes.

        In random order and spread out, so that a thousand sockets do not all come to another server at once.
        """
        self.draining = True
        lines = self.lines
        random.shuffle(lines)
        for number, line in enumerate(lines):
            line.ask_to_leave("warning", self._host)
            if number % 50 == 49:
                await asyncio.sleep(0.05)
        await self._until(lambda: not any(line.in_hand for line in self.lines), _DRAIN)
        for line in self.lines:
            line.ended.set()
        await self._until(lambda: not self.lines, 2)

    async def _until(self, true: Callable[[], bool], seconds: float) -> None:
        """Waits for what answers and closing sockets make true, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not true():
                    self._moved.clear()
                    await self._moved.wait()

    async def give(self) -> None:
        """Sends what is due until cancelled, woken by `ring`."""
        while True:
            await self._ring.wait()
            self._ring.clear()
            apps, self._rung = self._rung, set()
            for app in apps:
                while await self._give(app) == _A_CLAIM:
                    continue

    async def _give(self, app: str) -> int:
        """What a person waits for goes out even where the sockets have all the events that they may have."""
        if self.draining or not any(line.open for line in self._lines.get(app, ())):
            return 0
        room = sum(line.room for line in self._lines[app])
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            claimed = await deliveries.claim(tx, app, "socket", now, min(room or _A_CLAIM, _A_CLAIM), events=room > 0)
        homeless = []
        for sent in claimed:
            line = self._next(app, pressing=sent.kind != "events_api")
            if line is None:
                homeless.append((sent.id, sent.attempts))
            else:
                line.give(sent, now)
        if homeless:  # the sockets went while the database was asked
            async with self._state.begin_system() as tx:
                await self.missed(tx, homeless, "connection_failed", at_once=True)
        return len(claimed)

    def _next(self, app: str, *, pressing: bool) -> Line | None:
        """The app's sockets in turn; those that are full are left out, unless it is `pressing`."""
        own = self._lines.get(app, deque())
        for _ in range(len(own)):
            own.rotate(-1)
            if own[-1].room > 0 or (pressing and own[-1].open):
                return own[-1]
        return None

    async def note_answers(self) -> None:
        """Writes down what apps acknowledged until cancelled; what comes while that is done makes the next lot."""
        while True:
            await self._answered.wait()
            await self._note_answers()

    async def _note_answers(self) -> None:
        self._answered.clear()
        answers, self._answers = self._answers, defaultdict(list)
        if not answers:
            return
        try:
            async with self._state.begin_system() as tx:
                asked: list[int] = []
                for app, own in sorted(answers.items()):
                    asked += await deliveries.acknowledge(tx, app, own, self._clock.now())
                if asked:
                    await notices.tell(tx, answered=asked)
        except Exception:
            for app, own in answers.items():
                self._answers[app] += own
            self._answered.set()
            raise
        self.ring([*answers])

    async def keep_alive(self) -> None:
        """Says that the sockets live, lets go of what they were late with, sends away who has been here long."""
        time = asyncio.get_running_loop().time()
        for line in self.lines:
            if time >= line.refresh_at:
                self._leave(line, "refresh_requested")
        async with self._state.begin_system() as tx:
            await store.keep_alive(tx, [line.id for line in self.lines])

    def forget_late(self) -> None:
        """Lets go of what was not acknowledged in time: it will be sent again, and there is room for more."""
        now = self._clock.now()
        self.ring([line.app for line in self.lines if line.forget_late(now)])


def _life() -> float:
    return _LIFE * random.uniform(0.7, 1.0)


def _hello(line: Line, number: int, host: str) -> str:
    return json.dumps(
        {
            "type": "hello",
            "num_connections": number,
            "debug_info": {"host": host, "build_number": 1, "approximate_connection_time": _LIFE},
            "connection_info": {"app_id": line.app},
        }
    )
