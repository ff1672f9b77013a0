"""Raw HTTP from a process of its own, so that the load costs next to nothing beside what it loads."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit


class Line(asyncio.Protocol):
    """A connection that is told what to send; `came` gets it with the body of each answer."""

    def __init__(self, came: Callable[[Line, bytes], None], ready: Callable[[Line], None]) -> None:
        self._came = came
        self._ready = ready
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self._ready(self)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, gap, body = self._answer.partition(b"\r\n\r\n")
        if not gap:
            return
        low = head.lower()
        if b"transfer-encoding: chunked" in low:
            whole = body.endswith(b"0\r\n\r\n")
        else:
            whole = len(body) >= int(low.split(b"content-length:")[1].split(b"\r\n")[0])
        if whole:
            assert head.startswith(b"HTTP/1.1 200"), self._answer[:2000]
            self._answer = b""
            self._came(self, body)

    def send(self, data: bytes) -> None:
        self.transport.write(data)


async def as_fast_as_answered(url: str, requests: Sequence[bytes], connections: int) -> float:
    """Seconds until all are answered."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    waiting, left = deque(requests), len(requests)

    def next_one(line: Line) -> None:
        if waiting:
            line.send(waiting.popleft())

    def came(line: Line, _: bytes) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()
        next_one(line)

    place = urlsplit(url)
    started = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: Line(came, next_one), place.hostname, place.port)
    await done.wait()
    return time.perf_counter() - started


async def at_a_pace(
    url: str, make: Callable[[int], bytes], count: int, a_second: float, connections: int, patience: float
) -> int:
    """Sends each when it is due, on whichever connection is free; gives up so long after the last was due.

    How many were sent and answered.
    """
    loop = asyncio.get_running_loop()
    idle: deque[Line] = deque()
    late: deque[int] = deque()
    answered, done = 0, asyncio.Event()

    def free(line: Line) -> None:
        if late:
            line.send(make(late.popleft()))
        else:
            idle.append(line)

    def came(line: Line, _: bytes) -> None:
        nonlocal answered
        answered += 1
        if answered == count:
            done.set()
        free(line)

    place = urlsplit(url)
    lines = [
        (await loop.create_connection(lambda: Line(came, free), place.hostname, place.port))[1]
        for _ in range(connections)
    ]
    began = loop.time()
    for number in range(count):
        if (ahead := began + number / a_second - loop.time()) > 0.001:
            await asyncio.sleep(ahead)
        if idle:
            idle.popleft().send(make(number))
        else:
            late.append(number)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), patience)
    for line in lines:
        line.transport.close()
    return answered


def request(method: str, url: str, path: str, token: str, body: Mapping[str, Any] | None = None) -> bytes:
    """An HTTP/1.1 request with a Bearer token and a JSON body."""
    data = b"" if body is None else json.dumps(body).encode()
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(data)}\r\n\r\n"
    ).encode() + data
