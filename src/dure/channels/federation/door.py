"""The door for other servers, below /federation/v1: each request is signed, bounded and taken once."""

from __future__ import annotations

import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from dure.channels.federation.api import Federation
from dure.channels.federation.model import CALLS_A_MINUTE, MOST_BYTES, PREFIX
from dure.channels.federation.refusals import WrongAddress
from dure.channels.files.api import Files
from dure.kernel.errors import Malformed, TooLarge, TooMany
from dure.web.routing import APIRouter

_PAIRINGS_A_MINUTE = 20
_PIECE = 4 << 20


class Rate:
    """At most so many calls a minute by whoever a call says that it is from, before anything of it is believed."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def count(self, who: str, most: int) -> None:
        now, calls = time.monotonic(), self._calls[who]
        while calls and calls[0] < now - 60:
            calls.popleft()
        if len(calls) >= most:
            raise TooMany(retry_after=max(1, int(60 - (now - calls[0]))))
        calls.append(now)
        if len(self._calls) > 10_000:
            for name in [name for name, held in self._calls.items() if not held or held[-1] < now - 60]:
                del self._calls[name]


def door(federation: Federation, files: Files) -> APIRouter:
    routes, rate = APIRouter(prefix=PREFIX, include_in_schema=False), Rate()

    def url(request: Request) -> str:
        """The request's target as this server names itself; another name is another server's."""
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{federation.address}{request.url.path}{query}"

    @routes.post("/pair", response_model=None)
    async def pair(request: Request) -> dict[str, Any]:
        rate.count(f"pair {request.client.host if request.client else ''}", _PAIRINGS_A_MINUTE)
        body = await _body(request)
        host = federation.address.partition("://")[2]
        if request.headers.get("host", "").lower() != host:
            raise WrongAddress(f"This server calls itself {federation.address}; enter that.", field="address")
        return await federation.introduced(_object(body), dict(request.headers), url(request), body)

    @routes.post("/deliver", response_model=None)
    async def deliver(request: Request) -> dict[str, Any]:
        rate.count(request.client.host if request.client else "", CALLS_A_MINUTE)
        body = await _body(request)
        got = await federation.delivered(_object(body), dict(request.headers), url(request), body)
        return {"received": got.n, "gap": got.gap, **({"lost": list(got.lost)} if got.lost else {})}

    @routes.get("/files/{id}", response_model=None)
    async def file(request: Request, id: str) -> Response:
        rate.count(request.client.host if request.client else "", CALLS_A_MINUTE)
        found = await federation.file_for(id, dict(request.headers), url(request))
        try:
            start, length = int(request.query_params.get("from", "0")), int(request.query_params.get("length", _PIECE))
        except ValueError as error:
            raise Malformed("`from` and `length` are numbers.") from error
        start, length = max(0, start), min(_PIECE, max(0, length))
        length = min(length, max(0, found.size - start))
        return StreamingResponse(files.content(found, start, length), media_type="application/octet-stream")

    return routes


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    stream: AsyncIterator[bytes] = request.stream()
    async for part in stream:
        size += len(part)
        if size > MOST_BYTES:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is a JSON object.") from error
    if not isinstance(told, dict):
        raise Malformed("The body is a JSON object.")
    return told
