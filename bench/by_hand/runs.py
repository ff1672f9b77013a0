"""Calls to a webhook and the sink that its automation calls in the end, from a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import uvloop

SINK = 15590
_ID = re.compile(rb"[?&]id=([\w-]+)")
_OK = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}'
_PATIENCE = 20.0


@dataclass
class Driven:
    """What came of some calls. Times in seconds; `through` is from sending a call to the sink hearing of it."""

    sent: int
    refused: int
    arrived: int
    twice: int
    seconds: float
    acknowledged: list[float]
    through: list[float]


def drive(url: str, count: int, connections: int, a_second: float = 0.0, warm: int = 20) -> Driven:
    """Sends `count` calls over so many connections, as fast as they are answered or at a pace, and waits for what
    they cause."""
    return uvloop.run(_drive(url, count, connections, a_second, warm))


async def _drive(url: str, count: int, connections: int, a_second: float, warm: int) -> Driven:
    came: dict[str, float] = {}
    twice = 0

    class Sink(asyncio.Protocol):
        rest = b""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport: Any = transport

        def data_received(self, data: bytes) -> None:
            nonlocal twice
            self.rest += data
            while b"\r\n\r\n" in self.rest:
                head, _, self.rest = self.rest.partition(b"\r\n\r\n")
                found = _ID.search(head.split(b"\r\n", 1)[0])
                if found:
                    name = found[1].decode()
                    twice += name in came
                    came.setdefault(name, time.perf_counter())
                self.transport.write(_OK)

    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", SINK)
    key = os.urandom(3).hex()
    await _batch(url, f"w{key}", warm, min(2, connections), 0.0, came)
    twice = 0
    driven = await _batch(url, f"m{key}", count, connections, a_second, came)
    driven.twice = twice
    server.close()
    return driven


async def _batch(url: str, key: str, count: int, connections: int, a_second: float, came: dict[str, float]) -> Driven:
    place = urlsplit(url)
    loop, answered = asyncio.get_running_loop(), asyncio.Event()
    sent: dict[str, float] = {}
    acknowledged: dict[str, float] = {}
    refused = 0
    waiting = deque(range(count)) if not a_second else deque[int]()
    idle: deque[Caller] = deque()

    class Caller(asyncio.Protocol):
        name, answer = "", b""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport: Any = transport
            self.free()

        def free(self) -> None:
            if waiting:
                self.send(waiting.popleft())
            else:
                idle.append(self)

        def send(self, number: int, due: float | None = None) -> None:
            self.name = f"{key}-{number}"
            body = json.dumps({"id": self.name}).encode()
            sent[self.name] = due or time.perf_counter()
            self.transport.write(
                f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )

        def data_received(self, data: bytes) -> None:
            nonlocal refused
            self.answer += data
            head, gap, body = self.answer.partition(b"\r\n\r\n")
            low = head.lower()
            chunked = b"transfer-encoding: chunked" in low
            if not gap or (chunked and not body.endswith(b"0\r\n\r\n")):
                return
            if not chunked and len(body) < int(low.split(b"content-length:")[1].split(b"\r\n")[0]):
                return
            if head.split(b" ", 2)[1][:1] != b"2":
                refused += 1
            acknowledged[self.name] = time.perf_counter()
            self.answer = b""
            if len(acknowledged) == count:
                answered.set()
            self.free()

    began = time.perf_counter()
    for _ in range(min(connections, count)):
        await loop.create_connection(Caller, place.hostname, place.port)
    if a_second:
        for number in range(count):
            due = began + number / a_second
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            while not idle:  # noqa: ASYNC110  (a pace that is not kept is counted from when it was due)
                await asyncio.sleep(0.0005)
            idle.popleft().send(number, due)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(answered.wait(), _PATIENCE * 10)
    heard, quiet = -1, time.perf_counter()
    while (now := sum(name in came for name in sent)) < count - refused:
        if now != heard:
            heard, quiet = now, time.perf_counter()
        if time.perf_counter() - quiet > _PATIENCE:
            break
        await asyncio.sleep(0.02)
    arrived = [name for name in sent if name in came]
    last = max((came[name] for name in arrived), default=time.perf_counter())
    return Driven(
        count, refused, len(arrived), 0, last - began,
        [acknowledged[name] - sent[name] for name in acknowledged], [came[name] - sent[name] for name in arrived],
    )  # fmt: skip
